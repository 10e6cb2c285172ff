"""Objects below a URI, through fsspec: whole writes, whole or partial reads, and nothing that S3 could not do.

What is asked of the file system: an object that was written is read as it was written by whoever asks afterwards, and
is seen whole or not at all. S3 and its like promise that; for folders it is kept here by a draft and a move.
"""

from __future__ import annotations

import logging
import re
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

# How long one request may take, where the file system can be told: a storage that is away must not hold up a fence.
_OPTIONS: dict[str, dict[str, Any]] = {
    "s3": {"config_kwargs": {"connect_timeout": 5, "read_timeout": 30, "retries": {"max_attempts": 2}}},
    "file": {"auto_mkdir": True},
}
_OPTIONS |= {"s3a": _OPTIONS["s3"], "local": _OPTIONS["file"]}
_PACKAGES = {
    "s3": "stillhouse[s3]",
    "s3a": "stillhouse[s3]",
    "gs": "gcsfs",
    "gcs": "gcsfs",
    "abfs": "adlfs",
    "az": "adlfs",
}


class StorageError(OSError):
    """The storage cannot be reached, or refuses; the message says what was tried and is fit to be shown."""


def is_uri(storage: str) -> bool:
    return "://" in storage


def check_uri(uri: str) -> None:
    """Refuse what would show a secret wherever the storage is named.

    Raises:
        ValueError: the URI holds credentials, or names no place.
    """
    parts = urlsplit(uri)
    if "@" in parts.netloc or parts.query or parts.fragment:
        raise ValueError(
            f"the {parts.scheme} URI holds more than a place; credentials and options belong in the environment, "
            f"wanted such as {parts.scheme}://bucket/folder"
        )
    if not parts.scheme or not (parts.netloc + parts.path).strip("/"):
        raise ValueError(f"{uri!r} names no place; wanted such as s3://bucket/folder")


class Objects:
    """The objects below a URI, by their key. Every method raises StorageError where the storage does not do it."""

    def __init__(self, uri: str) -> None:
        check_uri(uri)
        self.uri = uri.rstrip("/")
        protocol = uri.partition("://")[0]
        self._moves = protocol in ("file", "local")
        options = {"use_listings_cache": False, "skip_instance_cache": True, **_OPTIONS.get(protocol, {})}
        try:
            import fsspec

            self._fs, root = fsspec.core.url_to_fs(self.uri, **options)
        except ImportError as error:
            package = _PACKAGES.get(protocol, "fsspec")
            raise StorageError(f"{protocol}:// needs {package}: pip install '{package}' ({error})") from error
        except ValueError as error:
            raise StorageError(f"{protocol}:// is no kind of storage that fsspec knows ({error})") from error
        self._root = str(root).rstrip("/")
        for name in ("aiobotocore", "botocore"):  # they tell at level info where credentials come from
            logging.getLogger(name).setLevel(logging.WARNING)

    def get(self, key: str) -> bytes | None:
        """The content of an object; None where there is none."""
        with self._doing("read", key):
            try:
                return bytes(self._fs.cat_file(self._path(key), start=0, end=None))
            except FileNotFoundError:
                return None

    def get_range(self, key: str, start: int, end: int) -> bytes:
        """Bytes of an object from `start` to before `end`. Raises FileNotFoundError."""
        with self._doing("read", key):
            return bytes(self._fs.cat_file(self._path(key), start=start, end=end))

    def get_file(self, key: str, path: Path) -> None:
        """Copy an object into a file. Raises FileNotFoundError."""
        with self._doing("read", key):
            self._fs.get_file(self._path(key), str(path))

    def size(self, key: str) -> int | None:
        """Bytes of an object; None where there is none."""
        with self._doing("look at", key):
            try:
                return int(self._fs.info(self._path(key))["size"])
            except FileNotFoundError:
                return None

    def put(self, key: str, content: bytes) -> None:
        """Write an object, replacing one that is there."""
        with self._doing("write", key), self._moved(key) as path:
            self._fs.pipe_file(path, content)

    def put_file(self, path: Path, key: str) -> None:
        """Write a file as an object; large ones in parts that are sent at once. Raises FileNotFoundError."""
        with self._doing("write", key), self._moved(key) as target:
            self._fs.put_file(str(path), target)

    def copy(self, source: str, target: str) -> None:
        """Copy an object within the storage. Raises FileNotFoundError."""
        with self._doing("copy", source), self._moved(target) as path:
            self._fs.cp_file(self._path(source), path)

    def remove(self, key: str) -> None:
        """Remove an object; one that is not there is as wanted."""
        with self._doing("remove", key):
            try:
                self._fs.rm_file(self._path(key))
            except FileNotFoundError:
                return

    def names(self, prefix: str) -> list[str]:
        """What lies directly below a prefix: objects and further prefixes, by their last part."""
        with self._doing("list", prefix):
            try:
                found = self._fs.ls(self._path(prefix), detail=False)
            except (FileNotFoundError, NotADirectoryError):
                return []
        names = {str(path).rstrip("/").rpartition("/")[2] for path in found}
        return sorted(name for name in names if name and not _is_draft(name))

    def keys(self, prefix: str) -> dict[str, int]:
        """All objects below a prefix with their sizes, by their key below it."""
        top = f"{self._path(prefix)}/"
        with self._doing("list", prefix):
            found = self._fs.find(top.rstrip("/"), detail=True)
        below = {_below(str(path), top): int(info["size"]) for path, info in found.items()}
        return {key: size for key, size in below.items() if not _is_draft(key.rpartition("/")[2])}

    def remove_below(self, prefix: str) -> None:
        """Remove all objects below a prefix."""
        for key in self.keys(prefix):
            self.remove(f"{prefix}/{key}")

    def probe(self) -> None:
        """Write, read and remove an object. Raises StorageError where any of it fails."""
        key = f".probe-{uuid.uuid4().hex}"
        self.put(key, b"stillhouse")
        if self.get(key) != b"stillhouse":
            raise StorageError(f"what was written to {self.uri} cannot be read again")
        self.remove(key)

    def _path(self, key: str) -> str:
        return f"{self._root}/{key}"

    @contextmanager
    def _moved(self, key: str) -> Iterator[str]:
        """Where to write an object: in folders to a draft, which is moved when it is whole."""
        path = self._path(key)
        if not self._moves:
            yield path
            return
        folder, _, name = path.rpartition("/")
        draft = f"{folder}/.{uuid.uuid4().hex}.draft"
        try:
            yield draft
            self._fs.mv(draft, f"{folder}/{name}")
        finally:
            if self._fs.exists(draft):
                self._fs.rm_file(draft)

    @contextmanager
    def _doing(self, verb: str, key: str) -> Iterator[None]:
        """Every file system has errors of its own: here they become ours."""
        try:
            yield
        except (FileNotFoundError, StorageError):
            raise
        except Exception as error:
            raise StorageError(f"cannot {verb} {self.uri}/{key}: {_in_words(error)}") from error


def _is_draft(name: str) -> bool:
    return bool(re.fullmatch(r"\.[0-9a-f]{32}\.draft", name))


def _below(path: str, top: str) -> str:
    return path[path.index(top) + len(top) :]


def _in_words(error: BaseException) -> str:
    lines = str(error).splitlines()
    return lines[0][:300] if lines and lines[0] else type(error).__name__
