"""`python -m firmware_tools.drawings`: draw the docs' pictures anew from the profiles and the tests' frames."""

from __future__ import annotations

import sys
from pathlib import Path

from PIL import Image

from appliance.wire.config_disk import read_board
from firmware_tools.bench import label
from firmware_tools.drawings import staff_card, wiring

ROOT = Path(__file__).resolve().parents[2]
PICTURES = ROOT / "docs" / "pictures"
COLOURS = 32  # the edges of letters stay soft; a third of the size of all colours
EXAMPLE = ("DT-F35R37WY", "token-37wy", "JBQP3PP3PKLRJN7ODSFU6G3HSF767UGMKBNTOXJAKLHJDZIJZWVQ")


def main() -> int:
    """Draw them all."""
    (PICTURES / "wiring").mkdir(parents=True, exist_ok=True)
    for profile in sorted((ROOT / "config" / "profiles").glob("*.toml")):
        if profile.stem != "simulated":
            drawn = wiring.draw(read_board(profile))
            (PICTURES / "wiring" / f"{profile.stem}.svg").write_text(drawn, encoding="utf-8")
    card = staff_card.draw(ROOT / "tests" / "frames")
    small = card.resize((card.width // 2, card.height // 2))
    few = small.quantize(COLOURS, dither=Image.Dither.NONE)
    few.save(PICTURES / "staff-card.png", optimize=True)
    dates = {"creationDate": None, "modDate": None}
    card.save(ROOT / "docs" / "staff-card-nl.pdf", "PDF", resolution=staff_card.DOTS, **dates)
    label.draw(*EXAMPLE).save(PICTURES / "label.png", dpi=(label.DOTS, label.DOTS))
    sys.stdout.write(f"pictures in {PICTURES}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
