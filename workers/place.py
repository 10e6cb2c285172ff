"""Whether a process still has its place, or a newer one has taken it: read from storage, where both can see it."""

from __future__ import annotations

import logging
import os
import time

from workers import offspring
from workers.spec import JobFolder

logger = logging.getLogger(__name__)

FENCED_EXIT_CODE = 75
LOOK_AGAIN_S = 1.0


class Place:
    """The place of an attempt; with `trial` and `start` that of one start of a trial of its sweep."""

    def __init__(self, folder: JobFolder, attempt: int, *, trial: int = 0, start: int = 0) -> None:
        self._folder, self._attempt, self._trial, self._start = folder, attempt, trial, start
        self._fence_was_there = False

    def why_lost(self) -> str | None:
        """Why this process has to end without writing anything more; None while it has its place.

        Raises OSError where the storage cannot be read.
        """
        fence = self._folder.read_fence()
        if fence is None and self._fence_was_there:
            return f"the fence is gone from {self._folder.path}: the job was removed, or this is another storage"
        self._fence_was_there = fence is not None
        if fence is not None and fence.attempt > self._attempt:
            return f"attempt {self._attempt} is superseded by attempt {fence.attempt}"
        record = self._folder.read_trial(self._trial) if self._trial else None
        if record is not None and record.starts > self._start:
            return f"trial {self._trial} was started again elsewhere"
        return None

    def wait_to_know(self) -> str | None:
        """As `why_lost`, for a thread that is about to write: while the storage cannot be read, it waits."""
        told = False
        while True:
            try:
                return self.why_lost()
            except OSError as error:
                if not told:
                    logger.warning("the storage cannot be read, the training waits until it can: %s", error)
                told = True
                time.sleep(LOOK_AGAIN_S)


def end_process() -> None:
    """End at once, with all that this process has forked: what would follow an orderly end is the business of whoever
    has the place now."""
    offspring.end_all()
    logging.shutdown()
    os._exit(FENCED_EXIT_CODE)
