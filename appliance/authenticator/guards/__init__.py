"""What keeps the secret that wraps the vault's data key: one file a kind of protection, best first in `choice`."""
