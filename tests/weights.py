"""Whether two trainings ended with the same weights, and what a training alone ends with."""

from __future__ import annotations

import hashlib
import subprocess
import sys
from pathlib import Path

import torch
from safetensors.torch import load_file

from tests.stack import ROOT
from trainer.spec import TrainingSpec


def digest(student: Path) -> str:
    """SHA-256 over the tensors by name, of which headers and their order are no part."""
    found = hashlib.sha256()
    for name, tensor in sorted(load_file(student).items()):
        found.update(f"{name} {tensor.dtype} {tuple(tensor.shape)}\n".encode())
        found.update(tensor.contiguous().flatten().view(torch.uint8).numpy().tobytes())
    return found.hexdigest()


def trained_alone(training: TrainingSpec, out: Path, *, data_root: Path) -> Path:
    """The student of the same spec by `python -m trainer`, with no orchestrator."""
    out.mkdir()
    spec = out / "training.json"
    spec.write_text(training.model_dump_json())
    command = [sys.executable, "-m", "trainer", str(spec), "--out", str(out), "--data-root", str(data_root)]
    subprocess.run(command, check=True, cwd=ROOT, capture_output=True)
    return out / "student.safetensors"
