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
from trainer.distill.combined import distillation_losses
from trainer.distill.comparison import compare
from trainer.distill.needs import needs_of
from trainer.distill.pairing import require_comparable
from trainer.distill.teacher import Teacher
from trainer.errors import DivergedError
from trainer.optimization import build_optimizer, learning_rate_at, set_learning_rate
from trainer.spec import DistillLoss, TrainingSpec


class Learner:
    """Student, adaptation and optimiser, and what one step does to them."""

    def __init__(self, spec: TrainingSpec, student: DenseDetector, teacher: Teacher | None) -> None:
        self._spec = spec
        self._teacher = teacher
        self._distill_losses = spec.distillation.losses if spec.distillation else ()
        self.student = student
        self._device = next(student.parameters()).device
        self.adaptation = self._build_adaptation().to(self._device)
        self._trained = nn.ModuleList([self.student, self.adaptation])
        self._optimizer = build_optimizer(self._trained.parameters(), spec.optimizer)

    def step(self, batch: Batch, *, step: int) -> dict[str, float]:
        """Train on one batch; returns the metrics of this step. `step` counts from 0.

        Raises:
            DivergedError: a loss term or the gradient is not finite; names the term and the step.
        """
        self._trained.train()
        learning_rate = learning_rate_at(step, self._spec.optimizer, num_steps=self._spec.num_steps)
        set_learning_rate(self._optimizer, learning_rate)
        losses = self.losses(batch.to(self._device), step=step)
        total = self.total(losses, step=step)
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

    def losses(self, batch: Batch, *, step: int = 0) -> dict[str, Tensor]:
        """The raw, unweighted loss terms of a batch; distillation losses that are off at `step` are left out."""
        with self._autocast():
            outputs: DenseOutputs = self.student(batch.images)
        assignment = self.student.assign(outputs, batch.targets)
        losses = self.student.loss(outputs, assignment)
        active = self._active_losses(step)
        if self._teacher is not None and active:
            needs = needs_of(active)
            taught = self._teacher(batch.images, with_boxes=needs.boxes, autocast=self._autocast())
            adaptation = self.adaptation if needs.features else None
            seen = compare(outputs, taught, assignment, batch, self._teacher.alignment, needs, adaptation)
            losses |= distillation_losses(active, seen)
        return losses

    def total(self, losses: Mapping[str, Tensor], *, step: int = 0) -> Tensor:
        """The weighted sum; the detector's own terms have weight 1."""
        weights = {loss.name: loss.weight_at(step) for loss in self._distill_losses}
        return torch.stack([weights.get(name, 1.0) * value for name, value in losses.items()]).sum()

    def _active_losses(self, step: int) -> list[DistillLoss]:
        return [loss for loss in self._distill_losses if loss.weight_at(step) > 0]

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
        if self._teacher is None:
            return Adaptation((), ())
        teacher = self._teacher.detector
        require_comparable(self.student, teacher, self._distill_losses)
        if not needs_of(self._distill_losses).features:
            return Adaptation((), ())
        num_levels = len(self.student.strides)
        return Adaptation([self.student.spec.fpn_channels] * num_levels, [teacher.spec.fpn_channels] * num_levels)

    def _autocast(self) -> AbstractContextManager[object]:
        return torch.autocast(self._device.type, dtype=torch.bfloat16, enabled=self._spec.precision == "bfloat16")


def _require_finite(values: Mapping[str, float], *, step: int) -> None:
    for name, value in values.items():
        if not math.isfinite(value):
            raise DivergedError(term=name.removeprefix("train/"), step=step, value=value)
