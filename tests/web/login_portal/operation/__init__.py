"""Running the portal: backup and restore, check, figures, health, retention."""
