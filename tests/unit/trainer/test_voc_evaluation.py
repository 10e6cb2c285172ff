"""VOC's AP against a slow reading of its rules."""

import numpy as np
import pytest

from trainer.voc_evaluation import VocDetection, VocTruth, voc_average_precision

Box = tuple[float, float, float, float]


def iou(a: Box, b: Box) -> float:
    wide = min(a[2], b[2]) - max(a[0], b[0])
    high = min(a[3], b[3]) - max(a[1], b[1])
    if wide <= 0 or high <= 0:
        return 0.0
    overlap = wide * high
    return overlap / ((a[2] - a[0]) * (a[3] - a[1]) + (b[2] - b[0]) * (b[3] - b[1]) - overlap)


def slow_ap(truth: dict[int, list[tuple[Box, bool]]], detections: list[VocDetection]) -> tuple[float, float]:
    """Go through the detections one by one, then look for the best precision at each recall."""
    wanted = sum(not difficult for boxes in truth.values() for _, difficult in boxes)
    used: set[tuple[int, int]] = set()
    curve: list[tuple[float, float]] = []
    right = wrong = 0
    for detection in sorted(detections, key=lambda each: -each.score):
        boxes = truth.get(detection.image_id, [])
        overlaps = [iou(box, detection.box_xyxy) for box, _ in boxes]
        best = max(range(len(boxes)), key=overlaps.__getitem__, default=-1)
        if best < 0 or overlaps[best] < 0.5:
            wrong += 1
        elif boxes[best][1]:
            continue
        elif (detection.image_id, best) in used:
            wrong += 1
        else:
            used.add((detection.image_id, best))
            right += 1
        curve.append((right / wanted, right / (right + wrong)))

    def best_precision(recall: float) -> float:
        return max((precision for found, precision in curve if found >= recall), default=0.0)

    area = sum(best_precision(number / wanted) / wanted for number in range(1, wanted + 1))
    return 100 * area, 100 * sum(best_precision(number / 10) for number in range(11)) / 11


def arrays(truth: dict[int, list[tuple[Box, bool]]]) -> dict[int, VocTruth]:
    return {
        image: VocTruth(np.array([box for box, _ in boxes]).reshape(-1, 4), np.array([d for _, d in boxes], dtype=bool))
        for image, boxes in truth.items()
    }


@pytest.mark.parametrize("seed", range(6))
def test_it_equals_a_slow_reading_of_the_rules(seed: int) -> None:
    random = np.random.default_rng(seed)

    def box() -> Box:
        left, top, wide, high = random.integers(0, 60, 2).tolist() + random.integers(5, 40, 2).tolist()
        return left, top, left + wide, top + high

    truth = {image: [(box(), bool(random.random() < 0.2)) for _ in range(random.integers(0, 5))] for image in range(12)}
    detections = []
    for image, boxes in truth.items():
        for (left, top, right, bottom), _ in boxes:
            for _ in range(int(random.integers(0, 3))):  # near misses and doubles
                shift = random.uniform(-6, 6, 4)
                near = (left + shift[0], top + shift[1], right + abs(shift[2]), bottom + abs(shift[3]))
                detections.append(VocDetection(image, float(random.random()), near))
        detections.append(VocDetection(image, float(random.random()), box()))
    assert voc_average_precision(arrays(truth), detections) == pytest.approx(slow_ap(truth, detections))


def test_difficult_instances_count_neither_way() -> None:
    easy, hard = (0.0, 0.0, 10.0, 10.0), (20.0, 20.0, 30.0, 30.0)
    truth = arrays({1: [(easy, False), (hard, True)]})
    found = [VocDetection(1, 0.9, hard), VocDetection(1, 0.8, hard), VocDetection(1, 0.7, easy)]
    assert voc_average_precision(truth, found) == pytest.approx((100, 100))
    assert voc_average_precision(truth, []) == (0, 0)
    assert voc_average_precision(arrays({1: [(hard, True)]}), found) is None
