"""The detectors' own losses over dense outputs, as functions of outputs and assignment.

Shapes: N = images, P = priors, K = classes, Q = positive priors of the whole batch. All are computed in float32
whatever the outputs are in, are sums over the batch divided by a count, and are 0 with a graph without positives.
`average` makes a count the mean over all processes of a training.
"""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn.functional import binary_cross_entropy_with_logits
from torchvision.ops import generalized_box_iou_loss, sigmoid_focal_loss

from trainer.assigners import IGNORED, Assignment
from trainer.detectors.boxes import DELTAS, centerness, centres
from trainer.detectors.dense import Average, alone
from trainer.detectors.outputs import DenseOutputs
from trainer.distributed import world_size

ATSS_BOX_WEIGHT = 2.0


def detection_loss(outputs: DenseOutputs, assignment: Assignment, *, average: Average = alone) -> dict[str, Tensor]:
    """RetinaNet's: `classification` (focal) and `box` (L1 of the encoded boxes), both over the number of positives."""
    divisor = count_positives(outputs, assignment, average)
    regressions = outputs.flat_box_regressions().float()[assignment.positive_image, assignment.positive_prior]
    wanted = outputs.coder.encode(*positive_boxes_and_priors(outputs, assignment))
    return {
        "classification": focal_loss(outputs, assignment) / divisor,
        "box": (regressions - wanted).abs().sum() / divisor,
    }


def fcos_loss(outputs: DenseOutputs, assignment: Assignment, *, average: Average = alone) -> dict[str, Tensor]:
    """FCOS's: `classification` (focal), `box` (GIoU) and `centerness`, all over the number of positives."""
    divisor = count_positives(outputs, assignment, average)
    boxes, priors = positive_boxes_and_priors(outputs, assignment)
    found = outputs.boxes_at(assignment.positive_image, assignment.positive_prior)
    return {
        "classification": focal_loss(outputs, assignment) / divisor,
        "box": generalized_box_iou_loss(found, boxes, reduction="sum") / divisor,
        "centerness": quality_loss(outputs, assignment, centerness(centres(priors), boxes)) / divisor,
    }


def atss_loss(outputs: DenseOutputs, assignment: Assignment, *, average: Average = alone) -> dict[str, Tensor]:
    """ATSS's (arXiv:1912.02424): `classification` (focal), `box` (GIoU, weight 2) and `centerness`.

    The positives' centerness weighs `box`, which is divided by its sum, at least 1; the others by their number.
    """
    divisor = count_positives(outputs, assignment, average)
    boxes, priors = positive_boxes_and_priors(outputs, assignment)
    found = outputs.boxes_at(assignment.positive_image, assignment.positive_prior)
    weight = centerness(centres(priors), boxes)
    giou = generalized_box_iou_loss(found, boxes)
    return {
        "classification": focal_loss(outputs, assignment) / divisor,
        "box": ATSS_BOX_WEIGHT * (giou * weight).sum() / average(weight.sum()).clamp(min=1),
        "centerness": quality_loss(outputs, assignment, weight) / divisor,
    }


def focal_loss(outputs: DenseOutputs, assignment: Assignment) -> Tensor:
    """Sum of the sigmoid focal loss (arXiv:1708.02002) over all priors and classes but the ignored priors."""
    logits_NPK = outputs.flat_class_logits().float()
    labels_NPK = torch.zeros_like(logits_NPK)
    positive_labels = assignment.labels[assignment.positive_instance]
    labels_NPK[assignment.positive_image, assignment.positive_prior, positive_labels] = 1.0
    focal_NPK = sigmoid_focal_loss(logits_NPK, labels_NPK)
    counts_NP1 = (assignment.instance != IGNORED).unsqueeze(2)
    total: Tensor = (focal_NPK * counts_NP1).sum()
    return total


def quality_loss(outputs: DenseOutputs, assignment: Assignment, wanted: Tensor) -> Tensor:
    """Sum of the cross-entropy of the positives' quality logits against `wanted`, [Q] in 0..1."""
    logits = outputs.flat_quality_logits().float()[assignment.positive_image, assignment.positive_prior]
    return binary_cross_entropy_with_logits(logits, wanted, reduction="sum")


def count_positives(outputs: DenseOutputs, assignment: Assignment, average: Average) -> Tensor:
    """Number of positives, at least 1 over all processes."""
    number = torch.tensor(assignment.num_positives, dtype=torch.float32, device=outputs.priors_xyxy.device)
    return average(number).clamp(min=1 / world_size())


def positive_boxes_and_priors(outputs: DenseOutputs, assignment: Assignment) -> tuple[Tensor, Tensor]:
    """Of each positive: its instance's box and its prior, both [Q, 4]."""
    return assignment.boxes_xyxy[assignment.positive_instance], outputs.priors_xyxy[assignment.positive_prior]


def encode(boxes_xyxy: Tensor, priors_xyxy: Tensor) -> Tensor:
    """RetinaNet's regression targets [Q, 4] of boxes [Q, 4]."""
    return DELTAS.encode(boxes_xyxy, priors_xyxy)


def decode(regressions: Tensor, priors_xyxy: Tensor) -> Tensor:
    """RetinaNet's boxes [Q, 4] xyxy in pixels of regressions [Q, 4]: the inverse of `encode`."""
    return DELTAS.decode(regressions, priors_xyxy)
