"""The branches of a dense head: 3x3 convolutions and a last one that predicts, shared by all levels.

Shapes: N = images, C = feature channels, A = priors per location, H and W = one pyramid level.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import torch
from torch import Tensor, nn
from torchvision.ops import Conv2dNormActivation

from trainer.detectors.norms import NORM_LAYERS
from trainer.spec import PyramidSpec

_PRIOR_PROBABILITY = 0.01


class Branch(nn.Module):
    """One branch of the head: classes or boxes."""

    def __init__(self, spec: PyramidSpec, out_channels: int, *, conv_bias: bool | None = None) -> None:
        """`conv_bias`: biases also before a normalisation; by default only where there is none."""
        super().__init__()
        channels, norm_layer = spec.fpn_channels, NORM_LAYERS[spec.head_norm]
        self.convs = nn.Sequential(
            *(
                Conv2dNormActivation(channels, channels, norm_layer=norm_layer, bias=conv_bias)
                for _ in range(spec.num_head_convs)
            )
        )
        self.predict = nn.Conv2d(channels, out_channels, 3, padding=1)
        _init_small(self)

    def forward(self, level: Tensor) -> Tensor:
        """[N, C, H, W] to [N, out_channels, H, W]."""
        return self.predict(self.convs(level))  # type: ignore[no-any-return]


class BoxAndQualityBranch(Branch):
    """A branch that predicts boxes and, from the same convolutions, how good they are."""

    def __init__(self, spec: PyramidSpec, out_channels: int, num_priors: int) -> None:
        super().__init__(spec, out_channels, conv_bias=True)
        self.quality = nn.Conv2d(spec.fpn_channels, num_priors, 3, padding=1)
        _init_small(self.quality)

    def both(self, level: Tensor) -> tuple[Tensor, Tensor]:
        """[N, C, H, W] to box values [N, out_channels, H, W] and quality logits [N, A, H, W]."""
        seen = self.convs(level)
        return self.predict(seen), self.quality(seen)


class LevelScales(nn.Module):
    """One trained factor for each level, 1 at first: levels share the head and still differ in size."""

    def __init__(self, num_levels: int) -> None:
        super().__init__()
        self.factors = nn.Parameter(torch.ones(num_levels))

    def forward(self, levels: Sequence[Tensor]) -> list[Tensor]:
        """Each level [N, C, H, W] times its factor."""
        return [level * factor for level, factor in zip(levels, self.factors, strict=True)]


def expect_background(predict: nn.Conv2d) -> None:
    """Start with a score of 0.01 everywhere, as the focal loss wants it (arXiv:1708.02002, 4.1)."""
    assert predict.bias is not None
    nn.init.constant_(predict.bias, math.log(_PRIOR_PROBABILITY / (1 - _PRIOR_PROBABILITY)))


def _init_small(module: nn.Module) -> None:
    for part in module.modules():
        if isinstance(part, nn.Conv2d):
            nn.init.normal_(part.weight, std=0.01)
            if part.bias is not None:
                nn.init.zeros_(part.bias)
