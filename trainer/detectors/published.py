"""torchvision's published COCO detectors as ours: made of the same parts, so that their weights map name by name."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn
from torchvision.models import detection

from trainer.detectors.backbones import cached_file, fetch_weights
from trainer.detectors.build import build_detector
from trainer.detectors.dense import DenseDetector
from trainer.detectors.weights import DetectorCard
from trainer.errors import InputError
from trainer.spec import FcosSpec, RetinaNetSpec, TorchvisionBackboneSpec

SHORT_SIDE_PX, LONG_SIDE_PX = 800, 1333
"""What torchvision resizes images to: the short side, unless the long one would get longer than this."""


@dataclass(frozen=True)
class Published:
    """How one of torchvision's detectors is made here and there."""

    spec: RetinaNetSpec | FcosSpec
    build: Callable[..., nn.Module]
    weights: Any  # the enum of its weights


_FROZEN = TorchvisionBackboneSpec(name="resnet50", norm="frozen_batch")
_COMMON: dict[str, Any] = {
    "fpn_channels": 256,
    "fpn_norm": "none",
    "num_head_convs": 4,
    "num_levels": 5,
    "prior_strides": "floored",
}
_ANCHORS: dict[str, Any] = {"anchor_scale": 4.0, "anchor_rounding": "down"}

PUBLISHED: dict[str, Published] = {
    "RetinaNet_ResNet50_FPN_Weights.COCO_V1": Published(
        RetinaNetSpec(backbone=_FROZEN.model_copy(update={"norm_eps": 0.0}), head_norm="none", **_COMMON, **_ANCHORS),
        detection.retinanet_resnet50_fpn,
        detection.RetinaNet_ResNet50_FPN_Weights,
    ),
    "RetinaNet_ResNet50_FPN_V2_Weights.COCO_V1": Published(
        RetinaNetSpec(backbone=TorchvisionBackboneSpec(name="resnet50"), p6_from="c5", **_COMMON, **_ANCHORS),
        detection.retinanet_resnet50_fpn_v2,
        detection.RetinaNet_ResNet50_FPN_V2_Weights,
    ),
    "FCOS_ResNet50_FPN_Weights.COCO_V1": Published(
        FcosSpec(backbone=_FROZEN, **_COMMON), detection.fcos_resnet50_fpn, detection.FCOS_ResNet50_FPN_Weights
    ),
}


def load_published(name: str) -> tuple[DenseDetector, DetectorCard]:
    """A published detector in float32 on the CPU, in eval mode, with its card.

    Raises:
        InputError: torchvision publishes no such detector, or its weights can be neither fetched nor read.
    """
    detector, card = unloaded_published(name)
    found = PUBLISHED[name]
    state = fetch_weights(found.weights, _member(name))
    with torch.random.fork_rng(devices=[]):
        theirs = found.build(weights=None, weights_backbone=None, num_classes=len(card.class_names))
    theirs.load_state_dict(state)  # torchvision knows the names of its older files
    detector.load_state_dict(our_state(theirs.state_dict(), detector))
    return detector, card


def unloaded_published(name: str) -> tuple[DenseDetector, DetectorCard]:
    """A published detector with random weights in eval mode, and a card that names its channels; fetches nothing.

    The classes are torchvision's: channel 0 is the background, and some are called N/A; a student takes those that
    it knows by name. Category ids are COCO's. The card's AP is the one that torchvision states for COCO's val2017.

    Raises:
        InputError: torchvision publishes no such detector.
    """
    if name not in PUBLISHED:
        raise InputError(f"no detector {name!r} of torchvision can be a teacher; wanted one of: {', '.join(PUBLISHED)}")
    found = PUBLISHED[name]
    meta = found.weights[_member(name)].meta
    categories = tuple(meta["categories"])
    with torch.random.fork_rng(devices=[]):  # fresh weights are thrown away; nobody's random numbers move
        detector = build_detector(found.spec, num_classes=len(categories), pretrained=False)
    card = DetectorCard(
        detector=found.spec,
        class_names=categories,
        category_ids=tuple(range(len(categories))),
        image_size_px=LONG_SIDE_PX,
        short_side_px=SHORT_SIDE_PX,
        metrics={"val/AP": float(meta["_metrics"]["COCO-val2017"]["box_map"])},
    )
    return detector.eval(), card


def published_file(name: str) -> Path:
    """Where the weights of a published detector lie once they are fetched."""
    return cached_file(PUBLISHED[name].weights[_member(name)])


def _member(name: str) -> str:
    return name.rpartition(".")[2]


_NAMES: tuple[tuple[str, str], ...] = (
    (r"^backbone\.fpn\.extra_blocks\.p6\.", "neck.extra_blocks.convs.0."),
    (r"^backbone\.fpn\.extra_blocks\.p7\.", "neck.extra_blocks.convs.1."),
    (r"^backbone\.fpn\.", "neck."),
    (r"^head\.classification_head\.cls_logits\.", "class_head.predict."),
    (r"^head\.classification_head\.conv\.", "class_head.convs."),
    (r"^head\.regression_head\.bbox_reg\.", "box_head.predict."),
    (r"^head\.regression_head\.bbox_ctrness\.", "box_head.quality."),
    (r"^head\.regression_head\.conv\.", "box_head.convs."),
)
_FLAT_CONVS = re.compile(r"^(?P<branch>(?:class|box)_head\.convs)\.(?P<number>\d+)\.(?P<kind>weight|bias)$")


def our_state(theirs: dict[str, Tensor], detector: nn.Module) -> dict[str, Tensor]:
    """A state dict of torchvision under our names, without the counters of batches that frozen layers do not have."""
    wanted = detector.state_dict()
    found: dict[str, Tensor] = {}
    for name, tensor in theirs.items():
        ours = name
        for pattern, replacement in _NAMES:
            ours = re.sub(pattern, replacement, ours)
        ours = _FLAT_CONVS.sub(_nested, ours)
        if ours in wanted or not ours.endswith("num_batches_tracked"):
            found[ours] = tensor
    return found


def _nested(found: re.Match[str]) -> str:
    """FCOS lists convolution, norm and activation in one row; ours has a sequence for each three."""
    block, place = divmod(int(found["number"]), 3)
    return f"{found['branch']}.{block}.{place}.{found['kind']}"
