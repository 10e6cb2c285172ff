"""Ctrl-C and SIGTERM as a question that loops ask, so that no clean-up is ever cut off half-way."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType


@contextmanager
def interrupts() -> Iterator[threading.Event]:
    """An event that Ctrl-C or SIGTERM sets, instead of raising somewhere in the middle of things."""
    asked = threading.Event()

    def handle(number: int, frame: FrameType | None) -> None:
        # nothing but a bare write is safe inside a signal handler: it may have interrupted a print
        os.write(2, b"already stopping, a moment\n" if asked.is_set() else b"stopping\n")
        asked.set()

    before = {number: signal.signal(number, handle) for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)}
    try:
        yield asked
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
