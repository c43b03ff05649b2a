"""Process 3: the network; it carries signed letters and holds no secret."""
