"""`python -m tests.frames` paints every golden frame anew, with the contact sheet and the picture of the panel."""

from __future__ import annotations

import sys

from tests.frames.pictures import FOLDER, write_all

if __name__ == "__main__":
    sys.stdout.write(f"{write_all()} frames in {FOLDER}\n")
