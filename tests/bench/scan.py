"""The scanner against the decoders it is made of, side by side in one run: hits, wrong texts, times, memory.

On the photographs of DESK_TOKEN_CORPUS, or of a folder `shared/qr-corpus` beside the checkout, when there is one;
else on scenes drawn here. Every decoder works on one thread, and its own processor time is what is counted, so that
a busy machine does not judge. `python -m tests.bench.scan` prints the rows, and what each rung wins.
"""

from __future__ import annotations

import json
import statistics
import sys
import time
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np
import zxingcpp
from pyzbar import pyzbar

from appliance.scanner.budget import Budget
from appliance.scanner.picture import BUDGET, Decoder
from appliance.scanner.reading import Grey
from appliance.scanner.stream import Stream
from tests.bench.memory_of import resident_above
from tests.bench.scan_samples import DRAWN, NO_CODE, PHOTOS, Sample, samples
from tests.bench.scan_sequences import TEN, added_up, needed

Row = dict[str, float | str]
Read = Callable[[Grey], list[str]]
SEQUENCE = 24  # frames: two seconds
# goals are shares of the best single decoder's hits on pictures nobody tuned on: 139 of 123, 126 of 118
GOALS = {PHOTOS: 139 / 123, DRAWN: 126 / 118}


@dataclass(slots=True)
class Score:
    """How one decoder did on one kind of picture; times in milliseconds."""

    hits: int = 0
    wrong: int = 0
    times: list[float] = field(default_factory=list)
    hit_times: list[float] = field(default_factory=list)
    by_place: dict[int, float] = field(default_factory=dict)

    def note(self, sample: Sample, texts: list[str], took: float) -> None:
        place = len(self.times)
        self.times.append(took)
        if sample.empty:
            self.wrong += bool(texts)
        elif sample.hit(texts):
            self.hits += 1
            self.hit_times.append(took)
            self.by_place[place] = took
        else:
            self.wrong += bool(texts)


def pyzbar_alone(grey: Grey) -> list[str]:
    height, width = grey.shape
    found = pyzbar.decode((grey.tobytes(), width, height), symbols=[pyzbar.ZBarSymbol.QRCODE])
    return [code.data.decode("utf-8", "replace") for code in found]


def zxing_alone(grey: Grey) -> list[str]:
    found = zxingcpp.read_barcodes(
        grey,
        formats=zxingcpp.BarcodeFormats([zxingcpp.BarcodeFormat.QRCode]),
        text_mode=zxingcpp.TextMode.Plain,
    )
    return [code.text for code in found]


def one_picture(decoder: Decoder) -> Read:
    def read(grey: Grey) -> list[str]:
        reading = decoder.read_picture(grey, Budget.of(BUDGET, time.thread_time))
        return [reading.text] if reading is not None else []

    return read


def wins(decoder: Decoder, pictures: list[Sample]) -> Counter[str]:
    """How many pictures each rung reads, by kind."""
    won: Counter[str] = Counter()
    for sample in pictures:
        reading = decoder.read_picture(sample.grey, Budget.of(BUDGET, time.thread_time))
        if reading is not None:
            won[f"{sample.kind}: {reading.rung}"] += 1
    return won


def measured(readers: Mapping[str, Read], pictures: list[Sample]) -> dict[str, dict[str, Score]]:
    """Each reader on each picture, in an order that turns, so that nobody always finds the pixels warm."""
    scores = {name: {kind: Score() for kind in (PHOTOS, DRAWN, NO_CODE)} for name in readers}
    for read in readers.values():
        read(pictures[0].grey)
    names = list(readers)
    for turn, sample in enumerate(pictures):
        for place in range(len(names)):
            name = names[(turn + place) % len(names)]
            texts, took = _best(readers[name], sample.grey)
            scores[name][sample.kind].note(sample, texts, took)
    return scores


def _best(read: Read, grey: Grey) -> tuple[list[str], float]:
    """The texts, and the least milliseconds of three tries: the others measured the machine's other work."""
    texts, times = list[str](), list[float]()
    for _ in range(3):
        began = time.thread_time()
        texts = read(grey)
        times.append((time.thread_time() - began) * 1000)
    return texts, min(times)


def stream_read(decoder: Decoder, sample: Sample) -> tuple[bool, bool, float]:
    """Whether a still picture is read within some frames, wrongly or not, and the mean milliseconds a frame."""
    stream, spent = Stream(decoder), 0.0
    for count in range(1, SEQUENCE + 1):
        began = time.thread_time()
        reading = stream.see(sample.grey).reading
        spent += (time.thread_time() - began) * 1000
        if reading is not None:
            good = not sample.empty and sample.hit([reading.text])
            return good, not good, spent / count
    return False, False, spent / SEQUENCE


