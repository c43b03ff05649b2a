"""`desk-token-scan --json PICTURE…`: one JSON line a picture, the decoder loaded once for all of them.

A picture that is broken or missing is a null line and a sentence on stderr; the others are still read. Exit code 0
with --json whatever was read; without it 1 when a picture gave no text; 2 when called wrongly.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import click

from appliance.scanner.budget import Budget
from appliance.scanner.images import NotAPicture, picture_at
from appliance.scanner.picture import BUDGET, Decoder


@click.command(name="desk-token-scan")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line, also for nothing.")
@click.argument("pictures", nargs=-1, required=True, metavar="PICTURE…")
def main(pictures: Sequence[str], *, as_json: bool) -> None:
    """Read the QR code in each PICTURE (PNG, JPEG or WebP)."""
    decoder = Decoder()
    missing = False
    for name in pictures:
        text, took = _read(decoder, name)
        missing = missing or text is None
        if as_json:
            line = {"file": _printable(name), "text": text, "ms": round(took * 1000, 3)}
            _say(json.dumps(line, ensure_ascii=False))
        elif text is not None:
            _say(text)
    sys.exit(1 if missing and not as_json else 0)


def _printable(name: str) -> str:
    """The name as text: bytes of it that are no UTF-8 become a mark, for JSON has no place for them."""
    return name.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def _say(line: str) -> None:
    """One line of UTF-8, whatever the terminal's own alphabet is."""
    click.echo(line.encode("utf-8", "replace"))


def _read(decoder: Decoder, name: str) -> tuple[str | None, float]:
    """The text, and the seconds of decoding (without reading the file)."""
    try:
        grey = picture_at(Path(name))
    except NotAPicture as refused:
        click.echo(f"{_printable(name)}: {refused}", err=True)
        return None, 0.0
    began = time.perf_counter()
    # the budget counts this thread's own time, so a busy machine does not cost readings
    reading = decoder.read_picture(grey, Budget.of(BUDGET, time.thread_time))
    took = time.perf_counter() - began
    return (reading.text if reading is not None else None), took


if __name__ == "__main__":
    main()
