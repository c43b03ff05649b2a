"""What `desk-portal broker-files` writes, run as an operator runs it."""

from __future__ import annotations

import ssl
import subprocess
import tempfile
from pathlib import Path

from click.testing import CliRunner

from tests.hardware.bodies import soon
from tests.web.login_portal.carrying.mosquitto import free_port
from web.login_portal.command import main


def shows_its_certificate(port: int) -> bool:
    """A port is open before the key is read; only a broker that has its key gets this far."""
    try:
        return bool(ssl.get_server_certificate(("127.0.0.1", port)))
    except OSError:
        return False


def test_a_broker_starts_with_the_files_as_the_command_wrote_them() -> None:
    """Also when root wrote them: the broker that root starts goes on as a user of its own."""
    with tempfile.TemporaryDirectory(prefix="dt-mqtt-") as made:
        folder, port = Path(made), free_port()
        folder.chmod(0o755)
        words = ["broker-files", made, "--data", f"{made}/portal", "--host", "127.0.0.1"]
        said = CliRunner().invoke(main, [*words, "--port", str(port)])
        assert said.exit_code == 0, said.output
        with subprocess.Popen(["mosquitto", "-c", f"{made}/mosquitto.conf"]) as broker:
            assert soon(lambda: broker.poll() is not None or shows_its_certificate(port))
            assert broker.poll() is None
            broker.terminate()
