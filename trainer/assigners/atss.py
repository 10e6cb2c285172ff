"""Adaptive training sample selection (Zhang et al., 2020, arXiv:1912.02424): the threshold comes from the object.

Shapes: P = priors, G = instances of one image.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor
from torchvision.ops import box_iou

from trainer.assigners.assignment import BACKGROUND, Assignment
from trainer.data.batches import Target


def assign_by_atss(
    priors_xyxy: Tensor, targets: Sequence[Target], *, level_sizes: Sequence[int], num_candidates: int = 9
) -> Assignment:
    """Assign the priors of every image of a batch.

    Candidates of an instance are, on each level, the `num_candidates` priors whose centres are nearest to the box's;
    of equally near ones those that come first. A candidate is positive when its IoU with the box is at least the mean
    plus the standard deviation (unbiased; 0 for a single candidate) of all candidates' IoUs, and its centre lies
    inside the box. A prior that is positive for several instances belongs to the one with the highest IoU, of equally
    high ones to the first. Everything else is background.

    Args:
        priors_xyxy: [P, 4], one prior to a location, ordered by level.
        targets: the instances of each image.
        level_sizes: number of priors of each level.
        num_candidates: of each level.
    """
    rows = [_assign_image(priors_xyxy, target.boxes_xyxy, level_sizes, num_candidates) for target in targets]
    return Assignment.of(rows, targets)


def _assign_image(priors_xyxy: Tensor, boxes_xyxy: Tensor, level_sizes: Sequence[int], num_candidates: int) -> Tensor:
    if boxes_xyxy.shape[0] == 0:
        return torch.full((priors_xyxy.shape[0],), BACKGROUND, dtype=torch.int64, device=priors_xyxy.device)
    points = (priors_xyxy[:, :2] + priors_xyxy[:, 2:]) / 2  # P, 2
    low, high = boxes_xyxy[:, None, :2], boxes_xyxy[:, None, 2:]  # G, 1, 2
    distance_GP = (points - (low + high) / 2).square().sum(2)
    is_inside_GP = ((points > low) & (points < high)).all(2)
    iou_GP = box_iou(boxes_xyxy, priors_xyxy)
    is_candidate_GP = _nearest(distance_GP, level_sizes, num_candidates)
    is_positive_GP = is_candidate_GP & is_inside_GP & (iou_GP >= _threshold(iou_GP, is_candidate_GP))
    best_iou, instance = torch.where(is_positive_GP, iou_GP, -1.0).max(dim=0)
    return torch.where(best_iou >= 0, instance, BACKGROUND)


def _nearest(distance_GP: Tensor, level_sizes: Sequence[int], num_candidates: int) -> Tensor:
    """Which priors are among the nearest of their level: [G, P] bool. Equal distances are taken from the left."""
    chosen = []
    for distance in torch.split(distance_GP, list(level_sizes), dim=1):
        wanted = min(num_candidates, distance.shape[1])
        farthest = distance.topk(wanted, dim=1, largest=False).values[:, -1:]
        is_nearer, is_tied = distance < farthest, distance == farthest
        num_left = wanted - is_nearer.sum(1, keepdim=True)
        chosen.append(is_nearer | (is_tied & (is_tied.cumsum(1) <= num_left)))
    return torch.cat(chosen, dim=1)


def _threshold(iou_GP: Tensor, is_candidate_GP: Tensor) -> Tensor:
    """Mean plus unbiased standard deviation of the candidates' IoUs, [G, 1] float64.

    In float64 the mean of equal IoUs is that IoU, so that all of them reach the threshold.
    """
    weight = is_candidate_GP.double()
    iou = iou_GP.double()
    count = weight.sum(1, keepdim=True)
    mean = (iou * weight).sum(1, keepdim=True) / count
    variance = ((iou - mean).square() * weight).sum(1, keepdim=True) / (count - 1).clamp(min=1)
    return mean + variance.sqrt()
