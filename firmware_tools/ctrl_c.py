"""Ctrl-C that cannot be missed: it is remembered until the tool has ended, and counts again at the next pause.

Python raises KeyboardInterrupt wherever the program is; in a finalizer, such as that of a serial port, and in the flush
before a prompt it is thrown away. Whoever waits or asks in a loop therefore pauses here. The handler is the memory.
"""

from __future__ import annotations

import signal
import time


class CtrlC:
    """The handler of one process; `pressed` stays once it is so."""

    def __init__(self) -> None:
        self.pressed = False

    def __call__(self, _number: int, _frame: object) -> None:
        self.pressed = True
        raise KeyboardInterrupt


def listen() -> None:
    """From now on Ctrl-C is remembered; where whoever started us has it ignored, it stays so."""
    if signal.getsignal(signal.SIGINT) is not signal.SIG_IGN:
        signal.signal(signal.SIGINT, CtrlC())


def heed() -> None:
    """Raise KeyboardInterrupt when Ctrl-C was pressed and nobody heard."""
    handler = signal.getsignal(signal.SIGINT)
    if isinstance(handler, CtrlC) and handler.pressed:
        raise KeyboardInterrupt


def pause(seconds: float) -> None:
    """Sleep so long. Raises KeyboardInterrupt, also for one that was missed before."""
    heed()
    time.sleep(seconds)
    heed()
