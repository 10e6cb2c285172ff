"""PASCAL VOC's average precision at an IoU of 0.5 (Everingham et al., 2010), in percent.

Shapes: D = detections of one class over all images, best first; G = instances of one class in one image.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
_MIN_IOU = 0.5


@dataclass(frozen=True)
class VocTruth:
    """The instances of one class in one image."""

    boxes_xyxy: FloatArray  # [G, 4] pixels
    difficult: NDArray[np.bool_]  # [G]


@dataclass(frozen=True)
class VocDetection:
    """One detection of one class."""

    image_id: int
    score: float
    box_xyxy: tuple[float, float, float, float]


def voc_average_precision(
    truth: Mapping[int, VocTruth], detections: Sequence[VocDetection]
) -> tuple[float, float] | None:
    """AP of one class in percent: the area under the curve (VOC 2010 and later), and the mean of 11 points (2007).

    A detection belongs to the instance of its image that it overlaps most, if by at least 0.5 (IoU). The first of an
    instance is right, further ones are wrong; those of difficult instances do not count, nor do these instances.

    Args:
        truth: by image id; images without instances may be left out.
        detections: in any order; of equal scores the first goes first.

    Returns:
        None where there is no instance that counts.
    """
    num_wanted = sum(int((~image.difficult).sum()) for image in truth.values())
    if num_wanted == 0:
        return None
    taken = {image_id: np.zeros(len(image.difficult), dtype=bool) for image_id, image in truth.items()}
    marks: list[bool] = []  # right or wrong, best first
    for detection in sorted(detections, key=lambda each: -each.score):
        best = _best_instance(truth.get(detection.image_id), detection)
        if best is None:
            marks.append(False)
        elif not truth[detection.image_id].difficult[best]:
            marks.append(not taken[detection.image_id][best])
            taken[detection.image_id][best] = True
    right = np.cumsum(np.array(marks, dtype=np.float64))
    recall, precision = right / num_wanted, right / np.arange(1, len(marks) + 1)
    return 100 * _area(recall, precision), 100 * _eleven_points(recall, precision)


def _best_instance(image: VocTruth | None, detection: VocDetection) -> int | None:
    if image is None or len(image.boxes_xyxy) == 0:
        return None
    box = np.array(detection.box_xyxy)
    low = np.maximum(image.boxes_xyxy[:, :2], box[:2])
    high = np.minimum(image.boxes_xyxy[:, 2:], box[2:])
    overlap = np.clip(high - low, 0, None).prod(axis=1)
    union = (image.boxes_xyxy[:, 2:] - image.boxes_xyxy[:, :2]).prod(axis=1) + (box[2:] - box[:2]).prod() - overlap
    iou = overlap / union
    best = int(iou.argmax())
    return best if iou[best] >= _MIN_IOU else None


def _area(recall: FloatArray, precision: FloatArray) -> float:
    """Area under the curve once no precision is lower than a later one."""
    falling = np.maximum.accumulate(precision[::-1])[::-1]
    return float((np.diff(recall, prepend=0.0) * falling).sum())


def _eleven_points(recall: FloatArray, precision: FloatArray) -> float:
    points = np.arange(11) / 10
    return float(np.mean([precision[recall >= point].max(initial=0.0) for point in points]))
