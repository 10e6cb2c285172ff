"""GFL (Li et al., 2020, arXiv:2006.04388): scores that say how good the box is, sides as distributions."""

from __future__ import annotations

from collections.abc import Sequence

from torch import Tensor

from trainer.assigners import Assignment, assign_by_atss
from trainer.data.batches import Target
from trainer.detectors.atss import anchor_sizes_px
from trainer.detectors.boxes import DistributionCoder
from trainer.detectors.dense import Average, DenseDetector, alone
from trainer.detectors.generalized_focal import gfl_loss
from trainer.detectors.heads import Branch, LevelScales, expect_background
from trainer.detectors.outputs import DenseOutputs
from trainer.spec import GflSpec


class Gfl(DenseDetector):
    """ATSS's anchors and positives; each side of a box is a distribution over distances, and no centerness."""

    spec: GflSpec

    def __init__(self, spec: GflSpec, *, num_classes: int) -> None:
        super().__init__(spec, num_classes=num_classes, anchor_sizes_px=anchor_sizes_px(spec))
        self.coder = DistributionCoder(num_bins=spec.num_bins, prior_strides=spec.anchor_scale)
        self.class_head = Branch(spec, num_classes, conv_bias=True)
        self.box_head = Branch(spec, self.coder.num_values, conv_bias=True)
        self.scales = LevelScales(spec.num_levels)
        expect_background(self.class_head.predict)

    def forward(self, images: Tensor, *, with_boxes: bool = True) -> DenseOutputs:
        """As `DenseDetector.forward`; box regressions are logits, [N, 4*B, H, W] with B bins for each side."""
        features = self.features(images)
        boxes = self.scales([self.box_head(level) for level in features]) if with_boxes else None
        return DenseOutputs(
            features=tuple(features),
            class_logits=tuple(self.class_head(level) for level in features),
            box_regressions=tuple(boxes) if boxes is not None else None,
            priors_xyxy=self.priors(images, features),
            num_classes=self.num_classes,
            coder=self.coder,
            nms_iou=self.spec.nms_iou,
        )

    def assign(self, outputs: DenseOutputs, targets: Sequence[Target]) -> Assignment:
        """Positives by adaptive selection, as in ATSS."""
        return assign_by_atss(
            outputs.priors_xyxy,
            targets,
            level_sizes=outputs.level_sizes(),
            num_candidates=self.spec.num_candidates,
        )

    def loss(self, outputs: DenseOutputs, assignment: Assignment, *, average: Average = alone) -> dict[str, Tensor]:
        """`classification` (quality focal), `box` (GIoU, weight 2) and `distribution` (weight 0.25)."""
        return gfl_loss(outputs, assignment, self.coder, average=average)
