"""What the distillation losses of one batch may look at."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import torch
from torch import Tensor

from trainer.assigners import Assignment
from trainer.data.batches import Batch
from trainer.detectors import DenseOutputs
from trainer.distill.adaptation import Adaptation
from trainer.distill.class_alignment import ClassAlignment, with_classes, with_common_instances
from trainer.distill.needs import Needs
from trainer.distill.positives import RankedValues, ranked_values
from trainer.distill.taught import Taught


@dataclass(frozen=True)
class Comparison:
    """What a distillation loss may look at: both models' outputs for one batch, and its assignment.

    Class channels, labels and positives are those of the common classes alone, in one order.
    """

    student: DenseOutputs
    adapted_features: tuple[Tensor, ...]  # the student's, with the teacher's channels
    student_ranked: RankedValues | None
    teacher_ranked: RankedValues | None
    assignment: Assignment
    instance_image: Tensor  # [M] int64, the image of each instance
    image_size: tuple[int, int]  # height and width of the padded batch
    teacher: DenseOutputs | None  # None where the losses look at ranked values alone, which may be cached
    # by the number of the teacher's convolutions, the student's logits from the teacher's head, per level
    cross_logits: Mapping[int, tuple[Tensor, ...]] = field(default_factory=dict)

    @property
    def ranked(self) -> tuple[RankedValues, RankedValues]:
        """Values at the positive priors, of the student and of the teacher."""
        assert self.student_ranked is not None, "no loss that ranks was announced"
        assert self.teacher_ranked is not None, "no loss that ranks was announced"
        return self.student_ranked, self.teacher_ranked

    @property
    def dense_teacher(self) -> DenseOutputs:
        assert self.teacher is not None, "the teacher was asked for its ranked values alone"
        return self.teacher


def compare(
    student: DenseOutputs,
    teacher: Taught,
    assignment: Assignment,
    batch: Batch,
    alignment: ClassAlignment,
    needs: Needs,
    adaptation: Adaptation | None,
    cross_logits: Mapping[int, tuple[Tensor, ...]],
) -> Comparison:
    """Bring both models' outputs for one batch together.

    Args:
        student: its outputs, with its own classes.
        teacher: what it says, with the common classes.
        assignment: of the student's priors, with the student's classes.
        batch: what both have seen.
        alignment: the common classes.
        needs: what the losses look at; the rest is left out.
        adaptation: None where no loss looks at features.
        cross_logits: as in Comparison.
    """
    student, assignment = with_classes(student, alignment.student), with_common_instances(assignment, alignment)
    return Comparison(
        student=student,
        adapted_features=tuple(adaptation(student.features)) if adaptation is not None else (),
        student_ranked=ranked_values(student, assignment, needs),
        teacher_ranked=teacher.ranked,
        assignment=assignment,
        instance_image=_image_of_each_instance(batch),
        image_size=(batch.images.shape[2], batch.images.shape[3]),
        teacher=teacher.dense,
        cross_logits=cross_logits,
    )


def _image_of_each_instance(batch: Batch) -> Tensor:
    device = batch.images.device
    counts = torch.tensor([target.labels.shape[0] for target in batch.targets], device=device)
    return torch.repeat_interleave(torch.arange(len(batch.targets), device=device), counts)
