"""The courier against a working second portal and a working second authenticator."""
