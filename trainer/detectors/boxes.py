"""How a detector's raw box values become boxes, and back.

Shapes: Q = any number of priors, V = values that a detector predicts for one box. Boxes are xyxy in pixels.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import torch
from torch import Tensor
from torchvision.models.detection._utils import BoxCoder as _TorchvisionCoder
from torchvision.models.detection._utils import BoxLinearCoder


class BoxCoder(Protocol):
    """What dense outputs carry, so that anybody can decode them."""

    @property
    def num_values(self) -> int:
        """V."""

    def encode(self, boxes_xyxy: Tensor, priors_xyxy: Tensor) -> Tensor:
        """Regression targets of boxes [Q, 4] at priors [Q, 4]: [Q, 4], in the unit that the loss compares."""

    def decode(self, values: Tensor, priors_xyxy: Tensor) -> Tensor:
        """Boxes [Q, 4] of raw values [Q, V] at priors [Q, 4]."""


@dataclass(frozen=True)
class DeltaCoder:
    """Shift of the centre in prior sizes and logarithm of the size ratio (R-CNN, RetinaNet, ATSS).

    `weights` multiply the targets: the inverse of what others call their standard deviations.
    """

    weights: tuple[float, float, float, float] = (1.0, 1.0, 1.0, 1.0)
    num_values: int = 4

    def encode(self, boxes_xyxy: Tensor, priors_xyxy: Tensor) -> Tensor:
        return _TorchvisionCoder(self.weights).encode_single(boxes_xyxy, priors_xyxy)  # type: ignore[no-any-return]

    def decode(self, values: Tensor, priors_xyxy: Tensor) -> Tensor:
        return _TorchvisionCoder(self.weights).decode_single(values, priors_xyxy)  # type: ignore[no-any-return]


DELTAS = DeltaCoder()


@dataclass(frozen=True)
class DistanceCoder:
    """Distances from the prior's centre to left, top, right and bottom, in sides of the square prior (FCOS)."""

    num_values: int = 4

    def encode(self, boxes_xyxy: Tensor, priors_xyxy: Tensor) -> Tensor:
        return BoxLinearCoder(normalize_by_size=True).encode(priors_xyxy, boxes_xyxy)  # type: ignore[no-any-return]

    def decode(self, values: Tensor, priors_xyxy: Tensor) -> Tensor:
        return BoxLinearCoder(normalize_by_size=True).decode(values, priors_xyxy)  # type: ignore[no-any-return]


@dataclass(frozen=True)
class DistributionCoder:
    """For each of left, top, right and bottom, logits over distances from the prior's centre (GFL).

    Bin b stands for a distance of b strides; a box is decoded from the distributions' means.
    """

    num_bins: int = 17
    prior_strides: float = 8.0  # side of the square prior, in strides

    @property
    def num_values(self) -> int:
        return 4 * self.num_bins

    def encode(self, boxes_xyxy: Tensor, priors_xyxy: Tensor) -> Tensor:
        """Distances in strides, as they are."""
        return distances_to_sides(centres(priors_xyxy), boxes_xyxy) / self._stride(priors_xyxy)

    def targets(self, boxes_xyxy: Tensor, priors_xyxy: Tensor) -> Tensor:
        """Distances [Q, 4] in strides that the bins can express: at least 0, and 0.1 below the last bin."""
        return self.encode(boxes_xyxy, priors_xyxy).clamp(0, self.num_bins - 1 - 0.1)

    def decode(self, values: Tensor, priors_xyxy: Tensor) -> Tensor:
        bins = torch.arange(self.num_bins, dtype=values.dtype, device=values.device)
        means = (values.view(-1, 4, self.num_bins).softmax(2) * bins).sum(2) * self._stride(priors_xyxy)
        points = centres(priors_xyxy)
        return torch.cat([points - means[:, :2], points + means[:, 2:]], dim=1)

    def _stride(self, priors_xyxy: Tensor) -> Tensor:
        return (priors_xyxy[:, 2:3] - priors_xyxy[:, 0:1]) / self.prior_strides


def centres(boxes_xyxy: Tensor) -> Tensor:
    """Centres [..., 2] as xy of boxes [..., 4]."""
    return (boxes_xyxy[..., :2] + boxes_xyxy[..., 2:]) / 2


def distances_to_sides(points_xy: Tensor, boxes_xyxy: Tensor) -> Tensor:
    """How far points [..., 2] are inside the left, top, right and bottom of boxes [..., 4]; broadcasts, [..., 4]."""
    return torch.cat([points_xy - boxes_xyxy[..., :2], boxes_xyxy[..., 2:] - points_xy], dim=-1)


def centerness(points_xy: Tensor, boxes_xyxy: Tensor) -> Tensor:
    """FCOS's centerness [Q] of points [Q, 2] inside boxes [Q, 4]: 1 at the centre, 0 at the sides."""
    distances = distances_to_sides(points_xy, boxes_xyxy)
    pairs = torch.stack([distances[..., [0, 2]], distances[..., [1, 3]]], dim=-2)  # horizontal, vertical
    return (pairs.amin(-1) / pairs.amax(-1)).prod(-1).sqrt()


def paired_iou(first_xyxy: Tensor, second_xyxy: Tensor) -> Tensor:
    """IoU [Q] of box q of the first [Q, 4] with box q of the second; 0 where neither has an area."""
    low = torch.maximum(first_xyxy[:, :2], second_xyxy[:, :2])
    high = torch.minimum(first_xyxy[:, 2:], second_xyxy[:, 2:])
    overlap = (high - low).clamp(min=0).prod(1)
    areas = [(boxes[:, 2:] - boxes[:, :2]).clamp(min=0).prod(1) for boxes in (first_xyxy, second_xyxy)]
    union = areas[0] + areas[1] - overlap
    return torch.where(union > 0, overlap / union.clamp(min=torch.finfo(union.dtype).tiny), 0.0)
