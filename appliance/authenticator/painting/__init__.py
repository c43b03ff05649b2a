"""From words to pixels: fonts, a one-bit canvas and a layout for each kind of body. Only the painter imports it.

Nothing here reads a clock, a file after the fonts are loaded, or a secret: it sees what a person will see.
"""
