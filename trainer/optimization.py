"""Optimisers and the learning rate as a function of the step."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable

from torch import nn
from torch.optim import AdamW, Optimizer

from trainer.spec import OptimizerSpec


def _adamw(parameters: Iterable[nn.Parameter], spec: OptimizerSpec) -> Optimizer:
    """AdamW; biases and the scales of normalisations are not decayed."""
    given = list(parameters)
    groups = [
        {"params": [parameter for parameter in given if parameter.dim() > 1], "weight_decay": spec.weight_decay},
        {"params": [parameter for parameter in given if parameter.dim() <= 1], "weight_decay": 0.0},
    ]
    return AdamW(groups, lr=spec.learning_rate, fused=True)


OPTIMIZERS: dict[str, Callable[[Iterable[nn.Parameter], OptimizerSpec], Optimizer]] = {"adamw": _adamw}


def build_optimizer(parameters: Iterable[nn.Parameter], spec: OptimizerSpec) -> Optimizer:
    """Build the optimiser of a spec over the parameters."""
    return OPTIMIZERS[spec.kind](parameters, spec)


def learning_rate_at(step: int, spec: OptimizerSpec, *, num_steps: int) -> float:
    """The learning rate of step 0..num_steps-1: linear warm-up, then a cosine that ends at zero."""
    if step < spec.warmup_steps:
        return spec.learning_rate * (step + 1) / spec.warmup_steps
    progress = (step - spec.warmup_steps) / max(1, num_steps - spec.warmup_steps)
    return spec.learning_rate * 0.5 * (1 + math.cos(math.pi * progress))


def set_learning_rate(optimizer: Optimizer, learning_rate: float) -> None:
    """Set the learning rate of all parameter groups."""
    for group in optimizer.param_groups:
        group["lr"] = learning_rate
