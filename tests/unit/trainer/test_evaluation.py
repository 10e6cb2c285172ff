"""COCO evaluation: percent, and no crash where there is nothing."""

from pathlib import Path

import pytest
import torch
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
    assert {"AP", "AP50", "AP75", "AP_small", "AP/cat", "AP/dog", "AP/owl"} == set(metrics)
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
