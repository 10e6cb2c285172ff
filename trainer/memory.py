"""An estimate of the memory that a training needs, and how much there is."""

from __future__ import annotations

import math
from pathlib import Path

import psutil
import torch
from torch import Tensor, nn
from torch.autograd.graph import saved_tensors_hooks

from trainer.detectors import DenseDetector
from trainer.distill.teacher import Teacher
from trainer.spec import TrainingSpec

_CGROUP = Path("/sys/fs/cgroup")
_HALF_SHARE = 0.6  # half of what float32 keeps, and the losses, which stay in float32


def estimated_bytes(spec: TrainingSpec, student: DenseDetector, teacher: Teacher | None) -> int:
    """Roughly: bytes of weights, gradients, optimiser and of what backward keeps.

    Runs the student once on one blank image of the spec's size.
    """
    num_copies = 2 + (2 if spec.optimizer.kind == "adamw" else 1) + (1 if spec.ema_decay else 0)
    fixed = num_copies * _weight_bytes(student) + (_weight_bytes(teacher.detector) if teacher else 0)
    of_an_image = _kept_by_backward(student, spec.data.image_size_px)
    if teacher is not None:
        of_an_image += _kept_by_forward(teacher.detector, spec.data.image_size_px)
    share = 1.0 if spec.precision == "float32" else _HALF_SHARE
    return int(fixed + share * of_an_image * spec.batch_size / spec.accumulate)


def available_bytes(device: torch.device) -> int:
    """Free memory of the GPU, or of this machine within the limit of its control group."""
    if device.type == "cuda":
        return int(torch.cuda.mem_get_info(device)[0])
    free = int(psutil.virtual_memory().available)
    limit, used = _number(_CGROUP / "memory.max"), _number(_CGROUP / "memory.current")
    return free if limit is None or used is None else max(0, min(free, limit - used))


def _weight_bytes(module: nn.Module) -> int:
    return sum(tensor.numel() * tensor.element_size() for tensor in module.state_dict().values())


def _kept_by_backward(detector: DenseDetector, image_size_px: int) -> int:
    """Bytes of the tensors that autograd keeps for one image, each storage once."""
    kept: dict[int, int] = {}

    def note(tensor: Tensor) -> Tensor:
        kept[tensor.untyped_storage().data_ptr()] = tensor.untyped_storage().nbytes()
        return tensor

    detector.eval()
    with saved_tensors_hooks(note, lambda tensor: tensor), torch.enable_grad():
        outputs = detector(_blank(detector, image_size_px))
    del outputs
    return sum(kept.values())


@torch.no_grad()
def _kept_by_forward(detector: DenseDetector, image_size_px: int) -> int:
    """Bytes of the outputs that the losses look at, for one image."""
    outputs = detector(_blank(detector, image_size_px), with_boxes=False)
    return sum(level.numel() * level.element_size() for level in (*outputs.features, *outputs.class_logits))


def _blank(detector: DenseDetector, image_size_px: int) -> Tensor:
    side_px = math.ceil(image_size_px / detector.size_divisor) * detector.size_divisor
    device = next(detector.parameters()).device
    return torch.zeros(1, 3, side_px, side_px, dtype=torch.uint8, device=device)


def _number(path: Path) -> int | None:
    try:
        return int(path.read_text())
    except (OSError, ValueError):  # no control group, or no limit: "max"
        return None
