"""Every wire of the house, defined once for both of its ends."""
