"""The pages inside the door, one file each."""
