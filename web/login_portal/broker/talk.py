"""The client library on threads of our own: whoever has something to say writes it to the socket himself.

The library's own thread would send it, but only after it was woken. The threads listen in turn: the one that gets
something to do gives the turn away and does it, so that what came waits for no other thread either.
"""

from __future__ import annotations

import contextlib
import select
import socket
import ssl
import threading
from collections import deque
from collections.abc import Callable

import paho.mqtt.client as mqtt
from paho.mqtt.properties import Properties

SHORTEST_REST, LONGEST_REST, LOOK_UP = 1.0, 8.0, 1.0
Job = Callable[[], None]


class Talk:
    """One client that stays connected until it is stopped. Its callbacks may ask for jobs, and do nothing slow.

    Every call of the client is made under one lock: it writes and reads where it is called, and TLS allows one at a
    time. Only the connecting, which may take seconds, goes without; until the broker has answered, nobody speaks.
    """

    def __init__(self, client: mqtt.Client, threads: int) -> None:
        self._client = client
        self._calls, self._listening = threading.RLock(), threading.Lock()
        self._stopped, self._rest = threading.Event(), 0.0
        self._wakes, self._wake = socket.socketpair()
        self._jobs: deque[Job] = deque()
        self._wanted, self._threads = threads, list[threading.Thread]()

    def start(self) -> None:
        """Connect, and stay so."""
        for _ in range(self._wanted):
            self._start_one()

    def stop(self) -> None:
        """Do what there was to do, and say goodbye."""
        self._stopped.set()
        self._wake.send(b"x")
        for thread in self._threads:
            thread.join()
        self._client.disconnect()
        self._wakes.close()
        self._wake.close()

    @property
    def up(self) -> bool:
        """Whether the broker hears us."""
        return self._client.is_connected()

    def say(self, topic: str, body: bytes, properties: Properties) -> None:
        """Send this at once; without a line it is forgotten.

        What the broker has no room for is sent by whoever listens, when it has some or at the next look.
        """
        with self._calls:
            if self.up:
                self._client.publish(topic, body, qos=1, properties=properties)

    def later(self, job: Job) -> None:
        """From a callback: do this when the client is let go."""
        self._jobs.append(job)

    def _start_one(self) -> None:
        thread = threading.Thread(target=self._work, name="broker", daemon=True)
        self._threads.append(thread)
        thread.start()

    def _work(self) -> None:
        """Do one thing after the other; a thread that a job broke is told of by Python and replaced."""
        done = False
        try:
            while (job := self._next()) is not None:
                job()
            done = True
        finally:
            if not done:
                self._start_one()

    def _next(self) -> Job | None:
        """The next thing to do; None when all is done and no more will come."""
        with self._listening:
            while not self._jobs and not self._stopped.is_set():
                self._listen()
            return self._jobs.popleft() if self._jobs else None

    def _listen(self) -> None:
        """Wait for the broker for a while, and take what it says."""
        with self._calls:
            line = self._client.socket()
            number = -1 if line is None else line.fileno()
            # TLS may have read what nobody asked for yet; the kernel knows nothing of it
            waits = not (isinstance(line, ssl.SSLSocket) and line.pending())
            writes = self._client.want_write()
        if line is None:
            self._connect()
            return
        if waits:
            self._wait(number, select.POLLIN | (select.POLLOUT if writes else 0))
        with self._calls:
            self._client.loop_read()
            if self._client.want_write():
                self._client.loop_write()
            self._client.loop_misc()
            if self.up:
                self._rest = SHORTEST_REST

    def _wait(self, number: int, wanted: int) -> None:
        """By poll: a portal has more open files than select can count."""
        poll = select.poll()
        poll.register(self._wakes, select.POLLIN)
        poll.register(number, wanted)
        if any(ready == self._wakes.fileno() for ready, _ in poll.poll(LOOK_UP * 1000)):
            self._wakes.recv(4096)

    def _connect(self) -> None:
        self._stopped.wait(self._rest)
        self._rest = min(LONGEST_REST, max(SHORTEST_REST, 2 * self._rest))
        if not self._stopped.is_set():
            with contextlib.suppress(OSError):
                self._client.reconnect()
