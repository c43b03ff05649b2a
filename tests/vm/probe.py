"""Hostile acts, tried from inside a unit: what somebody would do who has taken the process over.

Run in the virtual machine as the unit's own command. It needs nothing but the standard library, prints one line an act
(`refused` or `done`), and leaves nothing behind. `done` is what the walls must prevent.
"""

from __future__ import annotations

import ctypes
import mmap
import os
import resource
import signal
import socket
import struct
import sys
from collections.abc import Callable
from pathlib import Path

LIBC = ctypes.CDLL(None, use_errno=True)
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
            raise OSError("empty")

    return act


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
        raise OSError("nobody there")


def many_processes() -> None:
    born = []
    try:
        for _ in range(400):
            child = os.fork()
            if child == 0:
                signal.pause()
                os._exit(0)
            born.append(child)
    finally:
        for child in born:
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)


def core_files() -> None:
    resource.setrlimit(resource.RLIMIT_CORE, (1 << 20, 1 << 20))


ACTS: dict[str, Act] = {
    "read the shadow file": read("/etc/shadow"),
    "read the records": listed("/var/lib/desk-token"),
    "read the key of the page": listed("/var/lib/desk-token-porter"),
    "read root's home": listed("/root"),
    "read people's homes": listed("/home"),
    "read the memory of process 1": read("/proc/1/maps"),
    "read the words of process 1's environment": read("/proc/1/environ"),
    "see other processes": neighbours,
    "read the kernel's log": read("/dev/kmsg"),
    "read the kernel's symbols and memory": read("/proc/kcore"),
    "read physical memory": read("/dev/mem"),
    "read the disk": read("/dev/vda"),
    "read keyboards": listed("/dev/input"),
    "read a console": read("/dev/tty1"),
    "read a serial line": read("/dev/ttyS3"),
    "write into /etc": written("/etc/desk-token-probe"),
    "write into /usr": written("/usr/bin/desk-token-probe"),
    "write into our own code": written("/opt/desk-token/current/bin/desk-token-probe"),
    "write into the boot partition": written("/boot/desk-token-probe"),
    "write into /run": written("/run/desk-token-probe"),
    "write into the journal": written("/run/log/journal/desk-token-probe"),
    "set a kernel value": written("/proc/sys/kernel/core_pattern"),
    "set a device value": written("/sys/power/state"),
    "set a limit of another service": written("/sys/fs/cgroup/cgroup.procs"),
    "open a network socket": family(socket.AF_INET, socket.SOCK_STREAM),
    "open a newer network socket": family(socket.AF_INET6, socket.SOCK_STREAM),
    "speak to the kernel's network": family(socket.AF_NETLINK, socket.SOCK_RAW),
    "listen to raw packets": family(socket.AF_PACKET, socket.SOCK_RAW, 0x300),
    "open a Bluetooth socket": family(31, socket.SOCK_RAW, 1),
    "open a vsock": family(40, socket.SOCK_STREAM),
    "reach the portal's network": connected("10.0.2.2", 22),
    "reach a service on this machine": connected("127.0.0.1", 443),
    "speak to systemd": spoken("/run/systemd/private"),
    "speak to the container of logs": spoken("/run/systemd/journal/io.systemd.journal"),
    "ask the authenticator as the courier": spoken("/run/desk-token/control/courier.sock"),
    "ask the authenticator as the steward": spoken("/run/desk-token/control/steward.sock"),
    "ask for a scan": spoken("/run/desk-token/scanner.sock"),
    "make memory that is code and data": writable_code,
    "turn data into code": code_from_data,
    "make a file that makes root": a_file_that_makes_root,
    "become root": lambda: os.setuid(0),
    "become another user": lambda: os.setuid(1000),
    "leave into a root of its own": lambda: os.chroot("/tmp"),
    "a user namespace": lambda: library("unshare", 0x10000000),
    "a mount namespace": lambda: library("unshare", 0x00020000),
    "a network namespace": lambda: library("unshare", 0x40000000),
    "mount something": lambda: library("mount", b"none", b"/tmp", b"tmpfs", 0, None),
    "unmount something": lambda: library("umount2", b"/tmp", 2),
    "trace a process": lambda: library("ptrace", 16, os.getppid(), None, None),
    "read another process's memory": lambda: called(310, os.getppid(), 0, 0, 0, 0, 0),
    "load a kernel module": lambda: called(313, 0, 0, 0),
    "load a kernel": lambda: called(246, 0, 0, 0, 0),
    "run a program in the kernel": lambda: called(321, 0, 0, 0),
    "watch the kernel's performance": lambda: called(298, 0, 0, -1, -1, 0),
    "fault pages by hand": lambda: called(323, 0),
    "a key of the kernel's own": lambda: called(248, 0, 0, 0, 0, 0),
    "an io_uring": lambda: called(425, 4, 0),
    "set the clock": lambda: library("clock_settime", 0, struct.pack("ll", 1, 0)),
    "set the host name": lambda: library("sethostname", b"probe", 5),
    "restart the machine": lambda: library("reboot", 0x0),
    "switch swap on": lambda: library("swapon", b"/tmp/x", 0),
    "touch the ports of the hardware": lambda: called(172, 3),
    "run in real time": lambda: os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(1)),
    "be more important": lambda: os.nice(-5),
    "another kind of system calls": lambda: library("personality", 0x0008),
    "kill process 1's helper": lambda: os.kill(1, 0),
    "a device of its own": lambda: os.mknod(
        "/tmp/desk-token-probe", 0o600 | 0x2000, os.makedev(1, 1)
    ),
    "four hundred processes": many_processes,
    "core files": core_files,
}


def main() -> None:
    """Try each act; a process that dies in one has been refused it."""
    for name, act in ACTS.items():
        child = os.fork()
        if child == 0:
            signal.alarm(5)
            try:
                act()
            except (OSError, ValueError, AttributeError, MemoryError):
                os._exit(1)
            os._exit(0)
        _, status = os.waitpid(child, 0)
        sys.stdout.write(f"probe {'done' if status == 0 else 'refused'}: {name}\n")
    sys.stdout.write("probe over\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
