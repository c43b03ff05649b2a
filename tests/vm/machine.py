"""A virtual Pi: QEMU without hardware help, driven through a root shell on its second serial port.

Nothing here knows the desk token. A machine is a copy on top of the base disk, so that no test leaves a trace in
another; a saved state brings it back within seconds.
"""

from __future__ import annotations

import base64
import json
import re
import socket
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Any, Self

BUILT = Path(__file__).resolve().parents[2] / "build" / "vm"
WORDS = (
    "root=/dev/vda rw console=ttyS0 quiet loglevel=4 mitigations=off net.ifnames=0 "
    "systemd.show_status=0"
)


class GuestTrouble(AssertionError):
    """The machine did not do what it was told; the message holds its last words."""


class Machine:
    """One run of the virtual Pi on this disk; `state` is a saved state to go on from.

    `share` is a folder of the host that the guest can mount, `extra` are further words for QEMU.
    """

    def __init__(
        self,
        disk: Path,
        share: Path,
        state: str = "",
        extra: tuple[str, ...] = (),
        memory: int = 768,
    ) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="virtual-pi."))
        self.began = time.monotonic()
        if not disk.exists():
            run(
                "qemu-img",
                "create",
                "-q",
                "-f",
                "qcow2",
                "-b",
                BUILT / "base.img",
                "-F",
                "raw",
                disk,
            )
        words = _qemu(disk, share, self.folder, memory)
        if state:
            words += ["-loadvm", state]
        self._said = self.folder / "qemu.log"
        with self._said.open("wb") as said:
            self.process = subprocess.Popen(
                [*words, *extra], stdin=subprocess.DEVNULL, stdout=said, stderr=subprocess.STDOUT
            )
        self._line = self._joined("manager")
        self._manager = self._line.makefile("rw")
        self._manager.readline()
        self.manage("qmp_capabilities")
        self._shell = self._joined("shell")
        self._heard, self._count = b"", 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.cut_power()

    def manage(self, command: str, **words: Any) -> Any:  # noqa: ANN401 - QEMU's own words
        """One order to QEMU itself. Raises GuestTrouble."""
        self._manager.write(json.dumps({"execute": command, "arguments": words}) + "\n")
        self._manager.flush()
        while True:
            reply = json.loads(self._manager.readline())
            if "error" in reply:
                raise GuestTrouble(reply["error"]["desc"])
            if "return" in reply:
                return reply["return"]

    def wait_for_shell(self, patience: float = 300.0) -> float:
        """Seconds from power-on until the guest's shell answers."""
        end = time.monotonic() + patience
        while time.monotonic() < end:
            try:
                self.tell("true", patience=5.0)
            except TimeoutError:
                continue
            return time.monotonic() - self.began
        raise GuestTrouble(f"the machine did not start: {self._said.read_text()[-500:]}")

    def tell(self, command: str, patience: float = 120.0) -> tuple[int, str]:
        """Run this in the guest's shell, as root; exit code and what it said. Raises TimeoutError."""
        self._count += 1
        mark = f"@@{self._count}.{id(self)}@@"
        self._shell.sendall(f'\n{{ {command}\n}} </dev/null 2>&1; echo "\n{mark}$?."\n'.encode())
        end, sought = (
            time.monotonic() + patience,
            re.compile(re.escape(mark).encode() + rb"(\d+)\."),
        )
        while True:
            found = sought.search(self._heard)
            if found:
                said = self._heard[: found.start()].decode(errors="replace").replace("\r", "")
                self._heard = self._heard[found.end() :]
                return int(found[1]), said.strip("\n")
            self._shell.settimeout(max(0.001, end - time.monotonic()))
            try:
                came = self._shell.recv(65_536)
            except TimeoutError:
                raise TimeoutError(f"{command!r}: {self._heard[-300:]!r}") from None
            if not came:
                raise GuestTrouble(
                    f"{command!r}: the machine has ended: {self._said.read_text()[-500:]}"
                )
            self._heard += came

    def does(self, command: str, patience: float = 120.0) -> str:
        """The same, for a command that must succeed. Raises GuestTrouble."""
        code, said = self.tell(command, patience)
        if code:
            raise GuestTrouble(f"{command!r} ended with {code}: {said[-2000:]}")
        return said

    def until(self, command: str, patience: float = 120.0) -> str:
        """Ask again and again until the command succeeds. Raises GuestTrouble."""
        end = time.monotonic() + patience
        while True:
            code, said = self.tell(command)
            if code == 0:
                return said
            if time.monotonic() > end:
                raise GuestTrouble(f"{command!r} never succeeded: {said[-2000:]}")

    def journal(self, lines: int = 40) -> str:
        """The last lines of our own units, and of what the network hangs on; for a person to read."""
        asked = f"journalctl -b -n {lines} --no-pager -o short-monotonic"
        try:
            return self.tell(
                f"{asked} -u 'desk-token*'; {asked} -u NetworkManager -u 'portal*'", 60
            )[1]
        except OSError as gone:
            return f"the machine says nothing any more: {gone}"

    def put(self, content: bytes, place: str) -> None:
        """Write a small file in the guest, through the shell's line."""
        packed = base64.b64encode(content).decode()
        self.does(": > /run/put.b64")
        for start in range(0, len(packed), 3000):  # a line of the shell's is 4096 long
            self.does(f"printf %s '{packed[start : start + 3000]}' >> /run/put.b64")
        self.does(f"base64 -d /run/put.b64 > '{place}'; rm /run/put.b64")

    def mount_share(self) -> None:
        """Make the host's folder visible as /mnt/host."""
        self.does(
            "mkdir -p /mnt/host; mountpoint -q /mnt/host || "
            "mount -t 9p -o trans=virtio,version=9p2000.L,msize=262144 host /mnt/host"
        )

    def unmount_share(self) -> None:
        """Let go of the host's folder, as saving a state demands."""
        self.does("sync; ! mountpoint -q /mnt/host || umount /mnt/host")

    def save(self, state: str) -> None:
        """Keep memory and disk under this name. Raises GuestTrouble."""
        said = self.manage("human-monitor-command", **{"command-line": f"savevm {state}"})
        if said.strip():
            raise GuestTrouble(said)

    def cut_power(self) -> None:
        """Pull the plug: nothing of the guest's memory survives."""
        self.process.kill()
        self.process.wait()
        for end in (self._manager, self._line, self._shell):
            end.close()

    def _joined(self, name: str) -> socket.socket:
        end = time.monotonic() + 30.0
        while time.monotonic() < end:
            if self.process.poll() is not None:
                break
            joined = socket.socket(socket.AF_UNIX)
            try:
                joined.connect(str(self.folder / name))
            except OSError:
                joined.close()
                continue
            return joined
        raise GuestTrouble(self._said.read_text()[-1000:])


