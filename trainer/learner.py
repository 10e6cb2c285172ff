"""One optimiser step: the student's own loss, the distillation losses beside it, and the update."""

from __future__ import annotations

import math
from collections.abc import Mapping
from contextlib import AbstractContextManager
from typing import Any

import torch
from torch import Tensor, nn

from trainer.data.batches import Batch
from trainer.detectors import DenseDetector, DenseOutputs
from trainer.distill.adaptation import Adaptation
from trainer.distill.combined import compare, distillation_losses
from trainer.distill.teacher import Teacher
from trainer.errors import DivergedError
from trainer.optimization import build_optimizer, learning_rate_at, set_learning_rate
from trainer.spec import TrainingSpec


class Learner:
    """Student, adaptation and optimiser, and what one step does to them."""

    def __init__(self, spec: TrainingSpec, student: DenseDetector, teacher: Teacher | None) -> None:
        self._spec = spec
        self._teacher = teacher
        self.student = student
        self._device = next(student.parameters()).device
        self.adaptation = self._build_adaptation().to(self._device)
        self._trained = nn.ModuleList([self.student, self.adaptation])
        self._optimizer = build_optimizer(self._trained.parameters(), spec.optimizer)
        self._weights = {loss.name: loss.weight for loss in spec.distillation.losses} if spec.distillation else {}

    def step(self, batch: Batch, *, step: int) -> dict[str, float]:
        """Train on one batch; returns the metrics of this step. `step` counts from 0.

        Raises:
            DivergedError: a loss term or the gradient is not finite; names the term and the step.
        """
        self._trained.train()
        learning_rate = learning_rate_at(step, self._spec.optimizer, num_steps=self._spec.num_steps)
        set_learning_rate(self._optimizer, learning_rate)
        losses = self.losses(batch.to(self._device))
        total = self.total(losses)
        values = {f"train/loss/{name}": value.item() for name, value in losses.items()}
        values["train/loss/total"] = total.item()
        _require_finite(values, step=step)
        self._optimizer.zero_grad(set_to_none=True)
        total.backward()  # type: ignore[no-untyped-call]
        limit = self._spec.optimizer.max_gradient_norm
        values["train/gradient_norm"] = nn.utils.clip_grad_norm_(self._trained.parameters(), limit).item()
        _require_finite(values, step=step)
        self._optimizer.step()
        values["train/learning_rate"] = learning_rate
        return values

    def losses(self, batch: Batch) -> dict[str, Tensor]:
        """The raw, unweighted loss terms of a batch."""
        with self._autocast():
            outputs: DenseOutputs = self.student(batch.images)
        assignment = self.student.assign(outputs, batch.targets)
        losses = self.student.loss(outputs, assignment)
        if self._teacher is not None:
            assert self._spec.distillation is not None
            taught = self._teacher(batch.images, autocast=self._autocast())
            seen = compare(outputs, taught, assignment, self.adaptation)
            losses |= distillation_losses(self._spec.distillation, seen)
        return losses

    def total(self, losses: Mapping[str, Tensor]) -> Tensor:
        """The weighted sum; the detector's own terms have weight 1."""
        return torch.stack([self._weights.get(name, 1.0) * value for name, value in losses.items()]).sum()

    def state_dict(self) -> dict[str, Any]:
        """Tensors and plain data from which `load_state_dict` restores this very point."""
        return {
            "student": self.student.state_dict(),
            "adaptation": self.adaptation.state_dict(),
            "optimizer": self._optimizer.state_dict(),
        }

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Take over a state."""
        self.student.load_state_dict(state["student"])
        self.adaptation.load_state_dict(state["adaptation"])
        self._optimizer.load_state_dict(state["optimizer"])

    def _build_adaptation(self) -> Adaptation:
        levels, channels = self._spec.student.num_levels, self._spec.student.fpn_channels
        wanted = channels
        imitates = self._spec.distillation is not None and any(
            loss.kind == "feature_imitation" for loss in self._spec.distillation.losses
        )
        if self._teacher is not None and imitates:
            wanted = self._teacher.detector.spec.fpn_channels
        return Adaptation([channels] * levels, [wanted] * levels)

    def _autocast(self) -> AbstractContextManager[object]:
        return torch.autocast(self._device.type, dtype=torch.bfloat16, enabled=self._spec.precision == "bfloat16")


def _require_finite(values: Mapping[str, float], *, step: int) -> None:
    for name, value in values.items():
        if not math.isfinite(value):
            raise DivergedError(term=name.removeprefix("train/"), step=step, value=value)
