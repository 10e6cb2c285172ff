"""Numbers shared by the processes of one training; with a single process all of this is the identity.

Gradients are averaged over the processes. So a loss that is a sum over a batch divided by a count gives the same
gradient on any number of processes when it divides by the count of all processes over their number: `shared_count`.
"""

from __future__ import annotations

import torch
import torch.distributed as dist
from torch import Tensor
from torch.distributed.nn.functional import all_reduce


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
    return all_reduce(value) / dist.get_world_size()  # type: ignore[no-untyped-call, no-any-return]


def _is_distributed() -> bool:
    return dist.is_available() and dist.is_initialized() and dist.get_world_size() > 1
