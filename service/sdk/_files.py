"""Files that are sent to the server and fetched from it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

Progress = Callable[[int, int], None]
"""Called with the bytes that have passed and those that there are."""
_PIECE_BYTES = 256 * 1024


@dataclass(frozen=True)
class SentFile:
    """A file as the body of a request. Raises OSError where it cannot be read."""

    path: Path
    on_progress: Progress | None = None

    def headers(self) -> dict[str, bytes]:
        size = str(self.path.stat().st_size)
        return {"Content-Type": b"application/octet-stream", "Content-Length": size.encode()}

    def pieces(self) -> Iterator[bytes]:
        total = self.path.stat().st_size
        done = 0
        with self.path.open("rb") as file:
            while piece := file.read(_PIECE_BYTES):
                yield piece
                done += len(piece)
                if self.on_progress is not None:
                    self.on_progress(done, total)
