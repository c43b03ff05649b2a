"""What every carrier owes: a listener hears its own device's letters in order, and a slow one is let go."""

from __future__ import annotations

import asyncio
import threading
from typing import Any

from web.login_portal.carriers import LISTENERS_CAP, PENDING_CAP, Embedded, Posted


def heard(letters: list[tuple[str, Posted]], device: str = "a") -> list[Posted]:
    """What a listener of this device hears when another thread publishes these."""

    async def run() -> list[Posted]:
        carrier = Embedded()
        carrier.attach(asyncio.get_running_loop())
        listener = carrier.listen(device)
        thread = threading.Thread(
            target=lambda: [carrier.publish(to, letter) for to, letter in letters]
        )
        thread.start()
        await asyncio.to_thread(thread.join)
        found = await listener.taken(0.2)
        carrier.leave(device, listener)
        assert carrier.streams == 0
        return found

    return asyncio.run(run())


def test_letters_come_in_order() -> None:
    letters = [Posted(number, f"letter {number}") for number in range(20)]
    assert heard([("a", letter) for letter in letters]) == letters


def test_a_foreign_devices_letters_are_not_heard() -> None:
    assert heard([("b", Posted(1, "not yours"))]) == []


def test_a_duplicate_is_passed_on_for_the_cursor_to_settle() -> None:
    twice = Posted(7, "same")
    assert heard([("a", twice), ("a", twice)]) == [twice, twice]


def test_without_listeners_publishing_is_harmless() -> None:
    Embedded().publish("a", Posted(1, "x"))


def test_of_too_many_streams_of_one_device_the_oldest_ends() -> None:
    async def run() -> None:
        carrier = Embedded()
        streams = [carrier.listen("a") for _ in range(LISTENERS_CAP)]
        other = carrier.listen("b")
        assert not any(stream.ended for stream in (*streams, other))
        newest = carrier.listen("a")
        assert [stream.ended for stream in (*streams, newest, other)] == [
            True,
            *[False] * (LISTENERS_CAP + 1),
        ]
        assert carrier.streams == LISTENERS_CAP + 1
        carrier.leave("a", streams[0])
        assert carrier.streams == LISTENERS_CAP + 1

    asyncio.run(run())


class Counted(asyncio.SelectorEventLoop):
    """A loop that counts how often other threads wake it."""

    woken = 0

    def call_soon_threadsafe(self, *words: Any, **more: Any) -> asyncio.Handle:  # noqa: ANN401
        self.woken += 1
        return super().call_soon_threadsafe(*words, **more)


def test_a_letter_for_a_device_that_does_not_listen_wakes_no_loop() -> None:
    async def run() -> int:
        carrier, loop = Embedded(), asyncio.get_running_loop()
        assert isinstance(loop, Counted)
        carrier.attach(loop)
        carrier.listen("a")
        for device in ("b", "a", "b"):
            carrier.publish(device, Posted(1, "x"))
        return loop.woken

    with asyncio.Runner(loop_factory=Counted) as runner:
        assert runner.run(run()) == 1


def test_a_listener_that_takes_nothing_is_let_go() -> None:
    async def run() -> bool:
        carrier = Embedded()
        carrier.attach(asyncio.get_running_loop())
        listener = carrier.listen("a")
        for number in range(PENDING_CAP + 1):
            carrier.publish("a", Posted(number, "x"))
        await asyncio.sleep(0)
        await listener.taken(1)
        return listener.ended

    assert asyncio.run(run())


def test_an_end_mark_wakes_every_listener() -> None:
    async def run() -> bool:
        carrier = Embedded()
        carrier.attach(asyncio.get_running_loop())
        listener = carrier.listen("a")
        asyncio.get_running_loop().call_soon(carrier.end_all)
        assert await listener.taken(60) == []
        return listener.ended

    assert asyncio.run(run())
