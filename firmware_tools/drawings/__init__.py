"""The pictures of the docs, drawn from what the device itself is made from: `python -m firmware_tools.drawings`."""
