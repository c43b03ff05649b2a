"""The steward, on a bus of its own."""
