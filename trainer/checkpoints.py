"""Resumable checkpoints: tensors and plain data only, written whole, the newest two kept."""

from __future__ import annotations

import logging
import os
import pickle
import uuid
from pathlib import Path
from typing import Any

import torch

logger = logging.getLogger(__name__)

NUM_KEPT = 2


def write_checkpoint(folder: Path, state: dict[str, Any], *, step: int) -> Path:
    """Write `state` as the checkpoint of `step`, durably and in one move; removes all but the newest two."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"step-{step:08d}.pt"
    draft = folder / f".{path.name}.{uuid.uuid4().hex}"
    try:
        with draft.open("wb") as file:
            torch.save(state, file)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
    for old in _newest_first(folder)[NUM_KEPT:]:
        old.unlink(missing_ok=True)
    return path


def read_newest_checkpoint(folder: Path) -> tuple[Path, dict[str, Any]] | None:
    """Return the newest checkpoint that can be read whole, or None; damaged ones are passed over with a warning."""
    for path in _newest_first(folder):
        try:
            state = torch.load(path, map_location="cpu", weights_only=True)
        except (RuntimeError, EOFError, OSError, pickle.UnpicklingError) as error:
            logger.warning("passing over the damaged checkpoint %s: %s", path, error)
            continue
        return path, state
    return None


def _newest_first(folder: Path) -> list[Path]:
    return sorted(folder.glob("step-*.pt"), reverse=True)
