"""The losses of GFL (Li et al., 2020, arXiv:2006.04388): quality focal loss and distribution focal loss.

Shapes: N = images, P = priors, K = classes, Q = positive priors of the whole batch, B = bins of one side of a box.
"""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn.functional import binary_cross_entropy_with_logits, cross_entropy
from torchvision.ops import generalized_box_iou_loss

from trainer.assigners import Assignment
from trainer.detectors.boxes import DistributionCoder, paired_iou
from trainer.detectors.dense import Average, alone
from trainer.detectors.losses import count_positives, positive_boxes_and_priors
from trainer.detectors.outputs import DenseOutputs

BOX_WEIGHT = 2.0
DISTRIBUTION_WEIGHT = 0.25


def gfl_loss(
    outputs: DenseOutputs, assignment: Assignment, coder: DistributionCoder, *, average: Average = alone
) -> dict[str, Tensor]:
    """`classification`, `box` and `distribution`, the last two weighted by the positives' scores.

    The score that a positive shall have is the IoU of its predicted box; neither that nor the weights get a gradient.
    `classification` is divided by the number of positives, the others by the sum of the weights, at least 1.
    """
    image, prior = assignment.positive_image, assignment.positive_prior
    boxes, priors = positive_boxes_and_priors(outputs, assignment)
    values = outputs.flat_box_regressions().float()[image, prior]
    found = coder.decode(values, priors)
    logits_NPK = outputs.flat_class_logits().float()
    wanted_NPK = torch.zeros_like(logits_NPK)
    labels = assignment.labels[assignment.positive_instance]
    wanted_NPK[image, prior, labels] = paired_iou(found.detach(), boxes)
    weight = logits_NPK.detach()[image, prior].amax(1).sigmoid()
    weights = average(weight.sum()).clamp(min=1)
    giou = generalized_box_iou_loss(found, boxes)
    distribution = distribution_focal_loss(values.view(-1, 4, coder.num_bins), coder.targets(boxes, priors))
    return {
        "classification": quality_focal_loss(logits_NPK, wanted_NPK).sum()
        / count_positives(outputs, assignment, average),
        "box": BOX_WEIGHT * (giou * weight).sum() / weights,
        "distribution": DISTRIBUTION_WEIGHT * (distribution.mean(1) * weight).sum() / weights,
    }


def quality_focal_loss(logits: Tensor, wanted: Tensor, *, beta: float = 2.0) -> Tensor:
    """Cross-entropy against scores in 0..1, times |score - wanted|^beta; all of one shape."""
    gap = (logits.sigmoid() - wanted).abs()
    return gap.pow(beta) * binary_cross_entropy_with_logits(logits, wanted, reduction="none")


def distribution_focal_loss(logits: Tensor, wanted: Tensor) -> Tensor:
    """Cross-entropy of a distribution against the two bins around the wanted distance, by nearness.

    Args:
        logits: [..., B].
        wanted: [...] in bins, at least 0 and below B - 1.

    Returns:
        [...].
    """
    left = wanted.floor()
    nearness = wanted - left  # to the right bin
    flat = logits.flatten(0, -2)
    below, above = (cross_entropy(flat, bins.long().flatten(), reduction="none") for bins in (left, left + 1))
    return below.view_as(wanted) * (1 - nearness) + above.view_as(wanted) * nearness
