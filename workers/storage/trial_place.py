"""Where one start of a trial trains: in the shared folder, or in a folder of its node that is kept in the storage."""

from __future__ import annotations

import hashlib
import logging
import math
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

from workers.place import Place, end_process
from workers.spec import AttemptOrder, JobFolder
from workers.storage.manifest import Manifest
from workers.storage.mirror import Mirror, Superseded
from workers.storage.named import fetch_named
from workers.storage.objects import Objects, StorageError, is_uri
from workers.storage.owners import start_fence, start_number, trial_owner
from workers.storage.scratch import hold, lock_of, remove_abandoned, scratch_base

logger = logging.getLogger(__name__)

# Says that no process of this start writes any more; its content is the number of the start.
OVER = "over"
BEGIN_WITHIN_S = 600.0
# A trial that was begun waits for a storage that is away, as one in a shared folder does.
WITHIN_S = math.inf
# Tune waits so long for a trial that it has stopped, and the training has to end in this time, too.
STOPPED_WITHIN_S = 60.0


class TrialPlace(Protocol):
    """What a trial asks of the storage. All of it raises StorageError."""

    out: Path
    cache: Path
    fence: Place | None  # to look at before anything is written; None where others do

    def files(self, names: list[str]) -> dict[str, Path]:
        """Where the files are that a spec names and that do not lie below the data root. Raises FileNotFoundError."""

    def settle(self, *, with_files: bool) -> None:
        """Have what was logged, or all, where others find it: before Tune hears of it."""

    def finish(self) -> None:
        """Have all files where others find them; none come after that."""


class _Shared:
    def __init__(self, folder: JobFolder, attempt: int, number: int, exploits: int, start: int) -> None:
        self.out = folder.trial(number, exploits=exploits)
        self.cache = folder.cache
        self.fence: Place | None = Place(folder, attempt, trial=number, start=start)

    def files(self, names: list[str]) -> dict[str, Path]:
        return {}

    def settle(self, *, with_files: bool) -> None:
        """What was written is there."""

    def finish(self) -> None:
        """It is all there."""


class _Scratch:
    def __init__(self, objects: Objects, order: AttemptOrder, number: int, exploits: int, start: int) -> None:
        self._objects = objects
        self._base = scratch_base(objects.uri)
        remove_abandoned(self._base / "attempts")
        self._root = self._base / "attempts" / f"{order.job_id}-{order.attempt}-{number}-{exploits}-{start}"
        self._lock = hold(self._root)
        sweep = JobFolder(self._root, order.job_id, scratch_after=order.scratch_after)
        owner = trial_owner(sweep, number, exploits=exploits)
        folder = JobFolder(self._root, owner, cache=self._base / "cache")
        self.out = folder.work
        self.cache = folder.cache
        self.fence: Place | None = None
        self._number = start_number(order.attempt, start)
        fences = {
            f"jobs/{order.job_id}/fence.json": order.attempt,
            start_fence(order.job_id, order.attempt, number): start,
        }
        self._mirror = Mirror(objects, folder, owner, self._number, on_superseded=end_process, fences=fences)

    def open(self) -> None:
        self._mirror.start()
        self._mirror.insist(self._mirror.look_at_fence, BEGIN_WITHIN_S)
        self._mirror.insist(self._mirror.take_over, BEGIN_WITHIN_S)
        self.out.mkdir(parents=True, exist_ok=True)
        (self.out / OVER).unlink(missing_ok=True)
        self._mirror.carry()

    def files(self, names: list[str]) -> dict[str, Path]:
        return fetch_named(self._objects, names, self._base / "cache")

    def settle(self, *, with_files: bool) -> None:
        if with_files:
            self._mirror.insist(self._mirror.sync, WITHIN_S)
        self._mirror.insist(self._mirror.settle, WITHIN_S)

    def finish(self, within_s: float = WITHIN_S) -> None:
        self.out.mkdir(parents=True, exist_ok=True)
        (self.out / OVER).write_text(str(self._number), encoding="utf-8")
        self._mirror.finish(within_s)

    def close(self) -> None:
        try:
            self.finish(STOPPED_WITHIN_S)
            self._mirror.close(0.0)
        except (StorageError, Superseded) as error:
            logger.error("%s; what this trial has done since it was last sent is done again", error)
        finally:  # the process trains another trial after this one
            self._mirror.stop()
        shutil.rmtree(self._root, ignore_errors=True)
        lock_of(self._root).unlink(missing_ok=True)
        os.close(self._lock)


@contextmanager
def trial_place(storage: str, order: AttemptOrder, number: int, *, exploits: int, start: int) -> Iterator[TrialPlace]:
    """The place of a start of a trial, until it is over. Raises StorageError."""
    if not is_uri(storage):
        folder = JobFolder(Path(storage), order.job_id, scratch_after=order.scratch_after)
        yield _Shared(folder, order.attempt, number, exploits, start)
        return
    place = _Scratch(Objects(storage), order, number, exploits, start)
    try:
        place.open()
        yield place
    finally:
        place.close()


def is_over(manifest: Manifest) -> bool:
    """Whether what a start has left is all that it will leave."""
    kept = manifest.files.get(OVER)
    return kept is not None and kept.sha256 == hashlib.sha256(str(manifest.attempt).encode()).hexdigest()
