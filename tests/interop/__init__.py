"""The real privacyIDEA 3.14, unmodified, as a peer: its own environment, started once, driven through its own API."""
