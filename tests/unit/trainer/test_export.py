"""An exported student gives in onnxruntime what it gives in torch."""

from pathlib import Path

import numpy as np
import onnxruntime
import pytest
import torch
from PIL import Image

from tests.unit.trainer.factories import CLASS_NAMES, make_detector, make_images
from trainer.detectors import DenseDetector, DetectorCard, save_detector
from trainer.export import OnnxPredictor, export_onnx, main
from trainer.inference import Predictor


def make_trained(kind: str) -> tuple[DenseDetector, DetectorCard]:
    """A detector that is sure of something."""
    detector = make_detector(kind).eval()
    torch.nn.init.normal_(detector.class_head.predict.weight, std=0.5)  # type: ignore[union-attr, arg-type]
    torch.nn.init.normal_(detector.box_head.predict.weight, std=0.1)  # type: ignore[union-attr, arg-type]
    card = DetectorCard(detector=detector.spec, class_names=CLASS_NAMES, category_ids=(1, 2, 3), image_size_px=60)
    return detector, card


def make_photo(width: int, height: int) -> Image.Image:
    return Image.fromarray(np.random.default_rng(width).integers(0, 256, (height, width, 3), dtype=np.uint8))


@pytest.mark.parametrize("kind", ["retinanet", "fcos", "atss", "gfl"])
def test_onnxruntime_finds_the_same_detections(kind: str, tmp_path: Path) -> None:
    detector, card = make_trained(kind)
    export_onnx(detector, card, tmp_path / "student.onnx")
    exported, predictor = OnnxPredictor.load(tmp_path / "student.onnx"), Predictor(detector, card)
    # Of the exported size or padded to it: torch pads to whole strides, the graph to its square.
    images = [make_photo(120, 120), make_photo(60, 60), make_photo(64, 64)]
    for image, found in zip(images, exported.detect(images), strict=True):
        wanted = predictor.detect(image)
        assert wanted.scores, "the detector is sure of something"
        assert found.labels == wanted.labels
        assert np.allclose(found.scores, wanted.scores, atol=1e-4)
        assert np.allclose(found.boxes_xyxy, wanted.boxes_xyxy, atol=1e-2)


def test_the_graph_takes_any_number_of_images(tmp_path: Path) -> None:
    detector, card = make_trained("retinanet")
    export_onnx(detector, card, tmp_path / "student.onnx")
    session = onnxruntime.InferenceSession(str(tmp_path / "student.onnx"))
    for num_images in (1, 3):
        images = make_images(num_images, size_px=64)
        scores, boxes = session.run(["scores", "boxes"], {"images": images.numpy()})
        outputs = detector(images)
        assert scores.shape == tuple(outputs.scores().shape)
        assert np.allclose(scores, outputs.scores().detach().numpy(), atol=1e-4)
        assert boxes.shape == (num_images, outputs.priors_xyxy.shape[0], 4)


def test_the_command_line_exports_a_weights_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    detector, card = make_trained("retinanet")
    save_detector(tmp_path / "student.safetensors", detector, card)
    assert main([str(tmp_path / "student.safetensors"), "--out", str(tmp_path / "new" / "student.onnx")]) == 0
    assert "3 classes" in capsys.readouterr().out
    assert sorted(path.name for path in (tmp_path / "new").iterdir()) == ["student.onnx"]
    assert main([str(tmp_path / "nothing.safetensors"), "--out", str(tmp_path / "x.onnx")]) == 2
    assert "no weights at" in capsys.readouterr().err
