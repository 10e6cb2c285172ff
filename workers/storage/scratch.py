"""Folders of a node for attempts and trials whose storage is no folder; what killed ones left is removed."""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import tempfile
from pathlib import Path

from workers.storage.objects import StorageError


def scratch_base(uri: str) -> Path:
    """What this node keeps for one storage: `attempts`, and a `cache` that they share. Raises StorageError."""
    return scratch_root() / hashlib.sha256(uri.encode()).hexdigest()[:16]


def scratch_root() -> Path:
    """The folder of this node in which attempts work whose storage is no folder. Raises StorageError."""
    given = os.environ.get("STILLHOUSE_SCRATCH")
    if given:
        return Path(given)
    folder = Path(tempfile.gettempdir()) / f"stillhouse-{os.getuid()}"
    folder.mkdir(mode=0o700, exist_ok=True)
    if folder.stat().st_uid != os.getuid():
        raise StorageError(f"{folder} belongs to somebody else; wanted a folder of one's own at STILLHOUSE_SCRATCH")
    return folder


def hold(folder: Path) -> int:
    """Make a folder that is this process's for as long as it lives."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    while True:
        lock = os.open(lock_of(folder), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        fcntl.flock(lock, fcntl.LOCK_EX)
        if _is_still(lock_of(folder), lock):
            break
        os.close(lock)  # somebody has taken it for one that was left behind
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    return lock


def remove_abandoned(attempts: Path) -> None:
    """Remove what killed attempts have left on this node."""
    for lock in attempts.glob("*.lock"):
        with lock.open("a") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                continue  # it lives
            if _is_still(lock, file.fileno()):  # else another one was as fast, and the folder may be somebody's again
                shutil.rmtree(lock.with_suffix(""), ignore_errors=True)
                lock.unlink(missing_ok=True)


def _is_still(path: Path, descriptor: int) -> bool:
    try:
        return os.path.samestat(path.stat(), os.fstat(descriptor))
    except FileNotFoundError:
        return False


def lock_of(folder: Path) -> Path:
    return folder.with_name(f"{folder.name}.lock")
