"""What rank mimicking orders: each model's values at the positive priors of a batch.

Shapes: Q = positive priors of the batch, ordered by image and prior.
"""

from __future__ import annotations

from dataclasses import dataclass

from torch import Tensor

from trainer.assigners import Assignment
from trainer.detectors import DenseOutputs
from trainer.detectors.boxes import paired_iou
from trainer.distill.needs import Needs


@dataclass(frozen=True)
class RankedValues:
    """One model's values at the positive priors; all that a teacher has to tell for rank mimicking."""

    class_logits: Tensor  # [Q] float32: the logit of the class of each prior's instance
    qualities: Tensor | None  # [Q] float32: IoU of the predicted box with the instance's box; None if not asked for


def ranked_values(outputs: DenseOutputs, assignment: Assignment, needs: Needs) -> RankedValues | None:
    """The values of `outputs` at the positives of `assignment`, as far as they are needed; differentiable."""
    if not needs.ranked:
        return None
    qualities = qualities_of_positives(outputs, assignment) if needs.boxes else None
    return RankedValues(class_values_of_positives(outputs, assignment), qualities)


def class_values_of_positives(outputs: DenseOutputs, assignment: Assignment) -> Tensor:
    """The logit of each positive prior for its instance's class: [Q] float32."""
    labels = assignment.labels[assignment.positive_instance]
    return outputs.flat_class_logits()[assignment.positive_image, assignment.positive_prior, labels].float()


def qualities_of_positives(outputs: DenseOutputs, assignment: Assignment) -> Tensor:
    """IoU of each positive prior's predicted box with the box of its instance: [Q] float32."""
    boxes = outputs.boxes_at(assignment.positive_image, assignment.positive_prior)
    return paired_iou(boxes, assignment.boxes_xyxy[assignment.positive_instance])
