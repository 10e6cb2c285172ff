"""RetinaNet's own loss over dense outputs: focal loss of the classes, L1 of the encoded boxes."""

from __future__ import annotations

import torch
from torch import Tensor
from torchvision.models.detection._utils import BoxCoder
from torchvision.ops import sigmoid_focal_loss

from trainer.assigners import IGNORED, Assignment
from trainer.detectors.outputs import DenseOutputs

_CODER = BoxCoder(weights=(1.0, 1.0, 1.0, 1.0))


def detection_loss(outputs: DenseOutputs, assignment: Assignment) -> dict[str, Tensor]:
    """Return `classification` and `box`, both sums over the batch divided by its number of positive priors.

    Computed in float32 whatever the outputs are in. Without a positive prior, `box` is 0 with a graph.
    """
    divisor = max(1, assignment.num_positives)
    logits_NPK = outputs.flat_class_logits().float()
    labels_NPK = torch.zeros_like(logits_NPK)
    positive_labels = assignment.labels[assignment.positive_instance]
    labels_NPK[assignment.positive_image, assignment.positive_prior, positive_labels] = 1.0
    focal_NPK = sigmoid_focal_loss(logits_NPK, labels_NPK)
    counts_NP1 = (assignment.instance != IGNORED).unsqueeze(2)
    regressions = outputs.flat_box_regressions().float()[assignment.positive_image, assignment.positive_prior]
    wanted = encode(assignment.boxes_xyxy[assignment.positive_instance], outputs.priors_xyxy[assignment.positive_prior])
    return {
        "classification": (focal_NPK * counts_NP1).sum() / divisor,
        "box": (regressions - wanted).abs().sum() / divisor,
    }


def encode(boxes_xyxy: Tensor, priors_xyxy: Tensor) -> Tensor:
    """Regression targets [Q, 4] (shift of the centre in prior sizes, log of the size ratio) of boxes [Q, 4]."""
    return _CODER.encode_single(boxes_xyxy, priors_xyxy)  # type: ignore[no-any-return]


def decode(regressions: Tensor, priors_xyxy: Tensor) -> Tensor:
    """Boxes [Q, 4] xyxy in pixels of regressions [Q, 4]: the inverse of `encode`."""
    return _CODER.decode_single(regressions, priors_xyxy)  # type: ignore[no-any-return]
