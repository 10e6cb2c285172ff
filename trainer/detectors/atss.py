"""ATSS (Zhang et al., 2020, arXiv:1912.02424): one anchor per location, positives by adaptive selection."""

from __future__ import annotations

from collections.abc import Sequence

from torch import Tensor

from trainer.assigners import Assignment, assign_by_atss
from trainer.data.batches import Target
from trainer.detectors.boxes import DeltaCoder
from trainer.detectors.dense import Average, DenseDetector, alone, level_strides
from trainer.detectors.heads import BoxAndQualityBranch, Branch, LevelScales, expect_background
from trainer.detectors.losses import atss_loss
from trainer.detectors.outputs import DenseOutputs
from trainer.spec import AtssSpec, GflSpec

ATSS_DELTAS = DeltaCoder(weights=(10.0, 10.0, 5.0, 5.0))


class Atss(DenseDetector):
    """One square anchor per location, boxes as shifts of it, and a centerness that comes with them."""

    spec: AtssSpec

    def __init__(self, spec: AtssSpec, *, num_classes: int) -> None:
        super().__init__(spec, num_classes=num_classes, anchor_sizes_px=anchor_sizes_px(spec))
        self.class_head = Branch(spec, num_classes, conv_bias=True)
        self.box_head = BoxAndQualityBranch(spec, 4, self.num_priors)
        self.scales = LevelScales(spec.num_levels)
        expect_background(self.class_head.predict)

    def forward(self, images: Tensor, *, with_boxes: bool = True) -> DenseOutputs:
        """As `DenseDetector.forward`; without boxes there is no centerness either."""
        features = self.features(images)
        boxes = [self.box_head.both(level) for level in features] if with_boxes else []
        return DenseOutputs(
            features=tuple(features),
            class_logits=tuple(self.class_head(level) for level in features),
            box_regressions=tuple(self.scales([values for values, _ in boxes])) if with_boxes else None,
            quality_logits=tuple(quality for _, quality in boxes) if with_boxes else None,
            priors_xyxy=self.priors(images, features),
            num_classes=self.num_classes,
            coder=ATSS_DELTAS,
            nms_iou=self.spec.nms_iou,
        )

    def assign(self, outputs: DenseOutputs, targets: Sequence[Target]) -> Assignment:
        """Positives by adaptive selection."""
        return assign_by_atss(
            outputs.priors_xyxy,
            targets,
            level_sizes=outputs.level_sizes(),
            num_candidates=self.spec.num_candidates,
        )

    def loss(self, outputs: DenseOutputs, assignment: Assignment, *, average: Average = alone) -> dict[str, Tensor]:
        """`classification` (focal), `box` (GIoU weighted by centerness) and `centerness` (cross-entropy)."""
        return atss_loss(outputs, assignment, average=average)


def anchor_sizes_px(spec: AtssSpec | GflSpec) -> list[list[float]]:
    """Side of the one square anchor of each level, in pixels."""
    return [[stride * spec.anchor_scale] for stride in level_strides(spec.num_levels)]
