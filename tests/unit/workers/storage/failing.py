"""A storage that can be made to fail, or to be changed, at any request."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from workers.storage.objects import Objects, StorageError


class FailingObjects(Objects):
    """The real one, asked first what is to fail. `before` is called with the verb and the key of every request."""

    def __init__(self, uri: str) -> None:
        super().__init__(uri)
        self.fails: Callable[[str, str], bool] = lambda verb, key: False
        self.before: Callable[[str, str], None] = lambda verb, key: None
        self.written: list[str] = []

    def _request(self, verb: str, key: str) -> None:
        self.before(verb, key)
        if self.fails(verb, key):
            raise StorageError(f"made to fail: {verb} {key}")

    def get(self, key: str) -> bytes | None:
        self._request("get", key)
        return super().get(key)

    def get_file(self, key: str, path: Path) -> None:
        self._request("get", key)
        super().get_file(key, path)

    def put(self, key: str, content: bytes) -> None:
        self._request("put", key)
        super().put(key, content)
        self.written.append(key)

    def put_file(self, path: Path, key: str) -> None:
        self._request("put", key)
        super().put_file(path, key)
        self.written.append(key)

    def copy(self, source: str, target: str) -> None:
        self._request("copy", source)
        super().copy(source, target)

    def remove(self, key: str) -> None:
        self._request("remove", key)
        super().remove(key)
