"""Reading the log of an attempt from storage, piece by piece."""

from __future__ import annotations

import asyncio
from pathlib import Path

from service.errors import Unavailable
from service.jobs.errors import AttemptNotFound
from service.jobs.lifecycle import FINAL, JobState
from service.jobs.logic import find
from service.jobs.repository import JobRepository
from service.jobs.schemas import LogChunk
from workers.spec import JobFolder
from workers.storage.near import Store
from workers.storage.objects import StorageError


async def read_log(
    jobs: JobRepository, store: Store, job_id: str, *, attempt: int | None, offset: int, limit_bytes: int
) -> LogChunk:
    """A piece of the log of an attempt, of the newest where none is named.

    Raises:
        JobNotFound: there is no such job.
        AttemptNotFound: the job has no attempt of that number.
        Unavailable: the storage does not answer.
    """
    row = await find(jobs, job_id)
    number = row.attempt if attempt is None else attempt
    if number == 0:
        return LogChunk(attempt=0, text="", next_offset=offset, complete=JobState(row.state) in FINAL)
    found = await jobs.attempt(job_id, number)
    if found is None:
        raise AttemptNotFound(f"{job_id} has no attempt {number}; its newest is {row.attempt}")
    ended = found.ended_at is not None
    folder = JobFolder(store.root, job_id)
    try:
        text, next_offset, at_end = await asyncio.to_thread(
            read_piece, store, folder, number, offset=offset, limit_bytes=limit_bytes, ended=ended
        )
    except StorageError as error:
        raise Unavailable(f"the log cannot be read now: {error}") from error
    return LogChunk(attempt=number, text=text, next_offset=next_offset, complete=ended and at_end)


def read_piece(
    store: Store, folder: JobFolder, attempt: int, *, offset: int, limit_bytes: int, ended: bool
) -> tuple[str, int, bool]:
    """As `read_text`; in the place of what was dropped from a log that is too large stands a line that says so."""
    path = folder.log(attempt)
    found = read_text(store, path, offset=offset, limit_bytes=limit_bytes, ended=ended)
    # Looked at afterwards: what is dropped is told before it is, so that what was read is whole or known not to be.
    store.fetch(folder.log_cut(attempt))
    cut = folder.read_log_cut(attempt)
    if cut is None or cut.end <= cut.start or found[1] <= cut.start or offset >= cut.end:
        return found
    if offset < cut.start:
        with path.open("rb") as file:
            file.seek(offset)
            return file.read(cut.start - offset).decode("utf-8", errors="replace"), cut.start, False
    notice = (
        f"\n[{cut.end - offset:,} bytes of this log were dropped: it is over the limit, STILLHOUSE_MAX_LOG_BYTES]\n"
    )
    return notice, cut.end, False


def read_text(store: Store, path: Path, *, offset: int, limit_bytes: int, ended: bool) -> tuple[str, int, bool]:
    """Text from `offset` on, where to read on, and whether that is the end. Never splits a character.

    `ended` says that nobody writes any more, so that half a character at the end is all there will ever be.

    Raises:
        StorageError: the storage does not answer.
    """
    try:
        store.fetch(path)
        with path.open("rb") as file:
            size = file.seek(0, 2)
            if offset >= size:  # no file system can be asked for bytes that lie very far behind the end
                return "", offset, True
            file.seek(offset)
            piece = file.read(limit_bytes)
    except FileNotFoundError:
        return "", offset, True
    at_end = offset + len(piece) >= size
    if not (at_end and ended):
        piece = piece[: len(piece) - _half_character(piece)]
    return piece.decode("utf-8", errors="replace"), offset + len(piece), offset + len(piece) >= size


def _half_character(piece: bytes) -> int:
    """How many bytes at the end begin a character of UTF-8 without ending it."""
    for back in range(1, min(4, len(piece) + 1)):
        byte = piece[-back]
        if byte & 0xC0 == 0x80:
            continue
        length = 4 if byte >= 0xF0 else 3 if byte >= 0xE0 else 2 if byte >= 0xC0 else 1
        return back if length > back else 0
    return 0
