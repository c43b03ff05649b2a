"""Forwarded headers count when they come from the proxy that was named, and from nobody else."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.web.login_portal.store.worker import Visitor, worker

CLAIM = {"X-Forwarded-For": "203.0.113.9"}


@pytest.mark.parametrize(
    ("named", "source"),
    [((), "127.0.0.1"), (("--proxy", "127.0.0.1"), "203.0.113.9"), (("--proxy", "10.0.0.1"), "127.0.0.1")],
    ids=["nobody named", "the proxy", "another proxy"],
)  # fmt: skip
def test_only_a_named_proxy_is_believed(
    tmp_path: Path, named: tuple[str, ...], source: str
) -> None:
    with worker(tmp_path, *named) as one:
        one.http.headers.update(CLAIM)
        Visitor().try_password(one, "nobody", "wrong")
    assert f"password refused source={source} " in one.log.read_text()
