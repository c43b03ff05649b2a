"""The outside world behind small Protocols, each in a real and a simulated form."""
