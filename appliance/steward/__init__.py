"""The steward speaks to the system bus: network, clock and power. It has no network of its own and keeps no secret."""
