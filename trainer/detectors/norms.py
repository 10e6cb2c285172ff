"""Normalisation layers by the name that specs use."""

from __future__ import annotations

from collections.abc import Callable

from torch import nn

NormLayer = Callable[[int], nn.Module]


def group_norm(channels: int) -> nn.Module:
    """GroupNorm of at most 32 groups of at least 4 channels."""
    groups = min(32, channels // 4)
    while channels % groups:
        groups -= 1
    return nn.GroupNorm(groups, channels)


NORM_LAYERS: dict[str, NormLayer | None] = {"batch": nn.BatchNorm2d, "group": group_norm, "none": None}
