"""What of a training may change on its way, and how. Pydantic only."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from pydantic import Field

from trainer.spec.base import Spec
from trainer.spec.paths import set_at

# Everything else has a part in what a checkpoint holds: weights, adaptation, the order of the images, the end.
_CHANGEABLE = re.compile(
    r"optimizer\.(learning_rate|weight_decay|momentum|max_gradient_norm)|ema_decay"
    r"|distillation\.losses\.[a-z][a-z0-9_]*\.(weight|temperature|beta)"
)
_WORDS = (
    "optimizer.learning_rate, optimizer.weight_decay, optimizer.momentum, optimizer.max_gradient_norm, ema_decay, and "
    "weight, temperature and beta of a loss"
)
_REASONS = {
    "student": "the weights of a checkpoint have the shape of its student",
    "distillation": "a checkpoint holds the adaptation to its own teacher and losses",
    "data": "a checkpoint stands at a place in a fixed order of images",
    "seed": "a checkpoint stands at a place in a fixed order of images",
    "batch_size": "a checkpoint stands at a place in a fixed order of images",
    "num_steps": "the learning rate is scheduled up to the last step",
    "optimizer": "the learning rate is scheduled from the first step on",
}


class Change(Spec):
    """Values that hold from a step on."""

    from_step: int = Field(ge=1, description="The first step with these values, counted from 0.", examples=[400])
    values: dict[str, float] = Field(
        min_length=1,
        description=f"By the path of their fields. What can change: {_WORDS}.",
        examples=[{"distillation.losses.feature_imitation.weight": 100.0}],
    )

    def apply_to(self, document: dict[str, Any]) -> None:
        """Set the values in a training's JSON. Raises ValueError where a field is not there."""
        for path, value in self.values.items():
            set_at(document, path, value)


def require_changeable(path: str) -> None:
    """Raises ValueError where the field at `path` is decided once for a whole training, with the reason."""
    if not _CHANGEABLE.fullmatch(path):
        reason = _REASONS.get(path.partition(".")[0], "it decides how a training runs, not what it minimises")
        raise ValueError(f"{path!r} cannot change while a training runs: {reason}; what can: {_WORDS}")


def require_in_order(changes: Sequence[Change], *, num_steps: int) -> None:
    """Raises ValueError where changes are not ordered by step, or one comes when the training is over."""
    steps = [change.from_step for change in changes]
    if any(later <= earlier for earlier, later in pairwise(steps)):
        raise ValueError(f"changes are at the steps {steps}; wanted each one after the one before")
    if steps and steps[-1] >= num_steps:
        raise ValueError(f"a change is at step {steps[-1]}, and num_steps is {num_steps}: wanted one before the end")
