"""What the phone app it replaces does, row by row, and the tests that show that the token does it too."""
