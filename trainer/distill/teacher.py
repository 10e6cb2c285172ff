"""The frozen teacher: a detector that gives targets, and how its classes lie to the student's."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path

import torch
from torch import Tensor

from trainer.detectors import DenseDetector, DenseOutputs, DetectorCard, load_detector
from trainer.detectors.published import load_published
from trainer.distill.class_alignment import ClassAlignment, align_classes, with_classes


class Teacher:
    """A detector that gives targets. It is no module of the student's, so nothing can put it into train mode."""

    def __init__(self, detector: DenseDetector, alignment: ClassAlignment, card: DetectorCard | None = None) -> None:
        self.detector = detector.eval().requires_grad_(False)
        self.alignment = alignment
        self.card = card
        self._run = detector.forward

    def compile(self) -> None:
        """Let torch compile the detector, at its first call."""
        self._run = torch.compile(self.detector.forward)

    @classmethod
    def load(cls, path: Path, *, class_names: Sequence[str], device: torch.device) -> Teacher:
        """Read a teacher and match its classes with those of the student.

        Raises:
            InputError: the weights cannot be read, or no class is common to both.
        """
        detector, card = load_detector(path)
        return cls(detector.to(device), align_classes(card.class_names, class_names), card)

    @classmethod
    def published(cls, name: str, *, class_names: Sequence[str], device: torch.device) -> Teacher:
        """One of torchvision's published COCO detectors, by the name of its weights.

        Raises:
            InputError: the weights cannot be had, or no class is common to both.
        """
        detector, card = load_published(name)
        return cls(detector.to(device), align_classes(card.class_names, class_names), card)

    @torch.no_grad()
    def __call__(
        self, images: Tensor, *, with_boxes: bool = False, autocast: AbstractContextManager[object] | None = None
    ) -> DenseOutputs:
        """Outputs for [N, 3, H, W] uint8 images without gradients; class channels are the common classes."""
        with autocast or nullcontext():
            outputs: DenseOutputs = self._run(images, with_boxes=with_boxes)
        return with_classes(outputs, self.alignment.teacher)
