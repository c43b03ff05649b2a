"""The device: its rules, its hardware, and the processes that run on it."""
