"""The porter: its certificate and its relay."""
