"""The painter: every word in its place, every pixel where it was."""
