"""An update as the panel knows it: asked for, on its way, ended. It carries versions and never a file."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Phase(StrEnum):
    """Where an installation is, as far as the person at the panel cares."""

    INSTALLING = "installing"
    RESTARTING = "restarting"
    TRYING = "trying"


@dataclass(frozen=True, slots=True)
class UpdateAsked:
    """The page asks to install this version, or (`back`) to return to it."""

    version: str
    back: bool = False


@dataclass(frozen=True, slots=True)
class UpdateMoved:
    """An installation goes on; `percent` of it is done."""

    phase: Phase
    percent: int


@dataclass(frozen=True, slots=True)
class UpdateEnded:
    """An installation is over: this version runs now, or (`failed`) the one before does."""

    version: str
    failed: bool = False


@dataclass(frozen=True, slots=True)
class InstallUpdate:
    """Effect: the person held, so do what was asked. Answer: UpdateMoved…, then UpdateEnded."""


@dataclass(frozen=True, slots=True)
class LeaveUpdate:
    """Effect: nobody held in time, or somebody said no; forget what was asked."""
