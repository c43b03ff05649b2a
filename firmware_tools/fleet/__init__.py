"""Many devices at once: what they run, a setting for all of them, and whether their audit logs hold together."""
