"""The classes that teacher and student have in common, found by name; distillation acts on these alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import torch
from torch import Tensor

from trainer.assigners import Assignment
from trainer.detectors import DenseOutputs
from trainer.errors import InputError


@dataclass(frozen=True)
class ClassAlignment:
    """Common class c is class `student[c]` of the student and class `teacher[c]` of the teacher."""

    student: tuple[int, ...]
    teacher: tuple[int, ...]
    num_student_classes: int
    num_teacher_classes: int
    untaught: tuple[str, ...]  # classes of the student that the teacher does not know

    @property
    def class_order(self) -> tuple[int | None, ...]:
        """For each class of the student, the teacher's index of it; None where the teacher does not know it."""
        known = dict(zip(self.student, self.teacher, strict=True))
        return tuple(known.get(index) for index in range(self.num_student_classes))


def align_classes(teacher: Sequence[str], student: Sequence[str]) -> ClassAlignment:
    """Find the classes that both know, in the student's order.

    Raises:
        InputError: there is none, so that there is nothing to teach; names classes of both.
    """
    index_of = {name: index for index, name in enumerate(teacher)}
    common = [(index, index_of[name]) for index, name in enumerate(student) if name in index_of]
    if not common:
        raise InputError(
            f"teacher has {len(teacher)} classes, student has {len(student)}, and no name is in both: the teacher's "
            f"are {_listed(teacher)}, the student's are {_listed(student)}; wanted at least one common class"
        )
    return ClassAlignment(
        student=tuple(index for index, _ in common),
        teacher=tuple(index for _, index in common),
        num_student_classes=len(student),
        num_teacher_classes=len(teacher),
        untaught=tuple(name for name in student if name not in index_of),
    )


def with_classes(outputs: DenseOutputs, classes: Sequence[int]) -> DenseOutputs:
    """The same outputs with the class channels of each prior picked in the order of `classes`."""
    if tuple(classes) == tuple(range(outputs.num_classes)):
        return outputs
    picked = tuple(_pick(level, outputs.num_classes, classes) for level in outputs.class_logits)
    return replace(outputs, class_logits=picked, num_classes=len(classes))


def with_common_instances(assignment: Assignment, alignment: ClassAlignment) -> Assignment:
    """The same assignment, its labels numbered as common classes and its positives those of common classes alone.

    Instances of other classes stay in the list, without positives; their label is -1.
    """
    if alignment.student == tuple(range(alignment.num_student_classes)):
        return assignment
    common_of = torch.full((alignment.num_student_classes,), -1, dtype=torch.int64)
    common_of[list(alignment.student)] = torch.arange(len(alignment.student))
    labels = common_of.to(assignment.labels.device)[assignment.labels]
    kept = labels[assignment.positive_instance] >= 0
    return replace(
        assignment,
        labels=labels,
        positive_image=assignment.positive_image[kept],
        positive_prior=assignment.positive_prior[kept],
        positive_instance=assignment.positive_instance[kept],
    )


def _pick(level: Tensor, num_classes: int, classes: Sequence[int]) -> Tensor:
    num_images, _, height, width = level.shape
    split = level.view(num_images, -1, num_classes, height, width)
    picked = split[:, :, torch.tensor(classes, device=level.device)]
    return picked.reshape(num_images, -1, height, width)


def _listed(names: Sequence[str]) -> str:
    return ", ".join(names[:10]) + (" ..." if len(names) > 10 else "")
