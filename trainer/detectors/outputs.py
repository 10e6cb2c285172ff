"""What every detector returns, in training and in evaluation alike.

Shapes: N = images, C = feature channels, A = priors per location, K = classes, H and W = one pyramid level,
P = priors of all levels together. Flat tensors are ordered level, row, column, prior: (L, H, W, A).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor


@dataclass(frozen=True)
class DenseOutputs:
    """Raw outputs of a dense one-stage detector for a padded batch; no loss, no decoding, no NMS."""

    features: tuple[Tensor, ...]  # per level [N, C, H, W]
    class_logits: tuple[Tensor, ...]  # per level [N, A*K, H, W], channel a*K + k
    box_regressions: tuple[Tensor, ...] | None  # per level [N, A*4, H, W]; None where boxes were not asked for
    priors_xyxy: Tensor  # [P, 4] pixels of the padded batch, the same for all images
    num_classes: int

    def flat_class_logits(self) -> Tensor:
        """Class logits as [N, P, K]."""
        return flatten_levels(self.class_logits, self.num_classes)

    def flat_box_regressions(self) -> Tensor:
        """Box regressions as [N, P, 4]."""
        assert self.box_regressions is not None, "the boxes of these outputs were skipped"
        return flatten_levels(self.box_regressions, 4)

    def level_sizes(self) -> tuple[int, ...]:
        """Number of priors of each level; they sum to P."""
        return tuple(
            level.shape[1] // self.num_classes * level.shape[2] * level.shape[3] for level in self.class_logits
        )


def flatten_levels(levels: Sequence[Tensor], channels: int) -> Tensor:
    """[N, A*channels, H, W] per level to [N, P, channels], in the order level, row, column, prior."""
    flat = []
    for level in levels:
        num_images, _, height, width = level.shape
        split = level.view(num_images, -1, channels, height, width)  # N, A, channels, H, W
        flat.append(split.permute(0, 3, 4, 1, 2).reshape(num_images, -1, channels))
    return torch.cat(flat, dim=1)
