"""Where an attempt works: in the shared folder itself, or in a folder of its node that is kept in the storage."""

from __future__ import annotations

import fcntl
import hashlib
import logging
import os
import shutil
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from workers.spec import AttemptOrder, JobFolder, Terminal
from workers.spec.layout import replace_whole
from workers.storage.mirror import Mirror
from workers.storage.objects import Objects, StorageError, is_uri
from workers.storage.reading import fetch, name_in

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

    def folder(self, *, scratch_after: int = 0) -> JobFolder:
        return JobFolder(self._root, self._job_id, scratch_after=scratch_after)

    def open(self) -> None:
        """It is open."""

    def take_over(self, order: AttemptOrder) -> None:
        """It is all there."""

    def files(self, names: list[str]) -> dict[str, Path]:
        return {}

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
        self._base = scratch_root() / hashlib.sha256(self._objects.uri.encode()).hexdigest()[:16]
        self._root = self._base / "attempts" / f"{job_id}-{attempt}"
        self._mirror: Mirror | None = None
        _remove_abandoned(self._base / "attempts")
        self._lock = _hold(self._root)

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
        self._mirror = Mirror(
            self._objects,
            folder,
            self._job_id,
            self._attempt,
            on_superseded=self._on_superseded,
            all_checkpoints=order.keep_best,
        )
        self._mirror.start()
        self._mirror.look_at_fence()
        self._mirror.take_over()
        self._mirror.carry()

    def files(self, names: list[str]) -> dict[str, Path]:
        found = {}
        for uri in names:
            name = name_in(self._objects.uri, uri)
            if name is None:
                continue
            path = self._root / "named" / hashlib.sha256(name.encode()).hexdigest()[:16] / name.rpartition("/")[2]
            fetch(self._objects, name, path)
            found[uri] = path
        return found

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
        _lock_of(self._root).unlink(missing_ok=True)
        os.close(self._lock)


def place_of(storage: str, job_id: str, attempt: int, *, on_superseded: Callable[[], None]) -> Place:
    """The place of an attempt in a storage: a folder, or a URI. Raises StorageError where the URI is of no use."""
    if is_uri(storage):
        return Scratch(storage, job_id, attempt, on_superseded=on_superseded)
    return SharedFolder(Path(storage), job_id, attempt)


def scratch_root() -> Path:
    """The folder of this node in which attempts work whose storage is no folder. Raises StorageError."""
    given = os.environ.get("STILLHOUSE_SCRATCH")
    if given:
        return Path(given)
    folder = Path(tempfile.gettempdir()) / f"stillhouse-{os.getuid()}"
    folder.mkdir(mode=0o700, exist_ok=True)
    if folder.stat().st_uid != os.getuid():
        raise StorageError(f"{folder} belongs to somebody else; wanted a folder of one's own at STILLHOUSE_SCRATCH")
    return folder


def _hold(folder: Path) -> int:
    """Make a folder that is this process's for as long as it lives."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    lock = os.open(_lock_of(folder), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    fcntl.flock(lock, fcntl.LOCK_EX)
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    return lock


def _remove_abandoned(attempts: Path) -> None:
    """Remove what killed attempts have left on this node."""
    for lock in attempts.glob("*.lock"):
        with lock.open("a") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                continue  # it lives
            shutil.rmtree(lock.with_suffix(""), ignore_errors=True)
            lock.unlink(missing_ok=True)


def _lock_of(folder: Path) -> Path:
    return folder.with_name(f"{folder.name}.lock")
