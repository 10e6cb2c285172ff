"""Ctrl-C and SIGTERM as a question that loops ask, so that no clean-up is ever cut off half-way."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType


@contextmanager
def interrupts(tell: Callable[[str], None]) -> Iterator[threading.Event]:
    """An event that Ctrl-C or SIGTERM sets, instead of raising somewhere in the middle of things."""
    asked = threading.Event()

    def handle(number: int, frame: FrameType | None) -> None:
        tell("already stopping, a moment" if asked.is_set() else "stopping")
        asked.set()

    before = {number: signal.signal(number, handle) for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)}
    try:
        yield asked
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
