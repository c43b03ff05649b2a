"""The demo as a newcomer starts it: it says where everything is, and leaves nothing behind."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import httpx

from tests.hardware.bodies import soon
from tests.web.bench.test_whole import alive, children
from web.bench.demo import PASSWORD, PERSON, add_person
from web.bench.doors import listen, port_of

DEMO = (sys.executable, "-m", "web.bench.demo", "--portal-port", "0", "--bench-port", "0")


def test_the_demo_says_where_everything_is_and_ends_whole(tmp_path: Path) -> None:
    command = [*DEMO, "--data", str(tmp_path / "demo")]
    demo = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert demo.stdout is not None
    with demo.stdout as said:
        story = [next(said) for _ in range(13)]
        places = dict(line.split(maxsplit=1) for line in story[1:6])
        assert places["user"].strip() == PERSON
        assert places["password"].strip() == PASSWORD
        for place in ("portal", "token"):
            reply = httpx.get(places[place].strip(), follow_redirects=True, trust_env=False)
            assert reply.status_code == 200
        started = children(demo.pid)
        assert len(started) == 2
        demo.send_signal(signal.SIGINT)
        assert demo.wait(30) == 0
        assert soon(lambda: not alive(started))


def test_the_demo_user_is_added_once(tmp_path: Path) -> None:
    add_person(tmp_path)
    add_person(tmp_path)


def test_a_wished_port_that_is_taken_is_a_sentence(tmp_path: Path) -> None:
    with listen(0) as door:
        command = [*DEMO, "--data", str(tmp_path), "--portal-port", str(port_of(door))]
        refused = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert refused.returncode == 1
    assert "is in use by another program" in refused.stderr
    assert "Traceback" not in refused.stderr
