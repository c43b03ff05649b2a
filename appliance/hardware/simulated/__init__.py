"""The simulated half of the hardware, and the world around it that the bench moves by hand."""
