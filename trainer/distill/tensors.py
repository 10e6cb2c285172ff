"""What all distillation losses do with tensors: compute in at least float32, and refuse shapes that differ."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor


def at_least_float32(tensor: Tensor) -> Tensor:
    """float64 stays as it is, everything else becomes float32."""
    return tensor if tensor.dtype == torch.float64 else tensor.float()


def require_same_shapes(student: Sequence[Tensor], teacher: Sequence[Tensor], what: str) -> None:
    """Raises ValueError unless both lists of levels have the same shapes and at least one level."""
    found = [tuple(level.shape) for level in student]
    wanted = [tuple(level.shape) for level in teacher]
    if found != wanted or not found:
        raise ValueError(f"the student's {what} have the shapes {found}, the teacher's {wanted}; wanted the same")
