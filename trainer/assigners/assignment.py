"""The result of an assigner, shared by the detection loss and by rank mimicking.

Shapes: N = images, P = priors, M = instances of the whole batch, Q = positive priors of the whole batch.
"""

from __future__ import annotations

from dataclasses import dataclass

from torch import Tensor

BACKGROUND = -1
IGNORED = -2


@dataclass(frozen=True)
class Assignment:
    """Which instance each prior of a batch belongs to. Instances are numbered 0..M-1 over the batch."""

    instance: Tensor  # [N, P] int64: 0..M-1, BACKGROUND or IGNORED
    boxes_xyxy: Tensor  # [M, 4] float32
    labels: Tensor  # [M] int64
    positive_image: Tensor  # [Q] int64
    positive_prior: Tensor  # [Q] int64
    positive_instance: Tensor  # [Q] int64, in 0..M-1

    @property
    def num_instances(self) -> int:
        return self.labels.shape[0]

    @property
    def num_positives(self) -> int:
        return self.positive_prior.shape[0]
