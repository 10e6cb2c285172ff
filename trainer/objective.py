"""What a training minimises: the student's own loss and the distillation losses beside it, for one batch."""

from __future__ import annotations

from collections.abc import Mapping

import torch
from torch import Tensor, nn

from trainer.data.batches import Batch
from trainer.detectors import DenseDetector, DenseOutputs
from trainer.distill.adaptation import Adaptation
from trainer.distill.class_alignment import with_common_instances
from trainer.distill.combined import distillation_losses
from trainer.distill.comparison import compare
from trainer.distill.crossing import Crossing
from trainer.distill.needs import needs_of
from trainer.distill.pairing import require_comparable
from trainer.distill.taught import CachedTeacher, taught_by
from trainer.distill.teacher import Teacher
from trainer.distributed import mean_over_ranks
from trainer.precision import Precision
from trainer.spec import CrossHead, DistillLoss, TrainingSpec


class Objective(nn.Module):
    """Student and adaptation, which are trained, and the teacher, which is no part of this module."""

    def __init__(
        self,
        spec: TrainingSpec,
        student: DenseDetector,
        teacher: Teacher | None,
        precision: Precision,
        cache: CachedTeacher | None = None,
    ) -> None:
        """Raises InputError where the losses of the spec cannot compare the two."""
        super().__init__()
        self.student = student
        self._teacher = teacher
        self._precision = precision
        self._cache = cache
        self._losses = _losses_of(spec, teacher)
        self.adaptation = self._build_adaptation()
        self.crossing = self._build_crossing()
        # The compiled forms share the parameters and are no modules of this one
        self._run_student = torch.compile(student.forward) if spec.compile else student.forward
        if teacher is not None and spec.compile:
            teacher.compile()

    def adopt(self, spec: TrainingSpec) -> None:
        """Go on with the weights and temperatures of a spec that has the same losses."""
        self._losses = _losses_of(spec, self._teacher)

    def forward(self, batch: Batch, step: int) -> dict[str, Tensor]:
        """The raw, unweighted loss terms of a batch; distillation losses that are off at `step` are left out."""
        return self.outputs_and_losses(batch, step)[1]

    def outputs_and_losses(self, batch: Batch, step: int) -> tuple[DenseOutputs, dict[str, Tensor]]:
        """The student's outputs and the raw loss terms that were computed from them."""
        if self.crossing is not None:
            self.crossing.begin()
        active = self.active_losses(step)
        needs = needs_of(active)
        told: DenseOutputs | None = None
        if self._teacher is not None and self._cache is None and active:
            # Before the student: its graph is then made where the teacher's memory was, and stays in the processor's
            # caches until the gradients need it
            told = self._teacher(batch.images, with_boxes=needs.boxes, autocast=self._precision.autocast())
        with self._precision.autocast():
            outputs: DenseOutputs = self._run_student(batch.images)
        assignment = self.student.assign(outputs, batch.targets)
        losses = self.student.loss(outputs, assignment, average=mean_over_ranks)
        if self._teacher is not None and active:
            alignment = self._teacher.alignment
            if self._cache is not None:
                taught = self._cache.ask(batch, assignment, outputs, needs, self._precision.autocast)
            else:
                assert told is not None, "the teacher was not asked before"
                taught = taught_by(told, with_common_instances(assignment, alignment), needs)
            adaptation = self.adaptation if needs.features else None
            crossed = self._cross(outputs) if any(isinstance(loss, CrossHead) for loss in active) else {}
            seen = compare(outputs, taught, assignment, batch, alignment, needs, adaptation, crossed)
            losses |= distillation_losses(active, seen)
        return outputs, losses

    def _cross(self, outputs: DenseOutputs) -> dict[int, tuple[Tensor, ...]]:
        assert self.crossing is not None, "no loss that crosses was announced"
        with self._precision.autocast():
            return self.crossing.logits(outputs)

    def total(self, losses: Mapping[str, Tensor], *, step: int) -> Tensor:
        """The weighted sum; the detector's own terms have weight 1."""
        weights = self.weights(step)
        return torch.stack([weights.get(name, 1.0) * value for name, value in losses.items()]).sum()

    def weights(self, step: int) -> dict[str, float]:
        """The weight of each distillation loss in a step."""
        return {loss.name: loss.weight_at(step) for loss in self._losses}

    def active_losses(self, step: int) -> list[DistillLoss]:
        """The distillation losses that count in a step."""
        return [loss for loss in self._losses if loss.weight_at(step) > 0]

    def _build_crossing(self) -> Crossing | None:
        depths = [loss.num_teacher_convs for loss in self._losses if isinstance(loss, CrossHead)]
        if self._teacher is None or not depths:
            return None
        return Crossing(self.student, self._teacher, depths).to(next(self.student.parameters()).device)

    def _build_adaptation(self) -> Adaptation:
        if self._teacher is None:
            return Adaptation((), ())
        teacher = self._teacher.detector
        require_comparable(self.student, teacher, self._losses)
        if not needs_of(self._losses).features:
            return Adaptation((), ())
        num_levels = len(self.student.strides)
        built = Adaptation([self.student.spec.fpn_channels] * num_levels, [teacher.spec.fpn_channels] * num_levels)
        return built.to(next(self.student.parameters()).device)


def _losses_of(spec: TrainingSpec, teacher: Teacher | None) -> tuple[DistillLoss, ...]:
    return spec.distillation.losses if spec.distillation and teacher else ()
