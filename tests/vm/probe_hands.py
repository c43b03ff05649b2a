"""The hands of the hostile acts: each function is one thing that the walls round a unit must refuse, or makes one.

It runs inside the unit in the virtual machine, and needs nothing but the standard library.
"""

from __future__ import annotations

import ctypes
import errno
import mmap
import os
import resource
import signal
import socket
import subprocess
from collections.abc import Callable
from pathlib import Path

LIBC = ctypes.CDLL(None, use_errno=True)
NO = frozenset(
    getattr(errno, name)
    for name in ("EPERM", "EACCES", "ENOENT", "EROFS", "ENXIO", "EAFNOSUPPORT", "EAGAIN", "ENOSYS")
)
BUS = "/run/dbus/system_bus_socket"
SYSTEMD = (
    "org.freedesktop.systemd1",
    "/org/freedesktop/systemd1",
    "org.freedesktop.systemd1.Manager",
)
LOGIN = ("org.freedesktop.login1", "/org/freedesktop/login1", "org.freedesktop.login1.Manager")
CLOCK = ("org.freedesktop.timedate1", "/org/freedesktop/timedate1", "org.freedesktop.timedate1")
HOST = ("org.freedesktop.hostname1", "/org/freedesktop/hostname1", "org.freedesktop.hostname1")
CROWD = 100  # more than TasksMax= allows
Act = Callable[[], object]


def called(number: int, *words: int) -> int:
    """A system call by its number (x86-64); raises OSError when the kernel refuses."""
    done = LIBC.syscall(ctypes.c_long(number), *(ctypes.c_long(word) for word in words))
    if done < 0:
        raise OSError(ctypes.get_errno(), "refused")
    return int(done)


def library(name: str, *words: object) -> int:
    """A function of the C library; raises OSError when it gives a negative number."""
    done = int(getattr(LIBC, name)(*words))
    if done < 0:
        raise OSError(ctypes.get_errno(), "refused")
    return done


def read(path: str) -> Act:
    return lambda: Path(path).open("rb").read(1)


def listed(path: str) -> Act:
    def act() -> None:
        if not list(Path(path).iterdir()):
            raise FileNotFoundError(errno.ENOENT, "empty")

    return act


def opened(path: str) -> Act:
    return lambda: os.close(os.open(path, os.O_RDWR | os.O_NONBLOCK))


def written(path: str) -> Act:
    def act() -> None:
        place = Path(path)
        with place.open("ab"):
            pass
        if place.name.startswith("desk-token-probe"):
            place.unlink()

    return act


def family(kind: int, sort: int = socket.SOCK_DGRAM, protocol: int = 0) -> Act:
    return lambda: socket.socket(kind, sort, protocol).close()


def connected(host: str, port: int) -> Act:
    return lambda: socket.create_connection((host, port), 2).close()


def spoken(path: str) -> Act:
    def act() -> None:
        with socket.socket(socket.AF_UNIX) as line:
            line.connect(path)

    return act


def heard(role: str) -> Act:
    """Whether the authenticator answers on this role's socket: others may knock, and are turned away in silence."""

    def act() -> None:
        with socket.socket(socket.AF_UNIX) as line:
            line.settimeout(4)
            line.connect(f"/run/desk-token/control/{role}.sock")
            try:
                line.sendall(b'{"method":"Probe","parameters":{}}\0')
                answered = line.recv(1)
            except (BrokenPipeError, ConnectionResetError):
                answered = b""
            if not answered:
                raise PermissionError(errno.EACCES, "turned away")

    return act


def ordered(whom: tuple[str, str, str], *words: str, answer: str = "") -> Act:
    """Have somebody on the system bus do it: polkit and the bus say no, or the bus cannot be reached."""

    def act() -> None:
        command = ["/usr/bin/busctl", "--timeout=20", "call", *whom, *words]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode or answer not in done.stdout:
            raise PermissionError(errno.EACCES, "the bus said no")

    return act


def writable_code() -> None:
    mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC).close()


def code_from_data() -> None:
    page = mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_WRITE)
    address = ctypes.addressof(ctypes.c_char.from_buffer(page))
    library("mprotect", ctypes.c_void_p(address), 4096, 5)


def a_file_that_makes_root() -> None:
    place = Path(os.environ.get("TMPDIR", "/tmp")) / "desk-token-probe"
    place.touch()
    try:
        place.chmod(0o4755)
    finally:
        place.unlink()


def neighbours() -> None:
    mine = {os.getpid(), os.getppid()}
    others = [
        at for at in Path("/proc").iterdir() if at.name.isdecimal() and int(at.name) not in mine
    ]
    if not others:
        raise FileNotFoundError(errno.ENOENT, "nobody there")


def waiting() -> int:
    """A child that does nothing, and ends by itself when nobody ends it."""
    child = os.fork()
    if child == 0:
        signal.alarm(20)
        signal.pause()
    return child


def ended(child: int) -> None:
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)


def many_processes() -> None:
    born: list[int] = []
    try:
        while len(born) < CROWD:
            born.append(waiting())
    finally:
        for child in born:
            ended(child)


def a_process_traced() -> None:
    # never the parent: it would be stopped when its tracer ends, and the probe with it
    child = waiting()
    try:
        library("ptrace", 16, child, None, None)
    finally:
        ended(child)


def core_files() -> None:
    resource.setrlimit(resource.RLIMIT_CORE, (1 << 20, 1 << 20))


def a_device_made() -> None:
    place = "/tmp/desk-token-probe"
    os.mknod(place, 0o600 | 0x2000, os.makedev(1, 1))
    Path(place).unlink()
