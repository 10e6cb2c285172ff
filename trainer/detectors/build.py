"""The registry of detectors: a spec's `kind` to what builds it."""

from __future__ import annotations

from collections.abc import Callable

from trainer.detectors.retinanet import RetinaNet
from trainer.spec import DetectorSpec


def _retinanet(spec: DetectorSpec, num_classes: int) -> RetinaNet:
    return RetinaNet(spec, num_classes=num_classes)


DETECTORS: dict[str, Callable[[DetectorSpec, int], RetinaNet]] = {"retinanet": _retinanet}


def build_detector(spec: DetectorSpec, *, num_classes: int) -> RetinaNet:
    """Build a detector with fresh weights, drawn from torch's global random state."""
    return DETECTORS[spec.kind](spec, num_classes)
