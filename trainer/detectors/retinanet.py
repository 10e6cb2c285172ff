"""RetinaNet (Lin et al., 2017, arXiv:1708.02002) from torchvision's parts: nine anchors per location."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from torch import Tensor

from trainer.assigners import Assignment, assign_by_max_iou
from trainer.data.batches import Target
from trainer.detectors.boxes import DELTAS
from trainer.detectors.dense import Average, DenseDetector, alone, level_strides
from trainer.detectors.heads import Branch, expect_background
from trainer.detectors.losses import detection_loss
from trainer.detectors.outputs import DenseOutputs
from trainer.spec import RetinaNetSpec

ASPECT_RATIOS = (0.5, 1.0, 2.0)
OCTAVE_SCALES = (1.0, 2 ** (1 / 3), 2 ** (2 / 3))


class RetinaNet(DenseDetector):
    """One dense head shared by all levels."""

    spec: RetinaNetSpec

    def __init__(self, spec: RetinaNetSpec, *, num_classes: int) -> None:
        super().__init__(
            spec, num_classes=num_classes, anchor_sizes_px=anchor_sizes_px(spec), aspect_ratios=ASPECT_RATIOS
        )
        self.class_head = Branch(spec, self.num_priors * num_classes)
        self.box_head = Branch(spec, self.num_priors * 4)
        expect_background(self.class_head.predict)

    def forward(self, images: Tensor, *, with_boxes: bool = True) -> DenseOutputs:
        """As `DenseDetector.forward`."""
        features = self.features(images)
        return DenseOutputs(
            features=tuple(features),
            class_logits=tuple(self.class_head(level) for level in features),
            box_regressions=tuple(self.box_head(level) for level in features) if with_boxes else None,
            priors_xyxy=self.priors(images, features),
            num_classes=self.num_classes,
            coder=DELTAS,
            nms_iou=self.spec.nms_iou,
        )

    def assign(self, outputs: DenseOutputs, targets: Sequence[Target]) -> Assignment:
        """Positives by their overlap with the instance."""
        return assign_by_max_iou(outputs.priors_xyxy, targets)

    def loss(self, outputs: DenseOutputs, assignment: Assignment, *, average: Average = alone) -> dict[str, Tensor]:
        """`classification` (focal) and `box` (L1)."""
        return detection_loss(outputs, assignment, average=average)


def anchor_sizes_px(spec: RetinaNetSpec) -> tuple[tuple[int, ...], ...]:
    """Sides of the square anchors of each level, in pixels: three per octave."""
    rounded: Callable[[float], int] = round if spec.anchor_rounding == "nearest" else int
    return tuple(
        tuple(rounded(stride * spec.anchor_scale * scale) for scale in OCTAVE_SCALES)
        for stride in level_strides(spec.num_levels)
    )
