"""The pages: on the device, at the sign-in portal, and around the virtual token."""
