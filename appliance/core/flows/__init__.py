"""The stories of the device, one file each: its modes, its step and its view."""
