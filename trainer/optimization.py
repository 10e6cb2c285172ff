"""Optimisers and the learning rate as a function of the step."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from typing import Any

from torch import nn
from torch.optim import SGD, AdamW, Optimizer

from trainer.spec import OptimizerSpec


def _adamw(parameters: Iterable[nn.Parameter], spec: OptimizerSpec) -> Optimizer:
    return AdamW(_groups(parameters, spec), lr=spec.learning_rate, fused=True)


def _sgd(parameters: Iterable[nn.Parameter], spec: OptimizerSpec) -> Optimizer:
    return SGD(
        _groups(parameters, spec),
        lr=spec.learning_rate,
        momentum=spec.momentum,
        nesterov=spec.nesterov,
    )


OPTIMIZERS: dict[str, Callable[[Iterable[nn.Parameter], OptimizerSpec], Optimizer]] = {"adamw": _adamw, "sgd": _sgd}


def build_optimizer(parameters: Iterable[nn.Parameter], spec: OptimizerSpec) -> Optimizer:
    """Build the optimiser of a spec over the parameters that are trained."""
    return OPTIMIZERS[spec.kind]([parameter for parameter in parameters if parameter.requires_grad], spec)


def learning_rate_at(step: int, spec: OptimizerSpec, *, num_steps: int) -> float:
    """The learning rate of step 0..num_steps-1: linear warm-up, then what the spec's schedule says."""
    if step < spec.warmup_steps:
        return spec.learning_rate * (step + 1) / spec.warmup_steps
    return spec.learning_rate * SCHEDULES[spec.schedule](step, spec, num_steps)


def set_learning_rate(optimizer: Optimizer, learning_rate: float) -> None:
    """Set the learning rate of all parameter groups."""
    for group in optimizer.param_groups:
        group["lr"] = learning_rate


def set_values(optimizer: Optimizer, spec: OptimizerSpec) -> None:
    """Take over what may change on the way and is no function of the step."""
    decayed, _ = optimizer.param_groups
    decayed["weight_decay"] = spec.weight_decay
    for group in optimizer.param_groups:
        if "momentum" in group:
            group["momentum"] = spec.momentum


def _groups(parameters: Iterable[nn.Parameter], spec: OptimizerSpec) -> list[dict[str, Any]]:
    """Biases and the scales of normalisations are not decayed."""
    given = list(parameters)
    return [
        {"params": [parameter for parameter in given if parameter.dim() > 1], "weight_decay": spec.weight_decay},
        {"params": [parameter for parameter in given if parameter.dim() <= 1], "weight_decay": 0.0},
    ]


def _cosine(step: int, spec: OptimizerSpec, num_steps: int) -> float:
    """From 1 after the warm-up to 0 at the end."""
    progress = (step - spec.warmup_steps) / max(1, num_steps - spec.warmup_steps)
    return 0.5 * (1 + math.cos(math.pi * progress))


def _steps(step: int, spec: OptimizerSpec, num_steps: int) -> float:
    """Multiplied by `decay_factor` at each milestone."""
    passed = sum(step >= round(milestone * num_steps) for milestone in spec.milestones)
    return spec.decay_factor**passed


def _constant(step: int, spec: OptimizerSpec, num_steps: int) -> float:
    return 1.0


SCHEDULES: dict[str, Callable[[int, OptimizerSpec, int], float]] = {
    "cosine": _cosine,
    "step": _steps,
    "constant": _constant,
}
