"""What all distillation losses do with tensors: compute in at least float32, and refuse shapes that differ."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor
from torch.autograd.function import once_differentiable


def at_least_float32(tensor: Tensor) -> Tensor:
    """float64 stays as it is, everything else becomes float32."""
    return tensor if tensor.dtype == torch.float64 else tensor.float()


def require_same_shapes(student: Sequence[Tensor], teacher: Sequence[Tensor], what: str) -> None:
    """Raises ValueError unless both lists of levels have the same shapes and at least one level."""
    found = [tuple(level.shape) for level in student]
    wanted = [tuple(level.shape) for level in teacher]
    if found != wanted or not found:
        raise ValueError(f"the student's {what} have the shapes {found}, the teacher's {wanted}; wanted the same")


def squared_gap(student_NCHW: Tensor, teacher_NCHW: Tensor) -> Tensor:
    """Mean over the channels of the squared difference: [N, H, W], in at least float32; no gradient for the teacher."""
    gap: Tensor = _SquaredGap.apply(at_least_float32(student_NCHW), at_least_float32(teacher_NCHW.detach()))
    return gap


class _SquaredGap(torch.autograd.Function):
    """As `(student - teacher).square().mean(dim=1)`, whose gradient runs over the maps four times instead of once."""

    @staticmethod
    def forward(context: Any, student: Tensor, teacher: Tensor) -> Tensor:
        gap = student - teacher
        context.save_for_backward(gap)
        squared: Tensor = torch.linalg.vecdot(gap, gap, dim=1)  # squares of whole maps are not written and read
        return squared / gap.shape[1]

    @staticmethod
    @once_differentiable
    def backward(context: Any, *gradients: Tensor) -> tuple[Tensor, None]:
        [gap] = context.saved_tensors
        return gap * (gradients[0] * (2 / gap.shape[1])).unsqueeze(1), None
