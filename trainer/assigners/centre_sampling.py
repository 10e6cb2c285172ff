"""FCOS's rule (Tian et al., 2020, arXiv:2006.09214): points near an object's centre, on the level for its size.

The rule is the one of torchvision's FCOS, but for two things that it leaves to chance: a point whose farthest side
is exactly at the bound of two levels belongs to the coarser one (there to none), and areas are compared as they are
(there rounded to about 8 square pixels).
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from trainer.assigners.assignment import BACKGROUND, Assignment
from trainer.data.batches import Target


def assign_by_centre_sampling(
    priors_xyxy: Tensor,
    targets: Sequence[Target],
    *,
    level_sizes: Sequence[int],
    radius: float = 1.5,
    regression_range: float = 8.0,
) -> Assignment:
    """Assign the points of every image of a batch.

    A point is positive for an instance when it lies inside its box, less than `radius` strides from the box's centre
    in x and in y, and when the farthest side of the box is at least `regression_range / 2` and less than
    `regression_range` strides away; the finest level has no lower and the coarsest no upper bound. Of several
    instances the smallest takes it, of equally small ones the first. Everything else is background.

    Args:
        priors_xyxy: [P, 4] square priors around the points, whose side is the stride, ordered by level.
        targets: the instances of each image.
        level_sizes: number of priors of each level, finest first.
        radius: in strides.
        regression_range: in strides.
    """
    sides = priors_xyxy[:, 2] - priors_xyxy[:, 0]
    farthest = regression_range * sides
    nearest = farthest / 2
    nearest[: level_sizes[0]] = 0
    farthest[priors_xyxy.shape[0] - level_sizes[-1] :] = torch.inf
    points = (priors_xyxy[:, :2] + priors_xyxy[:, 2:]) / 2
    bounds = nearest, farthest, radius * sides
    return Assignment.of([_assign_image(points, target.boxes_xyxy, *bounds) for target in targets], targets)


def _assign_image(points_xy: Tensor, boxes_xyxy: Tensor, nearest: Tensor, farthest: Tensor, radius: Tensor) -> Tensor:
    num_points = points_xy.shape[0]
    if boxes_xyxy.shape[0] == 0:
        return torch.full((num_points,), BACKGROUND, dtype=torch.int64, device=points_xy.device)
    points = points_xy[:, None]  # P, 1, 2
    low, high = boxes_xyxy[None, :, :2], boxes_xyxy[None, :, 2:]  # 1, G, 2
    sides = torch.cat([points - low, high - points], dim=2)  # P, G, 4
    from_centre = (points - (low + high) / 2).abs().amax(2)  # P, G
    reach = sides.amax(2)
    positive = (sides.amin(2) > 0) & (from_centre < radius[:, None])
    positive &= (reach >= nearest[:, None]) & (reach < farthest[:, None])
    areas = (boxes_xyxy[:, 2:] - boxes_xyxy[:, :2]).prod(1)
    smallest, instance = torch.where(positive, areas, torch.inf).min(dim=1)
    return torch.where(smallest < torch.inf, instance, BACKGROUND)
