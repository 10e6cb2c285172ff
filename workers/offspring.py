"""What an attempt starts ends with it: children, their children, and those that have detached themselves."""

from __future__ import annotations

import ctypes
import logging
import sys
import time

import psutil

logger = logging.getLogger(__name__)

_PR_SET_CHILD_SUBREAPER = 36
_PATIENCE_S = 5.0


def adopt() -> None:
    """Become the parent of descendants whose own parent ends, so that none gets out of sight (Linux).

    Ray too ends those only that it finds below an attempt.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def end_all() -> None:
    """Kill every descendant of this process, also those that are forked meanwhile."""
    deadline = time.monotonic() + _PATIENCE_S
    while alive := [child for child in psutil.Process().children(recursive=True) if _lives(child)]:
        if time.monotonic() > deadline:
            logger.error("these processes could not be ended: %s", ", ".join(str(child.pid) for child in alive))
            return
        for child in alive:
            try:
                child.kill()
            except psutil.NoSuchProcess:
                continue
        time.sleep(0.01)


def _lives(process: psutil.Process) -> bool:
    try:
        return process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False
