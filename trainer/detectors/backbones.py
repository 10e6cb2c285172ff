"""torchvision's classification networks as backbones: their stages, one after the other, without the classifier.

Shapes: N = images, H and W = the image's height and width.
"""

from __future__ import annotations

import pickle
from collections.abc import Callable
from itertools import chain
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn
from torchvision.models import get_model, get_model_weights

from trainer.detectors.norms import frozen, with_norm
from trainer.detectors.resnet import ResNet
from trainer.errors import InputError
from trainer.spec import ResNetSpec, TorchvisionBackboneSpec

Parts = list[tuple[str, nn.Module]]


def _children(model: nn.Module) -> Parts:
    return list(model.named_children())


def _features(model: Any) -> Parts:
    return list(model.features.named_children())


def _layers(model: Any) -> Parts:
    return list(model.layers.named_children())


def _trunk(model: Any) -> Parts:
    return list(chain([("stem", model.stem)], model.trunk_output.named_children()))


Family = tuple[Callable[[Any], Parts], tuple[str, str, str, str]]
"""How to take a network into parts, and the names of those that end with the strides 4, 8, 16 and 32."""
_RESNET: Family = (_children, ("layer1", "layer2", "layer3", "layer4"))
_EFFICIENTNET: Family = (_features, ("2", "3", "5", "7"))
_CONVNEXT: Family = (_features, ("1", "3", "5", "7"))
_REGNET: Family = (_trunk, ("block1", "block2", "block3", "block4"))
_SHUFFLENET: Family = (_children, ("maxpool", "stage2", "stage3", "stage4"))
_MNASNET: Family = (_layers, ("8", "9", "11", "13"))

FAMILIES: dict[str, Family] = {
    **dict.fromkeys(("resnet18", "resnet34", "resnet50", "resnet101", "resnet152"), _RESNET),
    **dict.fromkeys(("resnext50_32x4d", "resnext101_32x8d", "resnext101_64x4d"), _RESNET),
    **dict.fromkeys(("wide_resnet50_2", "wide_resnet101_2"), _RESNET),
    "mobilenet_v2": (_features, ("3", "6", "13", "17")),
    "mobilenet_v3_large": (_features, ("3", "6", "12", "15")),
    "mobilenet_v3_small": (_features, ("1", "3", "8", "11")),
    **{f"efficientnet_b{number}": _EFFICIENTNET for number in range(8)},
    "efficientnet_v2_s": (_features, ("2", "3", "5", "6")),
    **dict.fromkeys(("efficientnet_v2_m", "efficientnet_v2_l"), _EFFICIENTNET),
    **{f"convnext_{size}": _CONVNEXT for size in ("tiny", "small", "base", "large")},
    **{f"regnet_x_{size}": _REGNET for size in ("400mf", "800mf", "1_6gf", "3_2gf", "8gf", "16gf", "32gf")},
    **{f"regnet_y_{size}": _REGNET for size in ("400mf", "800mf", "1_6gf", "3_2gf", "8gf", "16gf", "32gf")},
    **{f"shufflenet_v2_{size}": _SHUFFLENET for size in ("x0_5", "x1_0", "x1_5", "x2_0")},
    **{f"mnasnet{size}": _MNASNET for size in ("0_5", "0_75", "1_0", "1_3")},
}


class TorchvisionBackbone(nn.Module):
    """The stages of a network of torchvision; returns the maps of strides 8, 16 and 32, or only the first of them."""

    def __init__(self, spec: TorchvisionBackboneSpec, *, num_maps: int) -> None:
        super().__init__()
        self._spec = spec
        self._ends = FAMILIES[spec.name][1][1 : num_maps + 1]
        parts = self._parts(get_model(spec.name, weights=None))
        fixed = _names_up_to(parts, FAMILIES[spec.name][1][spec.frozen_stages - 1]) if spec.frozen_stages else []
        parts = {name: with_norm(part, spec.norm, eps=spec.norm_eps) for name, part in parts.items()}
        self.body = nn.ModuleDict({name: frozen(part) if name in fixed else part for name, part in parts.items()})
        self.out_channels = self._count_channels()

    def forward(self, images: Tensor) -> list[Tensor]:
        """[N, 3, H, W] normalised images to maps [N, out_channels[l], H / 2^(l+3), W / 2^(l+3)]."""
        maps = []
        current = images
        for name, part in self.body.items():
            current = part(current)
            if name in self._ends:
                maps.append(current)
        return maps

    def load_pretrained(self) -> None:
        """Take over the ImageNet weights that the spec names, from torchvision's cache or its server.

        Raises:
            InputError: torchvision has no such weights, or they cannot be fetched or read.
        """
        if self._spec.weights is None:
            return
        model = get_model(self._spec.name, weights=None)
        model.load_state_dict(fetch_weights(get_model_weights(self._spec.name), self._spec.weights))
        self.body.load_state_dict(nn.ModuleDict(self._parts(model)).state_dict())

    def _parts(self, model: nn.Module) -> dict[str, nn.Module]:
        """The parts up to the last map that is asked for, by name."""
        parts: dict[str, nn.Module] = {}
        for name, part in FAMILIES[self._spec.name][0](model):
            parts[name] = part
            if name == self._ends[-1]:
                break
        return parts

    @torch.no_grad()
    def _count_channels(self) -> tuple[int, ...]:
        was_training = self.training
        channels = tuple(level.shape[1] for level in self.eval()(torch.zeros(1, 3, 64, 64)))
        self.train(was_training)
        return channels


def _names_up_to(parts: dict[str, nn.Module], last: str) -> list[str]:
    names = list(parts)
    return names[: names.index(last) + 1] if last in names else names


BACKBONES: dict[str, Callable[..., ResNet | TorchvisionBackbone]] = {
    "resnet": ResNet,
    "torchvision": TorchvisionBackbone,
}


def build_backbone(spec: ResNetSpec | TorchvisionBackboneSpec, *, num_maps: int) -> ResNet | TorchvisionBackbone:
    """Build a backbone with fresh weights; its `load_pretrained` brings those of the spec."""
    return BACKBONES[spec.kind](spec, num_maps=num_maps)


def fetch_weights(enum: Any, name: str) -> dict[str, Tensor]:
    """The state dict of published weights of torchvision; downloaded unless they are in its cache (`TORCH_HOME`).

    Raises:
        InputError: there are no weights of that name, or they can be neither fetched nor read.
    """
    if name not in enum.__members__:
        known = ", ".join(member.name for member in enum)
        raise InputError(f"torchvision has no weights {name!r} among {enum.__name__}; wanted one of: {known}")
    weights = enum[name]
    try:
        state: dict[str, Tensor] = weights.get_state_dict(progress=False, check_hash=True, weights_only=True)
    except (OSError, RuntimeError, EOFError, pickle.UnpicklingError) as error:
        raise InputError(
            f"cannot get the weights {enum.__name__}.{name} from {weights.url}: {error}; wanted a way to that address, "
            f"or the whole file at {cached_file(weights)} (its folder is chosen by the environment variable TORCH_HOME)"
        ) from error
    return state


def cached_file(weights: Any) -> Path:
    """Where torchvision keeps published weights."""
    return Path(torch.hub.get_dir()) / "checkpoints" / str(weights.url).rpartition("/")[2]
