"""One row of the bench: our figure and a peer's, measured in the same run, and whether the goal is met."""

from __future__ import annotations

import re
from collections.abc import Mapping

Row = dict[str, float | str]
GOAL = re.compile(r"^(ours )?(<=|>=|<|>|=) ([0-9.]+)")


def row(ours: float, peer: float, goal: str, unit: str) -> Row:
    """A row; a goal is held against the ratio, or against our figure when it says "ours"."""
    ratio = round(ours / peer, 4) if peer else 0.0
    return {
        "ours": round(ours, 3), "peer": round(peer, 3), "ratio": ratio, "goal": goal, "unit": unit,
    }  # fmt: skip


def met(one: Row) -> bool | None:
    """Whether the goal is met; None for a goal that is only words."""
    said = GOAL.match(str(one["goal"]))
    if said is None:
        return None
    value, limit = float(one["ours" if said[1] else "ratio"]), float(said[3])
    return {
        "<=": value <= limit, ">=": value >= limit, "<": value < limit, ">": value > limit, "=": value == limit,
    }[said[2]]  # fmt: skip


def written(rows: Mapping[str, Row]) -> str:
    """The table for people."""
    wide = max((len(name) for name in rows), default=0)
    lines = [f"{'':{wide}}  {'ours':>11} {'peer':>11} {'ratio':>8}  goal"]
    for name, one in rows.items():
        mark = {True: "met", False: "NOT MET", None: ""}[met(one)]
        lines.append(
            f"{name:{wide}}  {one['ours']:>11} {one['peer']:>11} {one['ratio']:>8}"
            f"  {one['goal']}, {one['unit']}  {mark}"
        )
    return "\n".join((*lines, ""))
