"""`make tour`: live the whole story once, print each step with its time, leave pictures, and fail if a step fails."""

from __future__ import annotations

import shutil
import sys
import time
from functools import partial
from pathlib import Path

from playwright.sync_api import Error as BrowserError

from tests.story.house import DISPLAY, NAME, PASSWORD, PHONE, add_person, service_desk
from tests.tour.hands import Hands, NotSeen
from tests.tour.page import Portal, browser
from tests.tour.servers import BIN, serving
from tests.tour.story import STORY, Stage, steps


def tour(folder: Path) -> list[str]:
    """Play the story with everything in this folder; gives the line of each step. Raises what a failed step raises."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    portal_data, token_data = folder / "portal", folder / "token"
    add_person(portal_data, NAME, DISPLAY, PHONE, PASSWORD)
    portal = serving(str(BIN / "desk-portal"), "serve", "--data", str(portal_data), "--port", "0")
    token = serving(str(BIN / "desk-token"), "bench", "--data", str(token_data), "--port", "0")
    with portal as portal_server, token as token_server, browser() as page:
        hands, at_portal = Hands(token_server.url), Portal(page, portal_server.url)
        desk = partial(service_desk, portal_data)
        stage = Stage(hands, at_portal, portal_server, NAME, PASSWORD, desk=desk)
        return [_play(number, stage, folder) for number, _ in steps()]


def _play(number: int, stage: Stage, folder: Path) -> str:
    words, act = STORY[number - 1]
    stage.told = ""
    began = time.monotonic()
    try:
        act(stage)
        took = time.monotonic() - began
    finally:
        _pictures(number, stage, folder)
    line = f"{number:2}  {took:6.2f} s  {words}" + (f"  ({stage.told})" if stage.told else "")
    print(line, flush=True)
    return line


def _pictures(number: int, stage: Stage, folder: Path) -> None:
    (folder / f"{number:02}-panel.png").write_bytes(stage.hands.picture())
    stage.portal.page.screenshot(path=folder / f"{number:02}-page.png")


def main() -> int:
    """Print the tour; 1 if a step failed."""
    began = time.monotonic()
    try:
        folder = Path(sys.argv[1] if len(sys.argv) > 1 else "build/tour")
        lines = tour(folder)
    except (NotSeen, BrowserError, RuntimeError) as failed:
        print(f"tour: a step failed: {failed}", file=sys.stderr)
        return 1
    print(f"tour: {len(lines)} steps in {time.monotonic() - began:.0f} s, pictures in {folder}/")
    return 0


if __name__ == "__main__":
    sys.exit(main())
