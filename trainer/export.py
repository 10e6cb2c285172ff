"""Students as ONNX: `python -m trainer.export WEIGHTS --out FILE`.

The graph takes `images`, uint8 [N, 3, H, W] in RGB with N free and H and W fixed, normalises them itself, and gives
`scores`, float32 [N, P, K] in 0..1, and `boxes`, float32 [N, P, 4] xyxy in pixels of the padded image, one row for each
prior. Choosing among them (a threshold and NMS) is left to who runs it: `OnnxPredictor` does it as the trainer does.
The file's metadata holds the detector's card and what NMS needs. Adaptations and teacher are no part of a student.
"""

from __future__ import annotations

import argparse
import json
import logging
import math
import sys
import uuid
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Self

import numpy as np
import torch
from PIL import Image
from torch import Tensor, nn

from trainer.data.batches import Sample, Target, collate, resize
from trainer.detectors import DenseDetector, Detections, DetectorCard, load_detector
from trainer.detectors.detections import best_of_image
from trainer.errors import InputError
from trainer.inference import NamedDetections

FORMAT = "stillhouse-onnx-1"
_OPSET = 20


class _Decoded(nn.Module):
    """A detector whose outputs are plain tensors."""

    def __init__(self, detector: DenseDetector) -> None:
        super().__init__()
        self.detector = detector

    def forward(self, images: Tensor) -> tuple[Tensor, Tensor]:
        outputs = self.detector(images)
        regressions_NPV = outputs.flat_box_regressions()
        num_images, num_priors = regressions_NPV.shape[:2]
        priors = outputs.priors_xyxy.expand(num_images, num_priors, 4).reshape(-1, 4)
        boxes = outputs.coder.decode(regressions_NPV.flatten(0, 1), priors)
        return outputs.scores(), boxes.view(num_images, num_priors, 4)


def require_onnx() -> None:
    """Raises InputError where the packages that export needs are missing."""
    try:
        import onnx  # noqa: F401
        import onnxscript  # noqa: F401  torch needs it and would tell so only after tracing
    except ImportError as error:
        raise InputError(f"cannot export to ONNX: {error}; wanted the packages onnx and onnxscript") from error


def export_onnx(detector: DenseDetector, card: DetectorCard, path: Path) -> None:
    """Write a detector as ONNX, whole or not at all; images are square, of the card's size padded to whole strides.

    Raises:
        InputError: the packages that export needs are missing.
    """
    require_onnx()
    import onnx

    side_px = math.ceil(card.image_size_px / detector.size_divisor) * detector.size_divisor
    images = torch.zeros(2, 3, side_px, side_px, dtype=torch.uint8)
    with torch.no_grad():
        outputs = detector.eval()(images)
    logging.getLogger("torch.onnx").setLevel(logging.ERROR)
    for name in ("onnx_ir", "onnxscript"):  # they tell of every constant that they fold
        logging.getLogger(name).setLevel(logging.WARNING)
    program = torch.onnx.export(
        _Decoded(detector).eval(),
        (images,),
        dynamo=True,
        verbose=False,
        opset_version=_OPSET,
        input_names=["images"],
        output_names=["scores", "boxes"],
        dynamic_shapes={"images": {0: torch.export.Dim("N", min=1, max=4096)}},
    )
    assert program is not None
    model = program.model_proto
    described = {
        "format": FORMAT,
        "card": card.model_dump_json(),
        "level_sizes": json.dumps(outputs.level_sizes()),
        "nms_iou": str(outputs.nms_iou),
    }
    for key, value in described.items():
        model.metadata_props.add(key=key, value=value)
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{uuid.uuid4().hex}")
    onnx.save_model(model, str(draft))
    draft.replace(path)


class OnnxPredictor:
    """An exported student, run by onnxruntime: images in, named detections out, as from `trainer.inference`."""

    def __init__(self, session: Any, path: Path) -> None:
        described = session.get_modelmeta().custom_metadata_map
        if described.get("format") != FORMAT:
            raise InputError(f"{path} was not exported by Stillhouse: format {described.get('format')!r}")
        self._session = session
        self._card = DetectorCard.model_validate_json(described["card"])
        self._level_sizes: list[int] = json.loads(described["level_sizes"])
        self._nms_iou = float(described["nms_iou"])
        self._side_px = int(session.get_inputs()[0].shape[2])

    @classmethod
    def load(cls, path: Path) -> Self:
        """Raises InputError where `path` is missing or no export of a student."""
        import onnxruntime

        if not path.is_file():
            raise InputError(f"no file at {path}; wanted a student exported by trainer.export")
        try:
            session = onnxruntime.InferenceSession(str(path), providers=onnxruntime.get_available_providers())
        except onnxruntime.capi.onnxruntime_pybind11_state.OnnxRuntimeException as error:
            raise InputError(f"onnxruntime cannot load {path}: {error}") from error
        return cls(session, path)

    def detect(self, images: Sequence[Image.Image]) -> list[NamedDetections]:
        """Detections of images of any mode, in pixels of the images as given."""
        nothing = Target(torch.zeros(0, 4), torch.zeros(0, dtype=torch.int64))
        resized = [
            resize(image.convert("RGB"), self._card.image_size_px, short_side_px=self._card.short_side_px)
            for image in images
        ]
        samples = [Sample(pixels, nothing, number, scale) for number, (pixels, scale) in enumerate(resized)]
        batch = collate(samples, size_divisor=self._side_px)
        found: list[np.ndarray[Any, Any]] = self._session.run(["scores", "boxes"], {"images": batch.images.numpy()})
        scores_NPK, boxes_NP4 = (torch.from_numpy(values) for values in found)
        return [
            self._named(self._best(scores, boxes, size), scale)
            for scores, boxes, size, scale in zip(scores_NPK, boxes_NP4, batch.sizes, batch.scales, strict=True)
        ]

    def _best(self, scores_PK: Tensor, boxes_P4: Tensor, size: tuple[int, int]) -> Detections:
        return best_of_image(
            scores_PK, lambda prior: boxes_P4[prior], size, level_sizes=self._level_sizes, max_iou=self._nms_iou
        )

    def _named(self, found: Detections, scale: float) -> NamedDetections:
        return NamedDetections(
            boxes_xyxy=(found.boxes_xyxy / scale).tolist(),
            scores=found.scores.tolist(),
            labels=[self._card.class_names[index] for index in found.labels.tolist()],
        )


def main(arguments: Sequence[str] | None = None) -> int:
    """Command line; returns 0, or 2 when something cannot be used."""
    parser = argparse.ArgumentParser(prog="python -m trainer.export", description="Write a student as ONNX.")
    parser.add_argument("weights", type=Path, help="safetensors file of a student or teacher")
    parser.add_argument("--out", type=Path, required=True, help="ONNX file to write")
    given = parser.parse_args(arguments)
    try:
        detector, card = load_detector(given.weights)
        export_onnx(detector, card, given.out)
    except InputError as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    print(f"{given.out}: {given.out.stat().st_size / 1e6:.1f} MB, {len(card.class_names)} classes")
    return 0


if __name__ == "__main__":
    sys.exit(main())
