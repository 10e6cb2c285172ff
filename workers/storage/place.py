"""Where an attempt works: in the shared folder itself, or in a folder of its node that is kept in the storage."""

from __future__ import annotations

import logging
import os
import shutil
import time
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from workers.spec import AttemptOrder, JobFolder, SweepSpec, Terminal
from workers.spec.layout import replace_whole
from workers.storage.changes import replay
from workers.storage.mirror import Mirror
from workers.storage.named import fetch_named
from workers.storage.objects import Objects, StorageError, is_uri
from workers.storage.remote_trials import RemoteTrials
from workers.storage.scratch import hold, lock_of, remove_abandoned, scratch_base
from workers.storage.trials import SharedTrials, Trials

logger = logging.getLogger(__name__)

BEGIN_WITHIN_S = 60.0
END_WITHIN_S = 600.0


class Place(Protocol):
    """What the entry point of an attempt asks of the storage."""

    def folder(self, *, scratch_after: int = 0) -> JobFolder:
        """The job's folder here."""

    def open(self) -> None:
        """Make the order readable, and begin to tell that the attempt lives. Raises StorageError."""

    def take_over(self, order: AttemptOrder) -> None:
        """Have here what the attempts before have left. Raises StorageError."""

    def files(self, names: list[str]) -> dict[str, Path]:
        """Where the files are that a spec names and that do not lie below the data root.

        Raises:
            FileNotFoundError: there is no such file.
            StorageError: it cannot be had.
        """

    def trials(self) -> Trials:
        """What the driver of a sweep works with, once all is taken over."""

    def settle(self) -> None:
        """Called before MLflow hears of points. Raises StorageError."""

    def finish(self) -> None:
        """Have all files where another attempt finds them. Raises StorageError."""

    def close(self, terminal: Terminal) -> None:
        """Leave the end marker, last of all. Raises StorageError."""


class SharedFolder:
    """A folder that all nodes and the service see: what is written there is there."""

    def __init__(self, root: Path, job_id: str, attempt: int) -> None:
        self._root = root
        self._job_id = job_id
        self._attempt = attempt
        self._folder = self.folder()

    def folder(self, *, scratch_after: int = 0) -> JobFolder:
        return JobFolder(self._root, self._job_id, scratch_after=scratch_after)

    def open(self) -> None:
        """It is open."""

    def take_over(self, order: AttemptOrder) -> None:
        """It is all there."""
        self._folder = self.folder(scratch_after=order.scratch_after)

    def files(self, names: list[str]) -> dict[str, Path]:
        return {}

    def trials(self) -> Trials:
        return SharedTrials(self._folder)

    def settle(self) -> None:
        """What was written is there."""

    def finish(self) -> None:
        """It is all there."""

    def close(self, terminal: Terminal) -> None:
        self.folder().write_terminal(self._attempt, terminal)


class Scratch:
    """A folder of the node, kept in the storage behind a URI."""

    def __init__(self, uri: str, job_id: str, attempt: int, *, on_superseded: Callable[[], None]) -> None:
        self._objects = Objects(uri)
        self._job_id = job_id
        self._attempt = attempt
        self._on_superseded = on_superseded
        self._base = scratch_base(self._objects.uri)
        self._root = self._base / "attempts" / f"{job_id}-{attempt}"
        self._mirror: Mirror | None = None
        remove_abandoned(self._base / "attempts")
        self._lock = hold(self._root)
        self._trials: Trials | None = None

    def folder(self, *, scratch_after: int = 0) -> JobFolder:
        cache = self._base / "cache"
        return JobFolder(self._root, self._job_id, scratch_after=scratch_after, cache=cache)

    def open(self) -> None:
        folder = self.folder()
        order = folder.order_path(self._attempt)
        key = order.relative_to(self._root).as_posix()
        deadline = time.monotonic() + BEGIN_WITHIN_S
        while True:
            try:
                content = self._objects.get(key)
                break
            except StorageError as error:
                if time.monotonic() > deadline:
                    raise
                logger.warning("%s; trying again", error)
                time.sleep(1)
        if content is not None:
            replace_whole(order, content.decode())

    def take_over(self, order: AttemptOrder) -> None:
        folder = self.folder(scratch_after=order.scratch_after)
        is_sweep = isinstance(order.spec, SweepSpec)
        mirror = self._mirror = Mirror(
            self._objects,
            folder,
            self._job_id,
            self._attempt,
            on_superseded=self._on_superseded,
            all_checkpoints=order.keep_best,
            journal=folder.changes if is_sweep else None,
            has_files=not is_sweep,
            followed=[folder.steering] if is_sweep else [],
        )
        mirror.start()
        mirror.look_at_fence()
        mirror.take_over()
        if is_sweep:
            mirror.follow()
            replay(folder.changes)
            self._trials = RemoteTrials(self._objects, mirror, folder, self._job_id, self._attempt)
        mirror.carry()

    def files(self, names: list[str]) -> dict[str, Path]:
        return fetch_named(self._objects, names, self._root)

    def trials(self) -> Trials:
        assert self._trials is not None, "trials come after the beginning"
        return self._trials

    def settle(self) -> None:
        assert self._mirror is not None, "points come after the beginning"
        self._mirror.settle()

    def finish(self) -> None:
        if self._mirror is not None:
            self._mirror.finish(END_WITHIN_S)

    def close(self, terminal: Terminal) -> None:
        folder = self.folder()
        folder.write_terminal(self._attempt, terminal)
        if self._mirror is not None:
            self._mirror.close(END_WITHIN_S)
        key = folder.terminal(self._attempt).relative_to(self._root).as_posix()
        self._objects.put(key, terminal.model_dump_json().encode())
        shutil.rmtree(self._root, ignore_errors=True)
        lock_of(self._root).unlink(missing_ok=True)
        os.close(self._lock)


def place_of(storage: str, job_id: str, attempt: int, *, on_superseded: Callable[[], None]) -> Place:
    """The place of an attempt in a storage: a folder, or a URI. Raises StorageError where the URI is of no use."""
    if is_uri(storage):
        return Scratch(storage, job_id, attempt, on_superseded=on_superseded)
    return SharedFolder(Path(storage), job_id, attempt)
