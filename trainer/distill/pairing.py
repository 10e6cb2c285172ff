"""Whether a teacher's outputs can be compared with a student's, loss by loss."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NoReturn

from torchvision.ops import box_iou

from trainer.detectors import DenseDetector
from trainer.distill.needs import NEEDS
from trainer.errors import InputError
from trainer.spec import DistillLoss

_SAME_IOU = 0.9


def require_comparable(student: DenseDetector, teacher: DenseDetector, losses: Iterable[DistillLoss]) -> None:
    """Check that every loss can compare the two; widths, depths and normalisation of the input may differ.

    Raises:
        InputError: a loss compares feature maps, and the two have other strides; or a loss compares candidates, and
            the two predict at other priors. Names the loss and what differs.
    """
    for loss in losses:
        needs = NEEDS[loss.kind](loss)
        if needs.same_strides and not have_same_strides(student, teacher):
            raise InputError(
                f"the loss {loss.name!r} compares feature maps, and the teacher's have the strides "
                f"{_listed(teacher.strides)} px, the student's {_listed(student.strides)} px; give both the same "
                "num_levels, or leave the loss out"
            )
        if needs.same_priors and not have_same_priors(student, teacher):
            _refuse_priors(student, teacher, loss.name)


def have_same_strides(student: DenseDetector, teacher: DenseDetector) -> bool:
    """Whether both have feature maps of the same sizes, level by level."""
    return list(teacher.strides) == list(student.strides)


def have_same_priors(student: DenseDetector, teacher: DenseDetector) -> bool:
    """Whether candidate q of one model is candidate q of the other.

    Priors that are one to a location may differ in size: each model decodes its boxes by its own. Where there are
    several, each has to cover at least 0.9 (IoU) of the other model's in the same place of the order.
    """
    if not have_same_strides(student, teacher) or teacher.num_priors != student.num_priors:
        return False
    pairs = zip(teacher.cell_anchors(), student.cell_anchors(), strict=True)
    return teacher.num_priors == 1 or all(
        box_iou(found.cpu(), wanted.cpu()).diagonal().min() >= _SAME_IOU for found, wanted in pairs
    )


def _refuse_priors(student: DenseDetector, teacher: DenseDetector, loss: str) -> NoReturn:
    hint = "or use losses on feature maps alone"
    if teacher.num_priors != student.num_priors:
        raise InputError(
            f"the loss {loss!r} compares candidates, and the teacher, a {teacher.spec.kind}, has "
            f"{teacher.num_priors} priors a location, the student, a {student.spec.kind}, {student.num_priors}; "
            f"give the student a kind with as many priors, {hint}"
        )
    raise InputError(
        f"the loss {loss!r} compares candidates, and the teacher has anchors of {_anchor_sides(teacher)} px on its "
        f"levels, the student of {_anchor_sides(student)} px; give the student the teacher's anchor_scale, {hint}"
    )


def _anchor_sides(detector: DenseDetector) -> str:
    """The sides of the anchors of each level: `20 to 32, 40 to 63`."""
    sides = [(level[:, 2:] - level[:, :2]).prod(1).sqrt() for level in detector.cell_anchors()]
    return ", ".join(f"{side.min():.0f} to {side.max():.0f}" for side in sides)


def _listed(numbers: Sequence[int]) -> str:
    return ", ".join(map(str, numbers))
