"""Files that only grow, such as logs and journals, as numbered objects: the last one is put anew while it fills up.

S3 cannot append. Part n holds the bytes from n times PART_BYTES on, so that whoever has read so far knows which part
comes next. A part is only ever replaced by one that begins with it, or by an empty one: what it held was dropped.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

from workers.storage.objects import Objects

PART_BYTES = 256 * 1024


def part_key(key: str, number: int) -> str:
    return f"{key}/{number:08d}"


class GrownUpload:
    """Keeps the parts of one file equal to it. For one writer."""

    def __init__(self, objects: Objects, path: Path, key: str) -> None:
        self._objects = objects
        self._path = path
        self._key = key
        self._digest = hashlib.sha256()
        self._dropped = range(0)
        self.size_bytes = 0

    @property
    def sha256(self) -> str:
        """Of all that was sent."""
        return self._digest.hexdigest()

    def drop(self, start: int, end: int) -> None:
        """Let go of the parts that lie between two positions, which have become a hole of the file, and of those to
        come. Raises StorageError."""
        parts = range(-(-start // PART_BYTES), end // PART_BYTES)
        for number in parts:
            if number not in self._dropped and number * PART_BYTES < self.size_bytes:
                self._objects.put(part_key(self._key, number), b"")
        self._dropped = parts

    def push(self) -> None:
        """Send what was appended. Raises StorageError; what was not sent is sent the next time."""
        try:
            file = self._path.open("rb")
        except FileNotFoundError:
            return
        with file:
            end = file.seek(0, 2)
            while self.size_bytes < end:
                number, done = divmod(self.size_bytes, PART_BYTES)
                file.seek(number * PART_BYTES)
                content = file.read(min(PART_BYTES, end - number * PART_BYTES))
                self._objects.put(part_key(self._key, number), b"" if number in self._dropped else content)
                self._digest.update(content[done:])
                self.size_bytes = number * PART_BYTES + len(content)


def read_grown(objects: Objects, key: str, offset: int = 0) -> Iterator[bytes]:
    """The bytes of a file from `offset` on, as far as they are there; zeros where they were dropped."""
    while True:
        number, done = divmod(offset, PART_BYTES)
        size = objects.size(part_key(key, number))
        if size is None:
            return
        if size == 0:
            yield bytes(PART_BYTES - done)
            offset += PART_BYTES - done
            continue
        if size > done:
            piece = objects.get_range(part_key(key, number), done, size)
            offset += len(piece)
            yield piece
        if size < PART_BYTES:
            return
