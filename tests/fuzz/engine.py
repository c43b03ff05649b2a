"""One target in one process: atheris guides the search where it is installed, our own small fuzzer elsewhere.

Both end with exit code 77 and the input kept when a law was broken, and both say how many inputs they tried.
"""

from __future__ import annotations

import os
import sys
import tempfile
import traceback
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

from tests.fuzz import mutation, plants
from tests.fuzz.replay import origin
from tests.fuzz.target import Law, Target

BROKEN = 77
EXECUTIONS = "stat::number_of_executed_units:"
ATHERIS, BUILT_IN = "atheris", "built-in"


@dataclass(frozen=True, slots=True)
class Job:
    """What one process does: a target, for so many seconds; `planted` searches the spoiled copy from plain seeds."""

    target: Target
    seconds: float
    kept: Path
    broken: Path
    planted: bool = False

    @property
    def seeds(self) -> list[Path]:
        """The files to begin with."""
        pattern = "plain*" if self.planted else "*"
        return sorted(self.target.seeds.glob(pattern))


def available() -> str:
    """The engine that this machine has."""
    return ATHERIS if find_spec(ATHERIS) else BUILT_IN


def run(job: Job, engine: str) -> None:
    """Search until the time is over or the law is broken. Does not return: the exit code tells."""
    job.kept.mkdir(parents=True, exist_ok=True)
    job.broken.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="fuzz-") as name:
        folder = Path(name)
        copy = plants.copied(job.target, folder) if job.planted else None
        with plants.importable(folder):
            if engine == ATHERIS:
                _with_atheris(job, folder, copy)
            else:
                _built_in(job, folder, copy)


def _with_atheris(job: Job, folder: Path, copy: str | None) -> None:
    import atheris  # type: ignore[import-untyped,unused-ignore]

    guiding = [copy or job.target.parser, *job.target.below]
    with atheris.instrument_imports(include=guiding, enable_loader_override=False):
        parser = import_module(copy or job.target.parser)
    law = job.target.load(parser)
    start = folder / "start"
    start.mkdir()
    for seed in job.seeds:
        (start / seed.name).write_bytes(seed.read_bytes())
    words = folder / "words"
    words.write_text("".join(f'"{_escaped(word)}"\n' for word in _words(job.target)))
    folders = [str(start)] if job.planted else [str(job.kept), str(start)]
    atheris.Setup(
        [
            f"fuzz {job.target.name}",
            f"-max_total_time={int(job.seconds)}",
            f"-artifact_prefix={job.broken}/",
            f"-dict={words}",
            "-max_len=4096",
            "-len_control=0",
            "-reduce_inputs=0",
            "-timeout=10",
            "-rss_limit_mb=1500",
            "-print_final_stats=1",
            *folders,
        ],
        lambda untrusted: law(bytes(untrusted)),
    )
    atheris.Fuzz()


def _built_in(job: Job, folder: Path, copy: str | None) -> None:
    parser = import_module(copy) if copy else None
    place = str(folder / f"{copy}.py") if copy else origin(job.target.parser)
    law: Law = job.target.load(parser)
    seeds = [seed.read_bytes() for seed in job.seeds]
    found = mutation.search(law, seeds, _words(job.target), place, job.seconds)
    for number, kept in enumerate(found.kept):
        (job.kept / f"found-{os.getpid()}-{number}").write_bytes(kept)
    sys.stderr.write(f"{EXECUTIONS} {found.executions}\n")
    if found.broken is not None:
        (job.broken / f"crash-{os.getpid()}").write_bytes(found.input)
        sys.stderr.write("".join(traceback.format_exception(found.broken)))
    sys.stderr.flush()
    os._exit(BROKEN if found.broken else 0)


def _words(target: Target) -> list[bytes]:
    source = Path(origin(target.parser)).read_text(encoding="utf-8")
    return [*mutation.words_of(source), *mutation.NUMBERS, *mutation.SIGNS]


def _escaped(word: bytes) -> str:
    """A word as a libFuzzer dictionary has it."""
    return "".join(f"\\x{byte:02x}" for byte in word)
