"""Numbers shared by the processes of one training; with a single process all of this is the identity.

Gradients are averaged over the processes. So a loss that is a sum over a batch divided by a count gives the same
gradient on any number of processes when it divides by the count of all processes over their number: `shared_count`.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import torch
import torch.distributed as dist
from torch import Tensor


def world_size() -> int:
    """Processes of this training."""
    return dist.get_world_size() if _is_distributed() else 1


def rank() -> int:
    """Number of this process; 0 evaluates, reports and writes files."""
    return dist.get_rank() if _is_distributed() else 0


def shared_count(count: int | Tensor, *, device: torch.device, minimum: float = 1.0) -> Tensor:
    """The mean over the processes of a count, of which all together make at least `minimum`: a float32 scalar.

    A collective: every process must call it, also with a count of 0.
    """
    total = torch.as_tensor(count, dtype=torch.float32, device=device).detach()
    if not _is_distributed():
        return total.clamp(min=minimum)
    total = total.clone()
    dist.all_reduce(total)
    return total.clamp(min=minimum) / dist.get_world_size()


def mean_over_ranks(value: Tensor) -> Tensor:
    """The mean of a tensor over the processes; gradients flow to the values of all of them. A collective."""
    if not _is_distributed():
        return value
    total: Tensor = _Sum.apply(value)
    return total / dist.get_world_size()


def agreed(decision: bool) -> bool:
    """The decision of the process that leads. A collective."""
    if not _is_distributed():
        return decision
    told = [decision]
    dist.broadcast_object_list(told, src=0)
    return told[0]


def wait_for_all() -> None:
    """Go on when all processes have come here. A collective."""
    if _is_distributed():
        dist.barrier()


@contextmanager
def alone() -> Iterator[None]:
    """In here no number is shared: for what one process does without the others."""
    global _alone
    before, _alone = _alone, True
    try:
        yield
    finally:
        _alone = before


class _Sum(torch.autograd.Function):
    """The sum over the processes; each value's gradient is the sum of what all of them get for the sum."""

    @staticmethod
    def forward(context: Any, value: Tensor) -> Tensor:
        total = value.clone()
        dist.all_reduce(total)
        return total

    @staticmethod
    def backward(context: Any, *gradients: Tensor) -> Tensor:
        total = gradients[0].contiguous().clone()
        dist.all_reduce(total)
        return total


_alone = False


def _is_distributed() -> bool:
    return not _alone and dist.is_available() and dist.is_initialized() and dist.get_world_size() > 1
