"""What every detector returns, in training and in evaluation alike.

Shapes: N = images, C = feature channels, A = priors per location, K = classes, H and W = one pyramid level,
P = priors of all levels together, V = values that encode one box (4, or more for distributions), Q = priors picked
out. Flat tensors are ordered level, row, column, prior: (L, H, W, A).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import torch
from torch import Tensor

from trainer.detectors.boxes import DELTAS, BoxCoder


@dataclass(frozen=True)
class DenseOutputs:
    """Raw outputs of a dense one-stage detector for a padded batch; no loss, no decoding, no NMS."""

    features: tuple[Tensor, ...]  # per level [N, C, H, W]
    class_logits: tuple[Tensor, ...]  # per level [N, A*K, H, W], channel a*K + k
    box_regressions: tuple[Tensor, ...] | None  # per level [N, A*V, H, W]; None where boxes were not asked for
    priors_xyxy: Tensor  # [P, 4] pixels of the padded batch, the same for all images
    num_classes: int
    coder: BoxCoder = DELTAS  # what the regressions mean
    quality_logits: tuple[Tensor, ...] | None = None  # per level [N, A, H, W]: centerness, where a detector has it
    nms_iou: float = 0.5  # for NMS, where this detector works best

    def flat_class_logits(self) -> Tensor:
        """Class logits as [N, P, K]; one tensor for all who ask, so that gradients meet there."""
        return self._flat_class_logits

    def flat_box_regressions(self) -> Tensor:
        """Box regressions as [N, P, V]; one tensor for all who ask."""
        return self._flat_box_regressions

    def flat_quality_logits(self) -> Tensor:
        """Quality logits as [N, P]."""
        assert self.quality_logits is not None, "this detector predicts no quality, or it was skipped"
        return flatten_levels(self.quality_logits, 1).squeeze(2)

    def scores(self) -> Tensor:
        """By what detections are ranked, [N, P, K] float32 in 0..1.

        The class scores; with a quality, the geometric mean of both (arXiv:2006.09214).
        """
        scores_NPK = self.flat_class_logits().float().sigmoid()
        if self.quality_logits is None:
            return scores_NPK
        return (scores_NPK * self.flat_quality_logits().float().sigmoid().unsqueeze(2)).sqrt()

    def boxes_at(self, image: Tensor, prior: Tensor) -> Tensor:
        """Predicted boxes [Q, 4] xyxy, float32, of the priors [Q] of the images [Q], both int64 indices."""
        return self.coder.decode(self.flat_box_regressions()[image, prior].float(), self.priors_xyxy[prior])

    @cached_property
    def _flat_class_logits(self) -> Tensor:
        return flatten_levels(self.class_logits, self.num_classes)

    @cached_property
    def _flat_box_regressions(self) -> Tensor:
        assert self.box_regressions is not None, "the boxes of these outputs were skipped"
        return flatten_levels(self.box_regressions, self.coder.num_values)

    @property
    def num_priors(self) -> int:
        """Priors per location, A."""
        return self.class_logits[0].shape[1] // self.num_classes

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