def run(*words: str | Path) -> None:
    """A command of the host that must succeed."""
    subprocess.run([*map(str, words)], check=True, stdout=subprocess.DEVNULL)


def _qemu(disk: Path, share: Path, folder: Path, memory: int) -> list[str]:
    """No KVM: where it is offered to a machine inside a machine it cannot be trusted."""
    return [
        *("qemu-system-x86_64", "-machine", "pc", "-accel", "tcg,thread=multi", "-cpu", "max"),
        *("-smp", "2", "-m", str(memory), "-nodefaults", "-display", "none", "-no-reboot"),
        *(
            "-kernel",
            str(BUILT / "vmlinuz"),
            "-initrd",
            str(BUILT / "initrd.img"),
            "-append",
            WORDS,
        ),
        *("-drive", f"file={disk},if=virtio,format=qcow2,cache=writeback"),
        *("-virtfs", f"local,path={share},mount_tag=host,security_model=none,id=host"),
        *("-netdev", "user,id=lan", "-device", "virtio-net-pci,netdev=lan"),
        *("-device", "virtio-rng-pci", "-device", "i6300esb", "-rtc", "base=utc,clock=host"),
        *("-chardev", f"file,id=console,path={folder}/console.log", "-serial", "chardev:console"),
        *("-chardev", f"socket,id=shell,path={folder}/shell,server=on,wait=off"),
        *("-serial", "chardev:shell"),
        *("-qmp", f"unix:{folder}/manager,server=on,wait=off"),
    ]
