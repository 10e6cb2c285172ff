"""Resumable checkpoints: tensors and plain data only, written whole, the newest two kept, and the best where asked.

A file is a line that names the format, a line with the SHA-256 of the rest, and the rest: what `torch.save` writes.
"""

from __future__ import annotations

import hashlib
import io
import logging
import os
import pickle
import random
import uuid
from pathlib import Path
from typing import Any

import numpy as np
import torch

from trainer.errors import InputError
from trainer.folders import checkpoint_name

logger = logging.getLogger(__name__)

NUM_KEPT = 2
_FORMAT = b"stillhouse-checkpoint-1"


class DamagedCheckpointError(InputError):
    """A checkpoint is not what was written."""


def write_checkpoint(folder: Path, state: dict[str, Any], *, step: int, best_step: int | None = None) -> Path:
    """Write `state` as the checkpoint of `step`, durably and in one move; removes all but the newest two, and that of
    `best_step`."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / checkpoint_name(step)
    draft = folder / f".{path.name}.{uuid.uuid4().hex}"
    try:
        content = io.BytesIO()
        torch.save(state, content)
        with draft.open("wb") as file:
            file.write(_FORMAT + b"\n" + _digest(content.getbuffer()) + b"\n")
            file.write(content.getbuffer())
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
    for old in _newest_first(folder)[NUM_KEPT:]:
        if best_step is None or old.name != checkpoint_name(best_step):
            old.unlink(missing_ok=True)
    return path


def read_newest_checkpoint(folder: Path) -> tuple[Path, dict[str, Any]] | None:
    """The newest whole checkpoint and where it is, or None; damaged ones are passed over with a warning."""
    for path in _newest_first(folder):
        try:
            return path, read_checkpoint(path)
        except DamagedCheckpointError as error:
            logger.warning("%s; going on from the one before", error)
    return None


def read_checkpoint(path: Path) -> dict[str, Any]:
    """The state that `write_checkpoint` wrote to `path`.

    Raises:
        DamagedCheckpointError: the file cannot be read, is cut off, or a bit of it is not what was written.
    """
    try:
        found, digest, content = path.read_bytes().split(b"\n", 2)
    except (OSError, ValueError) as error:
        raise DamagedCheckpointError(f"the checkpoint {path} cannot be read or is cut off ({error})") from error
    if found != _FORMAT or digest != _digest(content):
        raise DamagedCheckpointError(f"the checkpoint {path} is damaged: its content is not what was written")
    try:
        state: dict[str, Any] = torch.load(io.BytesIO(content), map_location="cpu", weights_only=True)
    except (RuntimeError, EOFError, pickle.UnpicklingError) as error:
        raise DamagedCheckpointError(f"the checkpoint {path} cannot be read: {error}") from error
    return state


def random_state() -> dict[str, Any]:
    """The state of all random number generators of this process: torch's of every device, numpy's, Python's."""
    algorithm, keys, position, has_gauss, gauss = np.random.get_state()
    return {
        "torch": torch.get_rng_state(),
        "cuda": torch.cuda.get_rng_state_all() if torch.cuda.is_available() else [],
        "numpy": [str(algorithm), [int(key) for key in keys], int(position), int(has_gauss), float(gauss)],
        "python": random.getstate(),
    }


def set_random_state(state: dict[str, Any]) -> None:
    """Take over what `random_state` gave; of GPUs as far as there are as many."""
    torch.set_rng_state(state["torch"])
    if state["cuda"] and len(state["cuda"]) == torch.cuda.device_count():
        torch.cuda.set_rng_state_all(state["cuda"])
    algorithm, keys, position, has_gauss, gauss = state["numpy"]
    np.random.set_state((algorithm, np.array(keys, dtype=np.uint32), position, has_gauss, gauss))
    version, internal, gauss_next = state["python"]
    random.setstate((version, tuple(internal), gauss_next))


def _digest(content: bytes | memoryview) -> bytes:
    return hashlib.sha256(content).hexdigest().encode()


def _newest_first(folder: Path) -> list[Path]:
    return sorted(folder.glob("step-*.pt"), reverse=True)
