"""The wiring of one board as a picture: the header with its pins, and at each used pin what hangs on it. Pure, SVG.

The same profile always gives the same bytes, so a test can hold the pictures of the docs to the profiles.
"""

from __future__ import annotations

from html import escape

from appliance.wire.boards import Board
from firmware_tools.drawings.header import Wire, name_of, wires

WIDTH, ROW, TOP = 760, 30, 96
LEFT, RIGHT = 352, 408
FONT = 'font-family="DejaVu Sans, Arial, sans-serif"'
BLOCK = f'height="{20 * ROW + 12}" rx="8" fill="#e9ecef" stroke="#495057"'
COLOURS = {"panel": "#1d5fbf", "key": "#b8470b", "light": "#8a6d00", "buzzer": "#6b3fa0"}
DASHES = {"panel": "", "key": "8 3", "light": "2 3", "buzzer": "10 3 2 3"}
WORDS = {
    "panel": "panel",
    "key": "key to GND",
    "light": "LED by 330 Ω to GND",
    "buzzer": "buzzer to GND",
}


def draw(board: Board) -> str:
    """The picture. Each kind of wire has a dash of its own beside its colour, for those who do not see colours."""
    by_pin: dict[int, list[Wire]] = {}
    for wire in wires(board):
        by_pin.setdefault(wire.pin, []).append(wire)
    height = TOP + 20 * ROW + 70
    display = board.display
    about = f"{display.driver.upper()}, {display.width} × {display.height}, {display.bus.upper()}"
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" {FONT}>',
        f'<rect width="{WIDTH}" height="{height}" fill="#ffffff"/>',
        _text(WIDTH // 2, 34, board.name, 22, weight="bold"),
        _text(WIDTH // 2, 60, f"{about} · the header seen from above, USB ports below", 14),
        f'<rect x="{LEFT - 24}" y="{TOP - 20}" width="{RIGHT - LEFT + 48}" {BLOCK}/>',
    ]
    for pin in range(1, 41):
        parts += _pin(pin, by_pin.get(pin, []))
    parts += _legend(board, height - 34)
    return "\n".join([*parts, "</svg>", ""])


def _pin(pin: int, at: list[Wire]) -> list[str]:
    y, left = TOP + (pin - 1) // 2 * ROW, pin % 2 == 1
    x, away = (LEFT, -1) if left else (RIGHT, 1)
    shape = "rect" if pin == 1 else "circle"
    fill = COLOURS[at[0].what] if at else "#ffffff"
    ink = "#ffffff" if at else "#212529"
    where = (
        f'x="{x - 11}" y="{y - 11}" width="22" height="22"'
        if pin == 1
        else f'cx="{x}" cy="{y}" r="11"'
    )
    drawn = [
        f'<{shape} {where} fill="{fill}" stroke="#212529"/>',
        _text(x, y + 4, str(pin), 11, fill=ink),
    ]
    if not at:
        return drawn
    end = x + away * 96
    what = at[0].what
    dash = f' stroke-dasharray="{DASHES[what]}"' if DASHES[what] else ""
    drawn.append(
        f'<line x1="{x + away * 12}" y1="{y}" x2="{end}" y2="{y}" stroke="{COLOURS[what]}" '
        f'stroke-width="3"{dash}/>'
    )
    words = f"{' + '.join(wire.end for wire in at)} ({WORDS[what]})"
    drawn.append(_text(end + away * 8, y - 1, words, 14, "end" if left else "start", "bold"))
    drawn.append(_text(end + away * 8, y + 12, name_of(pin), 11, "end" if left else "start"))
    return drawn


def _legend(board: Board, y: int) -> list[str]:
    kinds = dict.fromkeys(wire.what for wire in wires(board))
    drawn, x = [], 40
    for kind in kinds:
        dash = f' stroke-dasharray="{DASHES[kind]}"' if DASHES[kind] else ""
        drawn.append(
            f'<line x1="{x}" y1="{y}" x2="{x + 46}" y2="{y}" stroke="{COLOURS[kind]}" stroke-width="3"{dash}/>'
        )
        drawn.append(_text(x + 54, y + 5, WORDS[kind], 13, "start"))
        x += 80 + 9 * len(WORDS[kind])
    return drawn


def _text(
    x: int,
    y: int,
    words: str,
    size: int,
    anchor: str = "middle",
    weight: str = "normal",
    fill: str = "#212529",
) -> str:
    return (
        f'<text x="{x}" y="{y}" font-size="{size}" font-weight="{weight}" text-anchor="{anchor}" '
        f'fill="{fill}">{escape(words)}</text>'
    )
