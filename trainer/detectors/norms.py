"""Normalisation layers by the name that specs use."""

from __future__ import annotations

from collections.abc import Callable

from torch import nn
from torchvision.ops import FrozenBatchNorm2d

NormLayer = Callable[[int], nn.Module]


def group_norm(channels: int) -> nn.Module:
    """GroupNorm of at most 32 groups of at least 4 channels."""
    groups = min(32, max(1, channels // 4))
    while channels % groups:
        groups -= 1
    return nn.GroupNorm(groups, channels)


NORM_LAYERS: dict[str, NormLayer | None] = {
    "batch": nn.BatchNorm2d,
    "sync_batch": nn.SyncBatchNorm,
    "frozen_batch": FrozenBatchNorm2d,
    "group": group_norm,
    "none": None,
}


def with_norm(module: nn.Module, norm: str, *, eps: float | None = None) -> nn.Module:
    """The module with every BatchNorm, itself included, replaced by the layer of that name; changed in place.

    Statistics and weights are kept where the new layer has such. `eps`: what is added to the variance; by default
    what the layer has.
    """
    if isinstance(module, nn.BatchNorm2d | nn.SyncBatchNorm):
        return _converted(module, norm, module.eps if eps is None else eps)
    for name, child in module.named_children():
        setattr(module, name, with_norm(child, norm, eps=eps))
    return module


def frozen(module: nn.Module) -> nn.Module:
    """The module with parameters and statistics that stay as they are, also in train mode; changed in place."""
    return with_norm(module.requires_grad_(False), "frozen_batch")


def _converted(layer: nn.BatchNorm2d | nn.SyncBatchNorm, norm: str, eps: float) -> nn.Module:
    if norm == "group":
        return group_norm(layer.num_features)
    if norm == "frozen_batch":
        fixed: nn.Module = FrozenBatchNorm2d(layer.num_features, eps=eps)
        fixed.load_state_dict(layer.state_dict())
        return fixed
    assert norm in ("batch", "sync_batch"), norm
    kind = nn.BatchNorm2d if norm == "batch" else nn.SyncBatchNorm
    converted = kind(layer.num_features, eps=eps, momentum=layer.momentum)
    converted.load_state_dict(layer.state_dict())
    return converted
