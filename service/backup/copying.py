"""Files and folders, hashed while they are copied."""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

from service.backup.manifest import Entry
from workers.spec.weights import file_sha256

_CHUNK_BYTES = 2**20


def copy_file(source: Path, target: Path, name: str) -> Entry:
    """Copy with times and rights, and tell what was copied, which of a file that is written to is what was read."""
    target.parent.mkdir(parents=True, exist_ok=True)
    digest, size = hashlib.sha256(), 0
    # nobody else may read it before it has the rights of the original
    with (
        source.open("rb") as reading,
        os.fdopen(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as writing,
    ):
        while chunk := reading.read(_CHUNK_BYTES):
            digest.update(chunk)
            size += len(chunk)
            if chunk.count(0) == len(chunk):  # what was dropped from a log takes no space in the copy either
                writing.seek(len(chunk), os.SEEK_CUR)
            else:
                writing.write(chunk)
        writing.truncate(size)
    shutil.copystat(source, target)
    return Entry(path=name, sha256=digest.hexdigest(), size_bytes=size)


def hash_file(path: Path, name: str) -> Entry:
    return Entry(path=name, sha256=file_sha256(path), size_bytes=path.stat().st_size)


def files_below(folder: Path, *, leave_out: frozenset[str] = frozenset()) -> Iterator[Path]:
    """Regular files, relative to the folder and in order; `leave_out` are names of folders at its top."""
    for parent, folders, names in os.walk(folder):
        here = Path(parent)
        folders[:] = sorted(name for name in folders if here != folder or name not in leave_out)
        yield from (path.relative_to(folder) for name in sorted(names) if (path := here / name).is_file())


def is_empty_place(path: Path) -> bool:
    """Whether nothing is there, or a folder without anything in it."""
    return not path.exists() or (path.is_dir() and next(path.iterdir(), None) is None)
