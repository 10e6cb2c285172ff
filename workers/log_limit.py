"""Keeps the log of an attempt within a size, whatever prints and however much: its beginning and its newest part stay.

The bytes between are given back to the storage and leave a hole, so that what follows keeps its place: readers go on
from positions, and children that hold the file open go on writing. Where a storage cannot do that, the log ends at the
limit.
"""

from __future__ import annotations

import ctypes
import logging
import os
import threading
from pathlib import Path

from workers.spec import JobFolder, LogCut

logger = logging.getLogger(__name__)

LOOK_EVERY_S = 1.0
_KEEP_SIZE, _PUNCH_HOLE = 1, 2
_BLOCK_BYTES = 4096


class LogLimit:
    """Looks at the log of one attempt once a second, on a thread of its own."""

    def __init__(self, folder: JobFolder, attempt: int, *, max_bytes: int) -> None:
        self._folder, self._attempt = folder, attempt
        self._path = folder.log(attempt)
        self._max_bytes = max_bytes
        self._head_bytes = max_bytes // 4
        # dropping a little at a time would cost a marker each
        self._slack_bytes = max_bytes // 8
        self._cut: LogCut | None = None
        self._is_closed_off = False
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._work, name="log limit", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def close(self) -> None:
        """Look once more, and end the thread."""
        self._ended.set()
        self._thread.join()
        self._enforce_or_tell()

    def enforce(self) -> None:
        """Drop what is too much. Raises OSError where the storage cannot be written to."""
        size = self._path.stat().st_size
        start = self._cut.start if self._cut else self._head_bytes
        dropped_until = self._cut.end if self._cut else start
        kept = size - (dropped_until - start)
        if self._is_closed_off or kept <= self._max_bytes:
            return
        end = size - (self._max_bytes - self._slack_bytes - self._head_bytes)
        end -= end % _BLOCK_BYTES
        # readers look at what was dropped after they have read: it has to be told before it happens
        self._cut = LogCut(start=start, end=end)
        self._folder.write_log_cut(self._attempt, self._cut)
        try:
            punch_hole(self._path, start, end)
        except OSError as error:
            self._close_off(size, dropped_until, error)

    def _close_off(self, size: int, dropped_until: int, error: OSError) -> None:
        """Without holes: nothing more is written by this process and by what it starts from now on."""
        self._folder.write_log_cut(self._attempt, LogCut(start=self._head_bytes, end=dropped_until))
        logger.error("this log ends here: it has %d bytes, and the storage cannot drop a part of it (%s)", size, error)
        self._is_closed_off = True
        nowhere = os.open(os.devnull, os.O_WRONLY)
        for stream in (1, 2):
            os.dup2(nowhere, stream)
        os.close(nowhere)

    def _work(self) -> None:
        while not self._ended.wait(LOOK_EVERY_S):
            self._enforce_or_tell()

    def _enforce_or_tell(self) -> None:
        try:
            self.enforce()
        except OSError as error:
            logger.error("the size of this log cannot be limited now: %s", error)


def punch_hole(path: Path, start: int, end: int) -> None:
    """Give the bytes of a file from `start` to `end` back to the storage; its size and all other bytes stay.

    Raises OSError where the storage cannot do that.
    """
    libc = ctypes.CDLL(None, use_errno=True)
    if not hasattr(libc, "fallocate"):
        raise OSError(0, "this system cannot make holes in files")
    with path.open("r+b") as file:
        mode = ctypes.c_int(_PUNCH_HOLE | _KEEP_SIZE)
        if libc.fallocate(file.fileno(), mode, ctypes.c_int64(start), ctypes.c_int64(end - start)) != 0:
            number = ctypes.get_errno()
            raise OSError(number, os.strerror(number))
