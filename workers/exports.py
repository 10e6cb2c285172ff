"""What is made of a finished student besides its weights."""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass
from pathlib import Path

from trainer.detectors import load_detector
from trainer.export import export_onnx, require_onnx
from workers.spec import ExportSpec

logger = logging.getLogger(__name__)


@dataclass
class Exports:
    """The exports that a job asks for. What fails costs nobody the training: `trouble` says it."""

    spec: ExportSpec
    trouble: str = ""

    def check(self) -> None:
        """Before the training. Raises InputError where a package is missing."""
        if self.spec.onnx:
            require_onnx()

    def make(self, weights: Path) -> list[Path]:
        """Write the exports beside the weights; a student that was exported before is so again."""
        if not self.spec.onnx:
            return []
        path = weights.with_suffix(".onnx")
        started = time.monotonic()
        try:
            detector, card = load_detector(weights)
            export_onnx(detector, card, path)
        except Exception as error:  # whatever the exporter of torch stumbles over, the student is there
            logger.exception("the student could not be written as ONNX")
            self.trouble = f"; it could not be written as ONNX: {type(error).__name__}, the log has the details"
            return []
        logger.info("written as ONNX in %.1f s", time.monotonic() - started)
        return [path]
