"""The serial line on a real pty, with a working second authenticator behind it."""
