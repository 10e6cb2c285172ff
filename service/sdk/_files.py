"""Files that are sent to the server and fetched from it."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx

from service.sdk._session import Session

Progress = Callable[[int, int], None]
"""Called with the bytes that have passed and those that there are."""
_PIECE_BYTES = 256 * 1024
_READ_TIMEOUT_S = 60.0


async def fetch(session: Session, path: str, to: Path, on_progress: Progress | None = None) -> Path:
    """Write what is at `path` of the API to the file `to`, whole or not at all.

    Raises:
        ServerUnreachable: the connection broke before all had come.
        ApiError: the server said no.
        OSError: the file cannot be written.
    """
    draft = to.with_name(f".{to.name}.{uuid.uuid4().hex}")
    to.parent.mkdir(parents=True, exist_ok=True)
    try:
        async with session.open(path, read_timeout_s=_READ_TIMEOUT_S) as answer:
            done = 0
            with draft.open("wb") as file:
                async for piece in answer.pieces:
                    file.write(piece)
                    done += len(piece)
                    if on_progress is not None:
                        on_progress(done, answer.size_bytes)
        draft.replace(to)
    except httpx.HTTPError as error:
        raise session.unreachable(error) from error
    finally:
        draft.unlink(missing_ok=True)
    return to


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
