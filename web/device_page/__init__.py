"""The technician's page on the device: it may ask and set, never read a secret."""
