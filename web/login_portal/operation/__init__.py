"""Running the portal as a service: figures, health, retention, backup and restore, a check that names what fails."""
