"""The result of an assigner, shared by the detection loss and by rank mimicking.

Shapes: N = images, P = priors, M = instances of the whole batch, Q = positive priors of the whole batch.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import torch
from torch import Tensor

from trainer.data.batches import Target

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

    @classmethod
    def of(cls, rows: Sequence[Tensor], targets: Sequence[Target]) -> Self:
        """Join the rules' answers for each image.

        Args:
            rows: per image [P] int64: an instance of that image (0..G-1), BACKGROUND or IGNORED.
            targets: the instances of each image.
        """
        num_before = 0
        numbered = []
        for row, target in zip(rows, targets, strict=True):
            numbered.append(torch.where(row >= 0, row + num_before, row))
            num_before += target.labels.shape[0]
        instance = torch.stack(numbered)
        positive_image, positive_prior = torch.nonzero(instance >= 0, as_tuple=True)
        return cls(
            instance=instance,
            boxes_xyxy=torch.cat([target.boxes_xyxy for target in targets]),
            labels=torch.cat([target.labels for target in targets]),
            positive_image=positive_image,
            positive_prior=positive_prior,
            positive_instance=instance[positive_image, positive_prior],
        )

    @property
    def num_instances(self) -> int:
        return self.labels.shape[0]

    @property
    def num_positives(self) -> int:
        return self.positive_prior.shape[0]
