"""Process 1: the only one that sees secrets, panel and buttons; it has no network."""
