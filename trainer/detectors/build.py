"""The registry of detectors: a spec's `kind` to what builds it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from trainer.detectors.atss import Atss
from trainer.detectors.dense import DenseDetector
from trainer.detectors.fcos import Fcos
from trainer.detectors.gfl import Gfl
from trainer.detectors.retinanet import RetinaNet
from trainer.spec import DetectorSpec

DETECTORS: dict[str, Callable[..., Any]] = {"retinanet": RetinaNet, "fcos": Fcos, "atss": Atss, "gfl": Gfl}


def build_detector(spec: DetectorSpec, *, num_classes: int, pretrained: bool = True) -> DenseDetector:
    """Build a detector with fresh weights, drawn from torch's global random state.

    `pretrained`: False leaves out the published weights that the spec's backbone starts from.

    Raises:
        InputError: these weights are wanted and cannot be had.
    """
    detector: DenseDetector = DETECTORS[spec.kind](spec, num_classes=num_classes)
    if pretrained:
        detector.backbone.load_pretrained()
    return detector
