"""A trained detector ready to use: images in, named detections out."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Self

from PIL import Image

from trainer.detectors import DetectorCard, load_detector
from trainer.detectors.dense import DenseDetector
from trainer.detectors.detections import detect


@dataclass(frozen=True)
class NamedDetections:
    """What was found in one image, best first."""

    boxes_xyxy: list[list[float]]  # pixels of the image as given
    scores: list[float]  # 0 to 1
    labels: list[str]


class Predictor:
    """A detector with its class names, loaded from a Stillhouse weights file."""

    def __init__(self, detector: DenseDetector, card: DetectorCard) -> None:
        self._detector = detector
        self._card = card

    @classmethod
    def load(cls, weights: Path) -> Self:
        """Raises InputError where `weights` is missing or was not written by Stillhouse."""
        return cls(*load_detector(weights))

    def detect(self, image: Image.Image) -> NamedDetections:
        [found] = detect(
            self._detector,
            [image],
            image_size_px=self._card.image_size_px,
            short_side_px=self._card.short_side_px,
        )
        return NamedDetections(
            boxes_xyxy=found.boxes_xyxy.tolist(),
            scores=found.scores.tolist(),
            labels=[self._card.class_names[index] for index in found.labels.tolist()],
        )
