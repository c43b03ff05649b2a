"""For which machine a package is built. Names are Debian's and pip's own; nothing here runs on that machine."""

from __future__ import annotations

from dataclasses import dataclass

GLIBCS = (17, 24, 26, 27, 28, 31)
"""Minor versions of glibc 2 whose wheels run on Debian 12 (2.36) and 13 (2.41)."""

MACHINES = {"arm64": "aarch64", "amd64": "x86_64"}
PYTHONS = {"bookworm": "3.11", "trixie": "3.13"}


@dataclass(frozen=True, slots=True)
class Target:
    """A Debian release and architecture; `python` is the release's own version, as "3.13"."""

    suite: str
    architecture: str

    @property
    def python(self) -> str:
        """The Python of this release."""
        return PYTHONS[self.suite]

    @property
    def python_after(self) -> str:
        """The first Python for which this package is not."""
        major, minor = self.python.split(".")
        return f"{major}.{int(minor) + 1}"

    def pip_words(self) -> tuple[str, ...]:
        """What pip must be told to choose wheels for this machine instead of the one it runs on."""
        machine = MACHINES[self.architecture]
        tags = (f"manylinux_2_{minor}_{machine}" for minor in GLIBCS)
        named = (
            word for tag in (*tags, f"manylinux2014_{machine}") for word in ("--platform", tag)
        )
        return (*named, "--python-version", self.python, "--implementation", "cp")
