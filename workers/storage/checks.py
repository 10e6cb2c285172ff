"""Where a check works: in the shared folder, or in a folder of its own from which it sends what it leaves."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from trainer.errors import InputError
from workers.storage.grown import GrownUpload
from workers.storage.near import Near, Shared, Store
from workers.storage.objects import Objects, is_uri


class CheckPlace:
    """The shared folder: all is there."""

    uri = ""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.root = store.root

    def fetch(self, path: Path) -> None:
        """Have the order. Raises StorageError, as all of these."""
        self._store.fetch(path)

    def file(self, weights: str) -> Path | None:
        """Where weights are that a URI names; None where they are where the spec says. Raises InputError."""
        return None

    def put(self, path: Path) -> None:
        self._store.put(path)

    def put_all(self, folder: Path) -> None:
        for path in sorted(folder.glob("*")):
            self._store.put(path)

    def put_log(self, path: Path) -> None:
        """Nothing has to be sent of a log that all see."""


class _Remote(CheckPlace):
    def __init__(self, objects: Objects, root: Path) -> None:
        super().__init__(Near(objects, root))
        self._objects = objects
        self.uri = objects.uri

    def file(self, weights: str) -> Path | None:
        path = self._store.at(weights)
        if not path.is_relative_to(self.root):
            return None
        self._store.fetch(path)
        if not path.is_file():
            raise InputError(f"there is no {weights}")
        return path

    def put_log(self, path: Path) -> None:
        GrownUpload(self._objects, path, path.relative_to(self.root).as_posix()).push()


@contextmanager
def check_place(storage: str) -> Iterator[CheckPlace]:
    """Raises StorageError where a URI is of no use."""
    if not is_uri(storage):
        yield CheckPlace(Shared(Path(storage)))
        return
    objects = Objects(storage)
    with tempfile.TemporaryDirectory(prefix="stillhouse-check-") as folder:
        yield _Remote(objects, Path(folder))
