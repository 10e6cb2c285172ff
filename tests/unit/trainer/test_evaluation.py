"""COCO evaluation: percent, and no crash where there is nothing."""

from pathlib import Path
from typing import Any

import numpy as np
import pycocotools.coco
import pycocotools.cocoeval
import pytest
import torch
from PIL import Image
from torch import Tensor, nn

from tests.unit.trainer.factories import TINY_STUDENT, write_coco
from trainer.data.coco import CocoSplit, read_split
from trainer.detectors import DenseOutputs, build_detector
from trainer.detectors.losses import encode
from trainer.errors import InputError
from trainer.evaluation import Evaluator
from trainer.spec import RetinaNetSpec, SplitSpec

NUM_CLASSES = 3


class Oracle(nn.Module):
    """A detector that has read the annotations; `class_order[k]` is its index of the split's class k."""

    size_divisor = 16
    num_classes = NUM_CLASSES

    def __init__(self, split: CocoSplit, class_order: tuple[int, ...] = (0, 1, 2)) -> None:
        super().__init__()
        self._images = iter(split.images)
        self._class_order = class_order

    def forward(self, images: Tensor) -> DenseOutputs:
        num_images = images.shape[0]
        prior = torch.tensor([[0.0, 0, 16, 16]])
        logits = torch.full((num_images, NUM_CLASSES, 1, 1), -20.0)
        regressions = torch.zeros(num_images, 4, 1, 1)
        for number in range(num_images):
            for instance in next(self._images).instances:
                logits[number, self._class_order[instance.class_index]] = 5.0
                regressions[number, :, 0, 0] = encode(torch.tensor([instance.box_xyxy]), prior)[0]
        return DenseOutputs((regressions,), (logits,), (regressions,), prior, NUM_CLASSES)


def make_evaluator(split: CocoSplit) -> Evaluator:
    return Evaluator(split, image_size_px=32, batch_size=4, num_workers=0, device=torch.device("cpu"))


@pytest.fixture
def split(tmp_path: Path) -> CocoSplit:
    write_coco(tmp_path)
    return read_split(SplitSpec(images="train", annotations="train.json"), data_root=tmp_path)


def test_a_perfect_detector_has_100_percent(split: CocoSplit) -> None:
    metrics = make_evaluator(split).evaluate(Oracle(split))  # type: ignore[arg-type]
    recalls = {"AR1", "AR10", "AR100", "AR_small"}
    assert {"AP", "AP50", "AP75", "AP_small", "AP/cat", "AP/dog", "AP/owl"} | recalls == set(metrics)
    assert all(value == pytest.approx(100) for value in metrics.values())


def test_a_detector_with_another_order_of_classes_is_read_in_its_order(split: CocoSplit) -> None:
    order = (2, 0, 1)
    metrics = make_evaluator(split).evaluate(Oracle(split, order), class_order=order)  # type: ignore[arg-type]
    assert metrics["AP"] == pytest.approx(100)


def test_no_detections_at_all_is_an_ap_of_zero(split: CocoSplit) -> None:
    detector = build_detector(RetinaNetSpec.model_validate(TINY_STUDENT), num_classes=NUM_CLASSES)
    nn.init.constant_(detector.class_head.predict.bias, -20.0)  # type: ignore[arg-type]
    metrics = make_evaluator(split).evaluate(detector.train())
    assert metrics["AP"] == metrics["AP/cat"] == 0
    assert detector.training


def test_a_split_without_boxes_cannot_be_evaluated(tmp_path: Path) -> None:
    write_coco(tmp_path, annotations=[])
    empty = read_split(SplitSpec(images="train", annotations="train.json"), data_root=tmp_path)
    with pytest.raises(InputError, match="has no boxes"):
        make_evaluator(empty)


def test_all_twelve_numbers_are_those_of_pycocotools_to_the_last_digit(tmp_path: Path) -> None:
    """Random detections near and off the truth; crowds, several sizes, images without boxes."""
    random = np.random.default_rng(0)
    annotations: list[dict[str, Any]] = []
    for image in range(1, 21):
        for _ in range(int(random.integers(0, 6))):
            wide, high = (float(side) for side in random.choice([8.0, 20.0, 60.0, 200.0], 2))
            left, top = (float(random.uniform(0, 256 - side)) for side in (wide, high))
            annotations.append(
                {
                    "id": len(annotations) + 1,
                    "image_id": image,
                    "category_id": int(random.choice([3, 7, 11])),
                    "bbox": [left, top, wide, high],
                    "area": wide * high,
                    "iscrowd": int(random.random() < 0.1),
                }
            )
    path = write_coco(tmp_path, num_images=20, size_px=256, annotations=annotations)
    split = read_split(SplitSpec(images="train", annotations="train.json"), data_root=tmp_path)
    rows = []
    for row in annotations * 2:
        shift = random.uniform(-5, 5, 4)
        box = [float(value) for value in np.abs(np.array(row["bbox"]) + shift)]
        label = row["category_id"] if random.random() < 0.8 else 3
        found = {"image_id": row["image_id"], "category_id": label, "bbox": box, "score": float(random.random())}
        rows.append(found)
    metrics = make_evaluator(split)._summary([dict(row) for row in rows])
    truth = pycocotools.coco.COCO(str(path))
    reference = pycocotools.cocoeval.COCOeval(truth, truth.loadRes([dict(row) for row in rows]), "bbox")
    reference.evaluate()
    reference.accumulate()
    reference.summarize()
    names = ["AP", "AP50", "AP75", "AP_small", "AP_medium", "AP_large"]
    names += ["AR1", "AR10", "AR100", "AR_small", "AR_medium", "AR_large"]
    assert [metrics[name] for name in names] == [100 * value for value in reference.stats]
    per_class = reference.eval["precision"][:, :, :, 0, -1].mean(axis=(0, 1))
    assert [metrics[f"AP/{name}"] for name in split.class_names] == pytest.approx(list(100 * per_class), abs=1e-12)


def test_a_voc_split_is_judged_by_vocs_rules_too(tmp_path: Path) -> None:
    (tmp_path / "xml").mkdir()
    (tmp_path / "images").mkdir()
    for name in ("a", "b"):
        Image.new("RGB", (32, 32)).save(tmp_path / "images" / f"{name}.jpg")
        objects = "".join(
            f"<object><name>cat</name><difficult>{difficult}</difficult><bndbox><xmin>{x}</xmin><ymin>5</ymin>"
            f"<xmax>{x + 7}</xmax><ymax>20</ymax></bndbox></object>"
            for x, difficult in ((3, 0), (20, 1))
        )
        (tmp_path / "xml" / f"{name}.xml").write_text(f"<annotation>{objects}</annotation>")
    voc = read_split(SplitSpec(images="images", annotations="xml", format="voc"), data_root=tmp_path)
    metrics = make_evaluator(voc).evaluate(Oracle(voc))  # type: ignore[arg-type]
    assert metrics["VOC_AP50"] == metrics["VOC_AP50_11point"] == 0, "the oracle finds the last object, a difficult one"
    for image in voc.images:
        object.__setattr__(image, "instances", image.instances[:1])
    metrics = make_evaluator(voc).evaluate(Oracle(voc))  # type: ignore[arg-type]
    assert metrics["VOC_AP50"] == pytest.approx(100)
    assert metrics["VOC_AP50_11point"] == pytest.approx(100)
    assert metrics["AP"] == pytest.approx(100)
