"""Builds the Debian package of the device: its environment as one slot, its units, its configuration."""
