"""The scanner on what nothing was tuned on: scenes of the second camera model, and frames that hold no code.

`python -m tests.bench.scan_unseen --seed 7100 --scenes 30 --frames 10000` prints hits by kind beside both decoders,
and every text that was read wrongly or where there is none; the exit code is 1 when there is one.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Iterator
from statistics import median

import numpy as np

from appliance.scanner.budget import Budget
from appliance.scanner.picture import PATIENT, Decoder
from appliance.scanner.stream import Stream
from tests.bench import camera_model, empty_frames
from tests.bench.scan import one_picture, pyzbar_alone, zxing_alone

EVERY = 20  # of so many empty frames one is also given to the one-picture call, with all its rungs


def main(given: list[str] | None = None) -> int:
    """Print both tables."""
    options = _options().parse_args(given)
    wrong = scenes(Decoder(), options.seed, options.scenes)
    wrong += empties(Decoder(), options.seed, options.frames)
    sys.stdout.write(f"wrong or false texts: {wrong}\n")
    return int(wrong > 0)


def _options() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.scan_unseen")
    parser.add_argument("--seed", type=int, default=7100)
    parser.add_argument("--scenes", type=int, default=30, help="of each kind")
    parser.add_argument("--frames", type=int, default=10_000, help="without a code, of all kinds")
    return parser


def scenes(decoder: Decoder, seed: int, count: int) -> int:
    """Hits of each reader on each kind; gives how many texts of ours were wrong."""
    readers = {"ours": one_picture(decoder), "zxing": zxing_alone, "pyzbar": pyzbar_alone}
    total, wrong, times = dict.fromkeys(readers, 0), 0, dict[str, list[float]]()
    for kind in camera_model.KINDS:
        hits = dict.fromkeys(readers, 0)
        for shot in (camera_model.shot(kind, seed + number) for number in range(count)):
            for name, read in readers.items():
                began = time.thread_time()
                texts = read(shot.grey)
                took = time.thread_time() - began
                hits[name] += shot.text in texts
                wrong += name == "ours" and bool(texts) and shot.text not in texts
                if shot.text in texts:
                    times.setdefault(name, []).append(took * 1000)
        for name, hit in hits.items():
            total[name] += hit
        _say(kind, hits, count)
    _say("all", total, count * len(camera_model.KINDS))
    medians = ", ".join(f"{name} {median(took):.2f}" for name, took in times.items() if took)
    sys.stdout.write(f"median milliseconds of a hit: {medians}\n")
    return wrong


def _say(kind: str, hits: dict[str, int], count: int) -> None:
    words = "  ".join(f"{name} {hit:4d}" for name, hit in hits.items())
    sys.stdout.write(f"{kind:12} {words}  of {count}\n")


def empties(decoder: Decoder, seed: int, count: int) -> int:
    """Every frame through a stream, some through all rungs; gives how many texts were read."""
    streams = {kind: Stream(decoder) for kind in empty_frames.KINDS}
    false, began = 0, time.thread_time()
    for number, (kind, grey) in enumerate(_empties(seed, count)):
        reading = streams[kind].see(grey).reading
        if reading is None and number % EVERY == 0:
            reading = decoder.read_picture(grey, Budget.of(PATIENT, time.thread_time))
        if reading is not None:
            false += 1
            sys.stdout.write(f"false: {kind}, frame {number}, {reading.rung}, {reading.text!r}\n")
    spent = (time.thread_time() - began) * 1000 / max(count, 1)
    sys.stdout.write(f"{count} frames without a code, {spent:.1f} ms each with their drawing\n")
    return false


def _empties(seed: int, count: int) -> Iterator[tuple[str, np.ndarray]]:
    kinds = list(empty_frames.KINDS.items())
    for number in range(count):
        kind, draw = kinds[number % len(kinds)]
        yield kind, draw(np.random.default_rng([seed, number]))


if __name__ == "__main__":
    sys.exit(main())
