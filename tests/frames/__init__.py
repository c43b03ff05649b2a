"""The golden frames: every screen in both languages as plain text, so that a change of a pixel shows in a diff."""
