"""The distillation losses of a spec, over the dense outputs of student and teacher."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from torch import Tensor

from trainer.assigners import Assignment
from trainer.detectors import DenseOutputs
from trainer.distill.adaptation import Adaptation
from trainer.distill.feature_imitation import prediction_guided_imitation_loss
from trainer.distill.rank_mimicking import rank_mimicking_loss
from trainer.spec import DistillationSpec, FeatureImitation, RankMimicking


@dataclass(frozen=True)
class Comparison:
    """What a distillation loss may look at: both models' outputs for one batch, and its assignment."""

    student: DenseOutputs
    teacher: DenseOutputs
    adapted_features: tuple[Tensor, ...]  # the student's, with the teacher's channels
    assignment: Assignment


def rank_mimicking(spec: RankMimicking, seen: Comparison) -> Tensor:
    """RM on both models' scores of each instance's class at its positive priors."""
    student = class_values_of_positives(seen.student, seen.assignment)
    teacher = class_values_of_positives(seen.teacher, seen.assignment)
    if spec.space == "scores":
        student, teacher = student.sigmoid(), teacher.sigmoid()
    return rank_mimicking_loss(
        student,
        teacher,
        seen.assignment.positive_instance,
        num_instances=seen.assignment.num_instances,
        temperature=spec.temperature,
    )


def feature_imitation(spec: FeatureImitation, seen: Comparison) -> Tensor:
    """PFI on the pyramid."""
    return prediction_guided_imitation_loss(
        seen.adapted_features,
        seen.teacher.features,
        student_logits=seen.student.class_logits,
        teacher_logits=seen.teacher.class_logits,
        space=spec.space,
        reduction=spec.reduction,
        detach_weight=spec.detach_weight,
        normalize=spec.normalize,
    )


LOSSES: dict[str, Callable[[Any, Comparison], Tensor]] = {
    "rank_mimicking": rank_mimicking,
    "feature_imitation": feature_imitation,
}


def distillation_losses(spec: DistillationSpec, seen: Comparison) -> dict[str, Tensor]:
    """The raw, unweighted value of each loss of the spec, by its name."""
    return {loss.name: LOSSES[loss.kind](loss, seen) for loss in spec.losses}


def compare(student: DenseOutputs, teacher: DenseOutputs, assignment: Assignment, adaptation: Adaptation) -> Comparison:
    """Bring both models' outputs for one batch together."""
    return Comparison(student, teacher, tuple(adaptation(student.features)), assignment)


def class_values_of_positives(outputs: DenseOutputs, assignment: Assignment) -> Tensor:
    """The logit of each positive prior for its instance's class: [Q] float32."""
    labels = assignment.labels[assignment.positive_instance]
    return outputs.flat_class_logits()[assignment.positive_image, assignment.positive_prior, labels].float()
