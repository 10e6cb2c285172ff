"""The schema of the optimiser and of its learning rate. Pydantic only."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from trainer.spec.base import Spec

_Share = Annotated[float, Field(gt=0, lt=1)]


class OptimizerSpec(Spec):
    """AdamW, or SGD with momentum; linear warm-up, then a schedule of the learning rate."""

    kind: Literal["adamw", "sgd"] = "adamw"
    learning_rate: float = Field(default=2e-3, gt=0, le=10)
    weight_decay: float = Field(default=0.01, ge=0, le=1, description="Not of biases and scales of normalisations.")
    momentum: float = Field(default=0.9, ge=0, lt=1, description="Of SGD; AdamW has none.")
    nesterov: bool = Field(default=False, description="Nesterov's form of SGD's momentum.")
    warmup_steps: int = Field(default=50, ge=0, description="Steps of linear warm-up from zero.")
    schedule: Literal["cosine", "step", "constant"] = Field(
        default="cosine", description="After the warm-up: cosine decay to zero, drops at `milestones`, or no decay."
    )
    milestones: tuple[_Share, ...] = Field(
        default=(2 / 3, 8 / 9), max_length=20, description="Of the step schedule: shares of num_steps."
    )
    decay_factor: float = Field(default=0.1, gt=0, le=1, description="By which a milestone multiplies.")
    max_gradient_norm: float = Field(default=10.0, gt=0, description="Gradients are clipped to this L2 norm.")

    @model_validator(mode="after")
    def _nesterov_has_momentum(self) -> Self:
        if self.nesterov and self.momentum == 0:
            raise ValueError("nesterov needs a momentum above 0, found 0")
        return self