def row(ours: float, peer: float, goal: str, unit: str) -> Row:
    """One line of the bench's table."""
    return {
        "ours": round(ours, 3),
        "peer": round(peer, 3),
        "ratio": round(ours / peer, 3) if peer else 0.0,
        "goal": goal,
        "unit": unit,
    }


def rows() -> dict[str, Row]:
    """The scanner's rows for the bench."""
    decoder, pictures = Decoder(), samples()
    readers = {
        "ours": one_picture(decoder),
        "zxing": zxing_alone,
        "pyzbar": pyzbar_alone,
    }
    scores = measured(readers, pictures)
    table: dict[str, Row] = {}
    for kind in (PHOTOS, DRAWN):
        if any(sample.kind == kind for sample in pictures):
            table |= _kind_rows(kind, {name: scores[name][kind] for name in scores}, pictures)
            table |= _stream_rows(kind, decoder, pictures, scores["zxing"][kind].hits)
    return table | _other_rows(scores, decoder, pictures) | _sequence_rows(decoder)


def _kind_rows(kind: str, scores: dict[str, Score], pictures: list[Sample]) -> dict[str, Row]:
    ours, zxing, zbar = scores["ours"], scores["zxing"], scores["pyzbar"]
    count = sum(sample.kind == kind for sample in pictures)
    goal = f">= {GOALS[kind]:.3f} times zxing-cpp, of {count}"
    hits, slow = f"scan {kind} hits", f"scan {kind} 95th percentile"
    both = [time for place, time in ours.by_place.items() if place in zxing.by_place]
    theirs = [time for place, time in zxing.by_place.items() if place in ours.by_place]
    return {
        f"scan {kind} median where both read": row(
            statistics.median(both), statistics.median(theirs), "<= 1.15", "ms"
        ),
        hits: row(ours.hits, zxing.hits, goal, "pictures"),
        f"{hits}, peer pyzbar": row(ours.hits, zbar.hits, "> 1", "pictures"),
        f"scan {kind} median of a hit": row(
            statistics.median(ours.hit_times), statistics.median(zxing.hit_times), "<= 1.15", "ms"
        ),
        slow: row(_late(ours.times), _late(zxing.times), "ours <= 25", "ms"),
    }


def _stream_rows(kind: str, decoder: Decoder, pictures: list[Sample], peer: int) -> dict[str, Row]:
    seen = [stream_read(decoder, sample) for sample in pictures if sample.kind == kind]
    hits = sum(good for good, _, _ in seen)
    name = f"scan {kind} hits of the stream in {SEQUENCE} frames"
    return {name: row(hits, peer, "> 1", "pictures")}


def _other_rows(
    scores: dict[str, dict[str, Score]], decoder: Decoder, pictures: list[Sample]
) -> dict[str, Row]:
    idle = [stream_read(decoder, sample) for sample in pictures if sample.empty]
    wrong = {name: sum(score.wrong for score in kinds.values()) for name, kinds in scores.items()}
    wrong["ours"] += sum(bad for _, bad, _ in idle)
    zxing = statistics.mean(scores["zxing"][NO_CODE].times)
    frame = statistics.mean(took for _, _, took in idle)
    memory = resident_above("numpy, PIL.Image", "appliance.scanner.picture")
    return {
        "scan wrong or false texts": row(wrong["ours"], wrong["zxing"], "ours = 0", "pictures"),
        "scan frame without a code": row(frame, zxing, "ours <= 3", "ms"),
        "scan memory above numpy and Pillow": row(memory, 10.0, "ours <= 10", "MiB"),
    }


def _sequence_rows(decoder: Decoder) -> dict[str, Row]:
    """Ten jittered sequences of hard scenes against each single decoder, and against ourselves without adding up."""
    seen = needed(decoder)
    ours = seen.pop("ours")
    table: dict[str, Row] = {}
    for name, peer in seen.items():
        what = f"scan ten hard sequences, peer {name}"
        table[f"{what}: read"] = row(ours.read, peer.read, f"ours >= {peer.read}", "sequences")
        table[f"{what}: frames until read"] = row(ours.mean, peer.mean, "<= 1", "frames")
    grainy = added_up(decoder)
    ours, alone = grainy["ours"], grainy["without adding up"]
    name = "scan sixteen dense codes in the grain, peer without adding up: read"
    return table | {name: row(ours.read, alone.read, f"ours > {alone.read}", "sequences")}


def _late(times: list[float]) -> float:
    return float(np.percentile(times, 95))


def main() -> None:
    sys.stdout.write(json.dumps(rows(), indent=1) + "\n")
    names = ", ".join(scene.name for scene in TEN)
    sys.stdout.write(f"frames until read: {names}\n")
    for reader, counts in needed(Decoder()).items():
        sys.stdout.write(f"{reader:>18}: {counts.frames}\n")
    for rung, count in wins(Decoder(), samples()).most_common():
        sys.stdout.write(f"{count:5d}  {rung}\n")


if __name__ == "__main__":
    main()
