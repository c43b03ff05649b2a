"""A virtual token in the browser: panel, buttons, light and camera for demo and tests."""
