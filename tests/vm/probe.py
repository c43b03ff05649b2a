"""Hostile acts, tried from inside a unit: what somebody would do who has taken the process over.

Run in the virtual machine as the unit's own command. It needs nothing but the standard library, prints one line an act
(`refused` or `done`), and leaves nothing behind. `done` is what the walls must prevent: a system call that fails
because its words make no sense was let through, and only an answer of `NO` counts as a refusal.
"""

from __future__ import annotations

import errno
import os
import signal
import socket
import struct
import sys
import time

from tests.vm.probe_hands import (
    BUS,
    CLOCK,
    HOST,
    LOGIN,
    NO,
    SYSTEMD,
    Act,
    a_device_made,
    a_file_that_makes_root,
    a_process_traced,
    called,
    code_from_data,
    connected,
    core_files,
    family,
    heard,
    library,
    listed,
    many_processes,
    neighbours,
    opened,
    ordered,
    read,
    spoken,
    writable_code,
    written,
)

PATIENCE = 30
ROLES = ("courier", "page", "console", "steward", "porter", "updater")
ACTS: dict[str, Act] = {
    "read the shadow file": read("/etc/shadow"),
    "read the records": listed("/var/lib/desk-token"),
    "read the key of the page": listed("/var/lib/desk-token-porter"),
    "read the updates under way": listed("/var/lib/desk-token-updater"),
    "read the key that systemd sealed": listed("/etc/credstore.encrypted"),
    "read root's home": listed("/root"),
    "read people's homes": read("/home/.probe"),
    "read the memory of process 1": read("/proc/1/maps"),
    "read the words of process 1's environment": read("/proc/1/environ"),
    "see other processes": neighbours,
    "read the kernel's log": read("/dev/kmsg"),
    "read the kernel's memory": read("/proc/kcore"),
    "read physical memory": opened("/dev/mem"),
    "read the disk": opened("/dev/vda"),
    "read keyboards": opened("/dev/input/event0"),
    "open a console": opened("/dev/tty1"),
    "open another serial line": opened("/dev/ttyS0"),
    "open the technician's line": opened("/dev/ttyGS0"),
    "open the pins": opened("/dev/gpiochip0"),
    "open the panel's bus": opened("/dev/i2c-1"),
    "open the panel's other bus": opened("/dev/spidev0.0"),
    "open the camera's buffers": opened("/dev/dma_heap/system"),
    "open the board's watchdog": opened("/dev/watchdog0"),
    "write into /etc": written("/etc/desk-token-probe"),
    "write the configuration": written("/etc/desk-token/desk-token.toml"),
    "write into /usr": written("/usr/bin/desk-token-probe"),
    "write into our own code": written("/opt/desk-token/current/bin/desk-token-probe"),
    "write a unit": written("/run/systemd/system/desk-token-probe.service"),
    "write into the boot partition": written("/boot/desk-token-probe"),
    "write into /run": written("/run/desk-token-probe"),
    "write into the sockets' folder": written("/run/desk-token/control/desk-token-probe"),
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
    "reach another computer": connected("10.0.2.2", 28080),
    "reach a service on this machine": connected("127.0.0.1", 443),
    "speak to systemd": spoken("/run/systemd/private"),
    "read the logs of all": spoken("/run/systemd/journal/io.systemd.journal"),
    "speak to the system bus": spoken(BUS),
    "stop a service through the bus": ordered(
        SYSTEMD, "StopUnit", "ss", "desk-token-trial.path", "replace"
    ),
    "start a program through the bus": ordered(
        *(SYSTEMD, "StartTransientUnit", "ssa(sv)a(sa(sv))", "desk-token-probe.service", "fail"),
        *("1", "ExecStart", "a(sasb)", "1", "/bin/true", "1", "/bin/true", "false", "0"),
    ),
    "switch a unit on through the bus": ordered(
        SYSTEMD, "EnableUnitFiles", "asbb", "1", "usb-desk-token.service", "true", "true"
    ),
    "name the machine through the bus": ordered(HOST, "SetStaticHostname", "sb", "probe", "false"),
    "set the clock through the bus": ordered(CLOCK, "SetTime", "xbb", "1000", "true", "false"),
    "power off through the bus": ordered(LOGIN, "CanPowerOff", answer='"yes"'),
    **{f"ask the authenticator as the {role}": heard(role) for role in ROLES},
    "ask for a scan": spoken("/run/desk-token/scanner.sock"),
    "ring for the updater": spoken("/run/desk-token/updater.sock"),
    "speak to the page past the porter": spoken("/run/desk-token/page.sock"),
    "make memory that is code and data": writable_code,
    "turn data into code": code_from_data,
    "make a file that makes root": a_file_that_makes_root,
    "become root": lambda: os.setuid(0),
    "become another user": lambda: os.setuid(1000),
    "leave into a root of its own": lambda: os.chroot("/tmp"),
    "a user namespace": lambda: library("unshare", 0x10000000),
    "a mount namespace": lambda: library("unshare", 0x00020000),
    "a network namespace": lambda: library("unshare", 0x40000000),
    "mount something": lambda: library("mount", b"none", b"/mnt", b"tmpfs", 0, None),
    "unmount something": lambda: library("umount2", b"/mnt", 2),
    "trace a process": a_process_traced,
    "read another process's memory": lambda: called(310, os.getppid(), 0, 0, 0, 0, 0),
    "load a kernel module": lambda: called(313, 0, 0, 0),
    "load a kernel": lambda: called(246, 0, 0, 0, 0),
    "run a program in the kernel": lambda: called(321, 0, 0, 0),
    "watch the kernel's performance": lambda: called(298, 0, 0, -1, -1, 0),
    "fault pages by hand": lambda: called(323, 0),
    "a key of the kernel's own": lambda: called(248, 0, 0, 0, 0, 0),
    "an io_uring": lambda: called(425, 4, 0),
    "set the clock": lambda: library("clock_settime", 0, struct.pack("qq", int(time.time()), 0)),
    "set the host name": lambda: library("sethostname", b"virtual-pi", 10),
    "restart the machine": lambda: library("reboot", 0x0),
    "switch swap on": lambda: library("swapon", b"/dev/vda", 0),
    "touch the ports of the hardware": lambda: called(172, 3),
    "run in real time": lambda: os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(1)),
    "be more important": lambda: os.nice(-5),
    "another kind of system calls": lambda: library("personality", 0x0008),
    "send process 1 a signal": lambda: os.kill(1, 0),
    "a device of its own": a_device_made,
    "a hundred processes": many_processes,
    "core files": core_files,
}


def tried(act: Act) -> int:
    """0 when it was done, else the number of the refusal."""
    signal.alarm(PATIENCE)
    try:
        act()
    except MemoryError:
        return errno.EACCES
    except OSError as refusal:
        return refusal.errno if refusal.errno in NO else 0
    except ValueError:
        return errno.EPERM  # what resource.setrlimit makes of it
    return 0


def main() -> None:
    """Try each act in a child; one that the walls kill has been refused, one that lasts too long is `done`."""
    for name, act in ACTS.items():
        child = os.fork()
        if child == 0:
            os._exit(tried(act))
        _, status = os.waitpid(child, 0)
        code = os.waitstatus_to_exitcode(status)
        why = errno.errorcode.get(code, f"signal {-code}")
        refused = code not in (0, -signal.SIGALRM)
        sys.stdout.write(f"probe refused: {name}: {why}\n" if refused else f"probe done: {name}\n")
        sys.stdout.flush()
    sys.stdout.write("probe over\n")


if __name__ == "__main__":
    main()
