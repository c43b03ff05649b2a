"""Process 4: serial line to control socket, for provisioning."""
