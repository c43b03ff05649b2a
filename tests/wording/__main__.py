"""Brings the Dutch catalogue up to date: `python -m tests.wording [OTHER.po …]` keeps what is translated, adds
what the sources say now, takes over what the other catalogues say better, drops the rest and compiles it; click's too.
"""

from __future__ import annotations

import sys
from pathlib import Path

from appliance.wording import catalogue_file
from tests.wording.sources import (
    click_compiled,
    click_file,
    compiled,
    read_catalogue,
    sentences,
    words_of,
    written,
)


def main(others: list[str]) -> int:
    """Write the catalogue; the exit code says whether a sentence still lacks its Dutch twin."""
    text, binary = catalogue_file("nl", "po"), catalogue_file("nl", "mo")
    known: dict[str, str] = {}
    for file in [text, *map(Path, others)]:
        known |= words_of(read_catalogue(file)) if file.exists() else {}
    words = {said: known.get(said, "") for said, _file in sentences()}
    text.write_bytes(written(words))
    binary.write_bytes(compiled(words))
    click_file("mo").write_bytes(click_compiled())
    missing = sorted(english for english, dutch in words.items() if not dutch)
    sys.stdout.writelines(f"{english}\n" for english in missing)
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
