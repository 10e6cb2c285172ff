"""Whether a teacher's outputs can be compared with a student's, loss by loss."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NoReturn

from torchvision.ops import box_iou

from trainer.detectors import DenseDetector
from trainer.distill.needs import NEEDS
from trainer.errors import InputError
from trainer.spec import CrossHead, DistillLoss, GflSpec

_SAME_IOU = 0.9


def require_comparable(student: DenseDetector, teacher: DenseDetector, losses: Iterable[DistillLoss]) -> None:
    """Check that every loss can compare the two; widths, depths and normalisation of the input may differ.

    Raises:
        InputError: a loss compares feature maps, and the two have other strides; or a loss compares candidates, and
            the two predict at other priors; or a loss needs parts that a detector does not have. Names the loss and
            what differs.
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
        if needs.same_bins:
            _require_same_bins(student, teacher, loss.name)
        if isinstance(loss, CrossHead):
            _require_convs(student, teacher, loss)


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


def _require_same_bins(student: DenseDetector, teacher: DenseDetector, loss: str) -> None:
    bins = [spec.num_bins if isinstance(spec, GflSpec) else None for spec in (teacher.spec, student.spec)]
    if None in bins:
        raise InputError(
            f"the loss {loss!r} compares box edges as distributions, which GFL alone predicts; the teacher is a "
            f"{teacher.spec.kind}, the student a {student.spec.kind}; make both a gfl, or leave the loss out"
        )
    if bins[0] != bins[1]:
        raise InputError(
            f"the loss {loss!r} compares distributions over bins, and the teacher has {bins[0]} of them, the student "
            f"{bins[1]}; give the student the teacher's num_bins"
        )


def _require_convs(student: DenseDetector, teacher: DenseDetector, loss: CrossHead) -> None:
    for role, detector in (("teacher", teacher), ("student", student)):
        if len(detector.class_head.convs) < loss.num_teacher_convs:
            raise InputError(
                f"the loss {loss.name!r} takes the last {loss.num_teacher_convs} convolutions of a class branch, and "
                f"the {role}'s has {len(detector.class_head.convs)}; lower num_teacher_convs"
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
