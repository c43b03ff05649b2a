"""What is asked of a worker thread comes back to the loop, whatever it was."""

from __future__ import annotations

import asyncio
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from appliance.core.errors import Refused
from web.login_portal.device_api.asgi import on_worker


def refuse(words: str) -> None:
    raise Refused(words)


def test_a_reply_comes_from_another_thread() -> None:
    with ThreadPoolExecutor(1) as workers:
        assert asyncio.run(on_worker(workers, threading.get_ident)) != threading.get_ident()


def test_an_error_is_the_callers() -> None:
    with ThreadPoolExecutor(1) as workers, pytest.raises(Refused, match="so many"):
        asyncio.run(on_worker(workers, refuse, "so many"))


def test_who_waits_no_longer_hinders_nobody() -> None:
    begins, ends = threading.Event(), threading.Event()

    def slow() -> str:
        begins.set()
        ends.wait(30)
        return "late"

    async def leave() -> str:
        waiting = asyncio.create_task(on_worker(workers, slow))
        await asyncio.to_thread(begins.wait, 30)
        waiting.cancel()
        ends.set()
        await asyncio.gather(waiting, return_exceptions=True)
        return await on_worker(workers, lambda: "next")

    with ThreadPoolExecutor(1) as workers:
        assert asyncio.run(leave()) == "next"


def test_a_loop_that_has_ended_is_left_alone(caplog: pytest.LogCaptureFixture) -> None:
    ends = threading.Event()

    async def leave() -> None:
        asyncio.get_running_loop().create_task(on_worker(workers, ends.wait, 30))
        await asyncio.sleep(0)

    with ThreadPoolExecutor(1) as workers:
        asyncio.run(leave())
        ends.set()
    assert caplog.records == []
