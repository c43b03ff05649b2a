"""Applications that sign in through the portal."""
