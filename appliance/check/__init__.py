"""`desk-token check`: what is wrong with this device, and the cure, for the technician who stands before it."""
