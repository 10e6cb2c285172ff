"""The frozen teacher: how its classes and priors are brought in line with the student's."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from pathlib import Path

import torch
from torch import Tensor
from torchvision.ops import box_iou

from trainer.detectors import DenseDetector, DenseOutputs, load_detector
from trainer.errors import InputError

_SAME_IOU = 0.9


class Teacher:
    """A detector that gives targets. It is no module of the student's, so nothing can put it into train mode."""

    def __init__(self, detector: DenseDetector, class_order: Sequence[int]) -> None:
        """`class_order[k]` is the teacher's index of the student's class k."""
        self.detector = detector.eval().requires_grad_(False)
        self.class_order = tuple(class_order)

    @classmethod
    def load(cls, path: Path, *, class_names: Sequence[str], student: DenseDetector, device: torch.device) -> Teacher:
        """Read a teacher and match it with the student.

        Raises:
            InputError: the weights cannot be read, a class of the student is none of the teacher's, or the two
                have different levels or anchors.
        """
        detector, card = load_detector(path)
        require_same_priors(detector, student, path)
        return cls(detector.to(device), match_classes(card.class_names, class_names))

    @torch.no_grad()
    def __call__(
        self, images: Tensor, *, with_boxes: bool = False, autocast: AbstractContextManager[object] | None = None
    ) -> DenseOutputs:
        """Outputs for [N, 3, H, W] uint8 images, class channels in the student's order, without gradients."""
        with autocast or nullcontext():
            outputs: DenseOutputs = self.detector(images, with_boxes=with_boxes)
        num_classes = len(self.class_order)
        if self.class_order == tuple(range(outputs.num_classes)):
            return outputs
        logits = tuple(_reorder(level, outputs.num_classes, self.class_order) for level in outputs.class_logits)
        return replace(outputs, class_logits=logits, num_classes=num_classes)


def match_classes(teacher: Sequence[str], student: Sequence[str]) -> tuple[int, ...]:
    """For each class of the student, the teacher's index of the class of that name.

    Raises:
        InputError: some names are not among the teacher's.
    """
    missing = [name for name in student if name not in teacher]
    if missing:
        raise InputError(
            f"teacher has {len(teacher)} classes, student has {len(student)}, and these of the student's are not "
            f"among the teacher's: {', '.join(missing[:10])}; the teacher's are: {', '.join(teacher[:10])}"
            + (" ..." if len(teacher) > 10 else "")
        )
    return tuple(teacher.index(name) for name in student)


def require_same_priors(teacher: DenseDetector, student: DenseDetector, path: Path) -> None:
    """Raises InputError when the two do not predict at the same priors, so that outputs cannot be compared.

    Priors that are one to a location may differ in size: each model decodes its boxes by its own. Where there are
    several, each has to cover at least 0.9 (IoU) of the other model's in the same place of the order.
    """
    if teacher.strides != student.strides or teacher.num_priors != student.num_priors:
        raise InputError(
            f"the teacher in {path} is a {teacher.spec.kind} with levels of stride {_listed(teacher.strides)} and "
            f"{teacher.num_priors} priors a location, the student a {student.spec.kind} with "
            f"{_listed(student.strides)} and {student.num_priors}; give the student the teacher's num_levels and a "
            "kind with as many priors"
        )
    pairs = zip(teacher.cell_anchors(), student.cell_anchors(), strict=True)
    if teacher.num_priors > 1 and any(box_iou(found, wanted).diagonal().min() < _SAME_IOU for found, wanted in pairs):
        raise InputError(
            f"the teacher in {path} has anchors of {_anchor_sides(teacher)} px on its levels, the student of "
            f"{_anchor_sides(student)} px; give the student the teacher's num_levels and anchor_scale"
        )


def _anchor_sides(detector: DenseDetector) -> str:
    """The sides of the anchors of each level: `20 to 32, 40 to 63`."""
    sides = [(level[:, 2:] - level[:, :2]).prod(1).sqrt() for level in detector.cell_anchors()]
    return ", ".join(f"{side.min():.0f} to {side.max():.0f}" for side in sides)


def _listed(numbers: Sequence[int]) -> str:
    return ", ".join(map(str, numbers))


def _reorder(level: Tensor, num_classes: int, order: Sequence[int]) -> Tensor:
    """[N, A*K, H, W] with the class channels of each prior picked in `order`."""
    num_images, _, height, width = level.shape
    split = level.view(num_images, -1, num_classes, height, width)
    picked = split[:, :, torch.tensor(order, device=level.device)]
    return picked.reshape(num_images, -1, height, width)
