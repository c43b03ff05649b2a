"""`python -m tests.frames` paints every golden frame anew, with the two pictures for people, and the table of steps."""

from __future__ import annotations

import sys

from tests.core.steps import TABLE, table
from tests.frames.pictures import FOLDER, write_all

if __name__ == "__main__":
    sys.stdout.write(f"{write_all()} frames in {FOLDER}\n")
    TABLE.write_text(table())
