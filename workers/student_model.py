"""A student as an MLflow model: encoded images in, detections out.

MLflow runs this file when a model is loaded (`mlflow.pyfunc.load_model`); the weights are a safetensors file that
names its own architecture and classes.
"""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import mlflow
import pandas as pd
from mlflow.pyfunc import PythonModel, PythonModelContext


class StudentModel(PythonModel):  # type: ignore[misc]  # MLflow is untyped to mypy
    """Detects objects in PNG or JPEG bytes."""

    def load_context(self, context: PythonModelContext) -> None:
        from trainer.inference import Predictor

        self._predictor = Predictor.load(Path(context.artifacts["weights"]))

    def predict(
        self, context: PythonModelContext, model_input: pd.DataFrame, params: dict[str, Any] | None = None
    ) -> pd.DataFrame:
        """Detect in every image of the column `image` (encoded bytes).

        Returns one row per image: `boxes_xyxy` (pixels of the image), `scores` (0 to 1) and `labels` (class names),
        best first.
        """
        from PIL import Image

        found = [self._predictor.detect(Image.open(io.BytesIO(image))) for image in model_input["image"]]
        return pd.DataFrame(
            {
                "boxes_xyxy": [detections.boxes_xyxy for detections in found],
                "scores": [detections.scores for detections in found],
                "labels": [detections.labels for detections in found],
            }
        )


mlflow.models.set_model(StudentModel())
