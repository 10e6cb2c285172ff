"""RetinaNet's rule: a prior belongs to the instance that it overlaps most, when that is enough.

The rule is the one of torchvision's `Matcher` with low-quality matches, and survives images without boxes.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor
from torchvision.ops import box_iou

from trainer.assigners.assignment import BACKGROUND, IGNORED, Assignment
from trainer.data.batches import Target


def assign_by_max_iou(
    priors_xyxy: Tensor, targets: Sequence[Target], *, positive_iou: float = 0.5, negative_iou: float = 0.4
) -> Assignment:
    """Assign the priors [P, 4] of every image of a batch.

    A prior whose best IoU is at least `positive_iou` belongs to that instance, one below `negative_iou` is
    background, the rest is ignored. The priors that overlap an instance most of all (more than 0) keep their
    own best instance whatever the thresholds say.
    """
    rows = [_assign_image(priors_xyxy, target.boxes_xyxy, positive_iou, negative_iou) for target in targets]
    return Assignment.of(rows, targets)


def _assign_image(priors_xyxy: Tensor, boxes_xyxy: Tensor, positive_iou: float, negative_iou: float) -> Tensor:
    if boxes_xyxy.shape[0] == 0:
        return torch.full((priors_xyxy.shape[0],), BACKGROUND, dtype=torch.int64, device=priors_xyxy.device)
    iou = box_iou(boxes_xyxy, priors_xyxy)  # G, P
    best_iou, best = iou.max(dim=0)
    most = iou.max(dim=1, keepdim=True).values
    rescued = ((iou == most) & (most > 0)).any(dim=0)
    instance = torch.where(best_iou >= positive_iou, best, IGNORED)
    instance = torch.where(best_iou < negative_iou, BACKGROUND, instance)
    return torch.where(rescued, best, instance)
