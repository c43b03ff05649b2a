"""Figures for Prometheus, counted from the facts that the log is told: no story knows that it is being counted.

Each worker has its own figures on its own port; names of facts are the code's own words, so their number is fixed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, start_http_server
from prometheus_client.process_collector import ProcessCollector

from appliance.core.errors import DeskTokenError

_TIMES = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5)


@dataclass(frozen=True, slots=True)
class Figures:
    """The figures of one worker."""

    registry: CollectorRegistry = field(default_factory=CollectorRegistry)
    _counters: dict[str, Counter] = field(default_factory=dict)
    _letters: list[Histogram] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Describe every figure."""
        ProcessCollector(registry=self.registry)
        for name, words, label in (
            ("desk_portal_facts", "What happened, by the words of the log", "fact"),
            ("desk_portal_requests_ended", "Requests by how they ended", "outcome"),
        ):
            self._counters[label] = Counter(name, words, [label], registry=self.registry)
        words = "From the accepted password to the letter's publishing"
        name = "desk_portal_letter_seconds"
        self._letters.append(Histogram(name, words, buckets=_TIMES, registry=self.registry))

    def heard(self, fact: str, fields: Mapping[str, str | float]) -> None:
        """Count a fact of the log."""
        self._counters["fact"].labels(fact).inc()
        if fact == "request ended":
            self._counters["outcome"].labels(str(fields["outcome"])).inc()
        if fact == "letter published":
            self._letters[0].observe(float(fields["ms"]) / 1000)

    def watch(self, name: str, words: str, now: Callable[[], float]) -> None:
        """A figure that is read when somebody asks."""
        Gauge(f"desk_portal_{name}", words, registry=self.registry).set_function(now)

    @contextmanager
    def served(self, port: int) -> Iterator[int]:
        """Tell whoever asks at this port of the loopback (0 picks a free one). Raises DeskTokenError."""
        try:
            server, thread = start_http_server(port, "127.0.0.1", self.registry)
        except OSError as taken:
            raise DeskTokenError("The port for the figures is in use") from taken
        try:
            yield int(server.server_port)
        finally:
            server.shutdown()
            server.server_close()
            thread.join()
