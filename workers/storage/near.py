"""The storage as the service works with it: files below a local folder, brought up to date when they are asked for."""

from __future__ import annotations

import fcntl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

from workers.spec import JobFolder
from workers.storage.changes import replay
from workers.storage.grown import read_grown
from workers.storage.manifest import Manifest, grown_key, newest_manifest
from workers.storage.objects import Objects, StorageError
from workers.storage.reading import fetch, job_of, name_in, whole_bytes

# Curves and logs are asked for by many at a time: what was looked at is so long as good as new.
FRESH_S = 0.5
_LOG = "log.txt"


class Store(Protocol):
    """Where the service finds what attempts leave, and leaves what they are to find. Paths lie below `root`."""

    root: Path

    def fetch(self, path: Path) -> None:
        """Have the file at `path` as it is in the storage; where there is none, there is none here afterwards.

        Raises:
            StorageError: it cannot be had.
        """

    def fetch_records(self, folder: JobFolder) -> None:
        """Have the records of a sweep's trials as they are in the storage. Raises StorageError."""

    def put(self, path: Path) -> None:
        """Have the file at `path` in the storage. Raises StorageError."""

    def remove(self, path: Path) -> None:
        """Remove a file, here and in the storage. Raises OSError."""

    def named(self, path: Path) -> str:
        """How a spec names a file, so that every node finds it."""

    def at(self, name: str) -> Path:
        """The path here of a file that a spec names."""

    def probe(self) -> None:
        """Raises StorageError where files cannot be written, read and removed."""


class Shared:
    """A folder that all see: nothing has to be fetched, and what was written is there."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def fetch(self, path: Path) -> None:
        """It is as it is."""

    def fetch_records(self, folder: JobFolder) -> None:
        """They are as they are."""

    def put(self, path: Path) -> None:
        """It is there."""

    def remove(self, path: Path) -> None:
        path.unlink()

    def named(self, path: Path) -> str:
        return str(path)

    def at(self, name: str) -> Path:
        return Path(name)

    def probe(self) -> None:
        """Whoever asks looks at the folder itself."""


class Near:
    """A storage behind a URI, with a copy of what was asked for below `root`, which may be removed at any time.

    Several processes may share `root`.
    """

    def __init__(self, objects: Objects, root: Path) -> None:
        self.root = root
        self._objects = objects
        self._manifests: dict[str, tuple[float, Manifest | None]] = {}
        self._looked_at: dict[Path, float] = {}
        self._lock = threading.Lock()
        self._replayed: dict[Path, tuple[str, int]] = {}

    def fetch(self, path: Path) -> None:
        if not path.is_relative_to(self.root):
            return  # it lies below the data root, which all nodes have
        name = path.relative_to(self.root).as_posix()
        belongs = job_of(name)
        if path.name == _LOG:
            self._fetch_grown(path, name, of="")
        elif belongs is None:
            self._fetch_plain(path, name)
        else:
            self._fetch_work(path, name, *belongs)

    def fetch_records(self, folder: JobFolder) -> None:
        changes = folder.changes
        with self._lock:  # who has read an end marker wants all that came before it
            self._looked_at.pop(changes, None)
        self.fetch(changes)
        writer = _writer_of(changes)
        before, offset = self._replayed.get(changes, ("", 0))
        try:
            self._replayed[changes] = (writer, replay(changes, offset if before == writer else 0))
        except ValueError as error:
            raise StorageError(f"{changes} cannot be read: {error}") from error

    def put(self, path: Path) -> None:
        self._objects.put_file(path, path.relative_to(self.root).as_posix())

    def remove(self, path: Path) -> None:
        self._objects.remove(path.relative_to(self.root).as_posix())
        path.unlink(missing_ok=True)

    def named(self, path: Path) -> str:
        return f"{self._objects.uri}/{path.relative_to(self.root).as_posix()}"

    def at(self, name: str) -> Path:
        below = name_in(self._objects.uri, name)
        return Path(name) if below is None else self.root / below

    def probe(self) -> None:
        self._objects.probe()

    def _fetch_plain(self, path: Path, name: str) -> None:
        content = self._objects.get(name)
        if content is None:
            path.unlink(missing_ok=True)
        elif not path.is_file() or path.read_bytes() != content:
            whole_bytes(path, content)

    def _fetch_work(self, path: Path, name: str, job_id: str, below: str) -> None:
        manifest = self._manifest(job_id)
        if manifest is not None and below in manifest.grown:
            self._fetch_grown(path, grown_key(job_id, manifest.attempt, below), of=str(manifest.attempt))
        elif manifest is not None and below in manifest.files:
            fetch(self._objects, name, path)
        else:
            path.unlink(missing_ok=True)

    def _fetch_grown(self, path: Path, key: str, *, of: str) -> None:
        """Append what is new. `of` names the writer: another one's file may differ before its end."""
        if self._is_fresh(path):
            return
        with _alone_with(path) as mark:
            if mark.read_text(encoding="utf-8") != of:
                path.unlink(missing_ok=True)
                mark.write_text(of, encoding="utf-8")
            have = path.stat().st_size if path.is_file() else 0
            for piece in read_grown(self._objects, key, have):
                with path.open("ab") as file:
                    if any(piece):
                        file.write(piece)
                    else:  # it was dropped: a hole takes no room here either
                        file.truncate(file.seek(0, 2) + len(piece))

    def _manifest(self, job_id: str) -> Manifest | None:
        with self._lock:
            at, manifest = self._manifests.get(job_id, (-FRESH_S, None))
        if time.monotonic() - at < FRESH_S:
            return manifest
        manifest = newest_manifest(self._objects, job_id)
        with self._lock:
            self._forget_old(self._manifests)
            self._manifests[job_id] = (time.monotonic(), manifest)
        return manifest

    def _is_fresh(self, path: Path) -> bool:
        """Whether a file was looked at just now; if not, it is from now on."""
        now = time.monotonic()
        with self._lock:
            if now - self._looked_at.get(path, -FRESH_S) < FRESH_S and path.is_file():
                return True
            if len(self._looked_at) > 1000:
                self._looked_at = {}
            self._looked_at[path] = now
        return False

    @staticmethod
    def _forget_old(manifests: dict[str, tuple[float, Manifest | None]]) -> None:
        now = time.monotonic()
        for job_id in [job_id for job_id, (at, _) in manifests.items() if now - at > FRESH_S]:
            del manifests[job_id]


@contextmanager
def _alone_with(path: Path) -> Iterator[Path]:
    """Nobody else changes the copy of a file meanwhile; yields the file that says whose it is."""
    path.parent.mkdir(parents=True, exist_ok=True)
    mark = _mark_of(path)
    with mark.open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield mark


def _mark_of(path: Path) -> Path:
    """The file that says whose the copy of a file is."""
    return path.with_name(f".{path.name}.of")


def _writer_of(path: Path) -> str:
    mark = _mark_of(path)
    return mark.read_text(encoding="utf-8") if mark.is_file() else ""
