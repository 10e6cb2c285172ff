"""FCOS (Tian et al., 2019, arXiv:1904.01355; 2020, arXiv:2006.09214) from torchvision's parts: points, no anchors."""

from __future__ import annotations

from collections.abc import Sequence

from torch import Tensor

from trainer.assigners import Assignment, assign_by_centre_sampling
from trainer.data.batches import Target
from trainer.detectors.boxes import DistanceCoder
from trainer.detectors.dense import Average, DenseDetector, alone, level_strides
from trainer.detectors.heads import BoxAndQualityBranch, Branch, expect_background
from trainer.detectors.losses import fcos_loss
from trainer.detectors.outputs import DenseOutputs
from trainer.spec import FcosSpec


class Fcos(DenseDetector):
    """One point per location; its square prior has the side of a stride, so that distances are in strides."""

    spec: FcosSpec

    def __init__(self, spec: FcosSpec, *, num_classes: int) -> None:
        sizes = [[stride] for stride in level_strides(spec.num_levels)]
        super().__init__(spec, num_classes=num_classes, anchor_sizes_px=sizes)
        self.class_head = Branch(spec, num_classes, conv_bias=True)
        self.box_head = BoxAndQualityBranch(spec, 4, self.num_priors)
        expect_background(self.class_head.predict)

    def forward(self, images: Tensor, *, with_boxes: bool = True) -> DenseOutputs:
        """As `DenseDetector.forward`; without boxes there is no centerness either."""
        features = self.features(images)
        boxes = [self.box_head.both(level) for level in features] if with_boxes else []
        return DenseOutputs(
            features=tuple(features),
            class_logits=tuple(self.class_head(level) for level in features),
            box_regressions=tuple(values.relu() for values, _ in boxes) if with_boxes else None,
            quality_logits=tuple(quality for _, quality in boxes) if with_boxes else None,
            priors_xyxy=self.priors(images, features),
            num_classes=self.num_classes,
            coder=DistanceCoder(),
            nms_iou=self.spec.nms_iou,
        )

    def assign(self, outputs: DenseOutputs, targets: Sequence[Target]) -> Assignment:
        """Positives near the instance's centre, on the level for its size."""
        return assign_by_centre_sampling(
            outputs.priors_xyxy,
            targets,
            level_sizes=outputs.level_sizes(),
            radius=self.spec.center_radius,
            regression_range=self.spec.regression_range,
        )

    def loss(self, outputs: DenseOutputs, assignment: Assignment, *, average: Average = alone) -> dict[str, Tensor]:
        """`classification` (focal), `box` (GIoU) and `centerness` (cross-entropy)."""
        return fcos_loss(outputs, assignment, average=average)
