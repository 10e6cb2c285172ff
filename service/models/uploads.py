"""Weights that are uploaded: streamed into storage, hashed on the way, and there as a whole or not at all."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import os
import uuid
from collections.abc import AsyncIterable, AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from service.errors import FieldError, Invalid, StorageFull, TooLarge
from service.settings import Settings
from service.store import open_store
from workers.spec.weights import BadWeights, describe
from workers.storage.near import Store

SUFFIX = ".safetensors"
_PART = ".part"
_STALE_S = 3600.0
_WRITE_BYTES = 2**20


@dataclass(frozen=True)
class Upload:
    """A file that arrived whole."""

    path: Path
    sha256: str
    size_bytes: int
    store: Store

    @property
    def weights(self) -> str:
        """How a spec names it."""
        return self.store.named(self.path)

    def remove(self) -> None:
        """Raises OSError."""
        self.store.remove(self.path)


def check_size(size_bytes: int, settings: Settings) -> None:
    """Raises TooLarge."""
    if size_bytes > settings.max_upload_bytes:
        raise TooLarge(
            f"a file of weights may have {settings.max_upload_bytes:,} bytes (STILLHOUSE_MAX_UPLOAD_BYTES), "
            "this one has more; copy it to the cluster and register its path, or ask who runs the server for more"
        )


@asynccontextmanager
async def received(pieces: AsyncIterable[bytes], settings: Settings) -> AsyncIterator[Upload]:
    """The file that `pieces` make up, kept in storage unless the block that works with it raises.

    Raises:
        TooLarge: it is larger than the settings allow.
        Invalid: it was not written by Stillhouse, or is not whole.
        StorageFull: there is no room for it.
    """
    path = settings.storage / "uploads" / f"{uuid.uuid4().hex}{SUFFIX}"
    draft = path.with_suffix(_PART)
    try:
        upload = await _write(pieces, draft, path, settings)
        yield upload
    except BaseException:  # a client that went away cancels
        for leftover in (draft, path):
            with contextlib.suppress(OSError):  # what went wrong first is told
                open_store(settings).remove(leftover)
        raise


async def _write(pieces: AsyncIterable[bytes], draft: Path, path: Path, settings: Settings) -> Upload:
    digest = hashlib.sha256()
    size = 0
    store = open_store(settings)
    try:
        await asyncio.to_thread(_prepare, draft)
        with draft.open("r+b") as file:
            async for block in _blocks(pieces):
                size += len(block)
                check_size(size, settings)
                await asyncio.to_thread(_take, block, digest, file)
            await asyncio.to_thread(_sync, file)
        await asyncio.to_thread(describe, draft, sha256=digest.hexdigest())
        await asyncio.to_thread(draft.rename, path)
        await asyncio.to_thread(store.put, path)
    except BadWeights as error:
        wrong = FieldError(field="body", message=str(error), found=None, wanted="a safetensors file of Stillhouse")
        raise Invalid(f"body: {error}", errors=(wrong,)) from error
    except OSError as error:
        raise StorageFull(f"the upload could not be kept: {error.strerror or error}") from error
    return Upload(path, digest.hexdigest(), size, store)


async def _blocks(pieces: AsyncIterable[bytes]) -> AsyncIterator[bytes]:
    """The same bytes in larger pieces: each is written by a thread."""
    held = bytearray()
    async for piece in pieces:
        held += piece
        if len(held) >= _WRITE_BYTES:
            yield bytes(held)
            held.clear()
    if held:
        yield bytes(held)


def _take(block: bytes, digest: hashlib._Hash, file: BinaryIO) -> None:
    digest.update(block)
    file.write(block)


def _sync(file: BinaryIO) -> None:
    file.flush()
    os.fsync(file.fileno())


def _prepare(draft: Path) -> None:
    """Make the draft, and remove those of processes that were killed in the middle of an upload.

    How old they are is told by the clock of the storage, which also dates the new one: ours may differ by hours.
    """
    draft.parent.mkdir(parents=True, exist_ok=True)
    draft.touch(exist_ok=False)
    now = draft.stat().st_mtime
    for part in draft.parent.glob(f"*{_PART}"):
        with contextlib.suppress(FileNotFoundError):  # another process was faster
            if now - part.stat().st_mtime > _STALE_S:
                part.unlink()
