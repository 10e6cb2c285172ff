"""Tensors in files, found again by what they were computed from; shared by jobs that run at the same time.

Every entry is one safetensors file, written under a temporary name and moved, so that a reader sees all of it or
nothing. A folder holds the entries of one key; while a process uses it, it holds a shared lock on it, and only folders
that nobody uses are removed to make room.
"""

from __future__ import annotations

import fcntl
import logging
import os
import shutil
import uuid
from collections import OrderedDict
from collections.abc import Mapping
from pathlib import Path

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save
from torch import Tensor

logger = logging.getLogger(__name__)

_MOST_MAPPED = 4096  # files that stay mapped; their pages are the system's cache, which all processes share


class CacheFiles:
    """The entries of one key."""

    def __init__(self, root: Path, key: str, *, half: bool) -> None:
        """`half` stores floating-point tensors in float16, which loses bits."""
        self.folder = root / key
        self.folder.mkdir(parents=True, exist_ok=True)
        self._half = half
        self._lock = (self.folder / ".in-use").open("w")
        fcntl.flock(self._lock, fcntl.LOCK_SH)
        os.utime(self.folder)  # when a key was last used decides what goes first
        self._mapped: OrderedDict[str, dict[str, Tensor]] = OrderedDict()  # the last ones read, oldest first

    def read(self, name: str) -> dict[str, Tensor] | None:
        """The entry, or None where there is none; a damaged one is removed."""
        if (tensors := self._mapped.get(name)) is not None:
            self._mapped.move_to_end(name)
        elif (tensors := self._map(name)) is not None:
            self._mapped[name] = tensors
            if len(self._mapped) > _MOST_MAPPED:
                self._mapped.popitem(last=False)
        else:
            return None
        return {key: tensor.float() if tensor.dtype == torch.float16 else tensor for key, tensor in tensors.items()}

    def _map(self, name: str) -> dict[str, Tensor] | None:
        """The tensors of a file, which are its very pages."""
        path = self._path(name)
        try:
            with safe_open(path, framework="pt") as file:
                return {key: file.get_tensor(key) for key in file.keys()}  # noqa: SIM118
        except FileNotFoundError:
            return None
        except (SafetensorError, OSError) as error:
            logger.warning("the cached outputs in %s are damaged and computed anew (%s)", path, error)
            path.unlink(missing_ok=True)
            return None

    def write(self, name: str, tensors: Mapping[str, Tensor]) -> None:
        """Store an entry whole; of two processes that write the same one, the later wins."""
        path = self._path(name)
        path.parent.mkdir(exist_ok=True)
        kept = {
            key: (tensor.half() if self._half and tensor.is_floating_point() else tensor).contiguous().cpu()
            for key, tensor in tensors.items()
        }
        draft = path.with_name(f".{uuid.uuid4().hex}")
        try:
            draft.write_bytes(save(kept))
            draft.replace(path)
        finally:
            draft.unlink(missing_ok=True)

    def close(self) -> None:
        """Let others remove this key."""
        self._mapped.clear()
        self._lock.close()

    def _path(self, name: str) -> Path:
        return self.folder / name[:2] / f"{name}.safetensors"


def make_room(root: Path, key: str, *, needed_bytes: int, budget_bytes: int) -> bool:
    """Whether `needed_bytes` fit into the budget beside what other processes use; removes unused keys, oldest first."""
    root.mkdir(parents=True, exist_ok=True)
    others = sorted((path for path in root.iterdir() if path.is_dir() and path.name != key), key=_last_used)
    sizes = {path: _size_bytes(path) for path in others}
    for path in others:
        if needed_bytes + sum(sizes.values()) <= budget_bytes:
            break
        if needed_bytes <= budget_bytes and _remove_unused(path):
            logger.info("removed %.0f MB of cached teacher outputs in %s to make room", sizes[path] / 1e6, path)
            del sizes[path]
    return needed_bytes + sum(sizes.values()) <= budget_bytes


def _remove_unused(folder: Path) -> bool:
    try:
        with (folder / ".in-use").open("a") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            shutil.rmtree(folder, ignore_errors=True)
    except OSError:  # in use, or removed by another process just now
        return False
    return True


def _last_used(folder: Path) -> float:
    try:
        return folder.stat().st_mtime
    except FileNotFoundError:
        return 0.0


def _size_bytes(folder: Path) -> int:
    total = 0
    for directory, _, files in os.walk(folder):
        for name in files:
            try:
                total += (Path(directory) / name).stat().st_size
            except FileNotFoundError:  # moved or removed by another process
                continue
    return total
