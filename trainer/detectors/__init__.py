"""Detectors: built from a spec, always returning the same dense outputs."""

from trainer.detectors.build import build_detector
from trainer.detectors.dense import DenseDetector
from trainer.detectors.detections import Detections, detect, detections_of
from trainer.detectors.losses import detection_loss
from trainer.detectors.outputs import DenseOutputs
from trainer.detectors.weights import DetectorCard, load_detector, save_detector

__all__ = [
    "DenseDetector",
    "DenseOutputs",
    "Detections",
    "DetectorCard",
    "build_detector",
    "detect",
    "detection_loss",
    "detections_of",
    "load_detector",
    "save_detector",
]
