"""COCO evaluation of a detector, in percent."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import Any

import numpy as np
import torch
from faster_coco_eval import COCO, COCOeval_faster
from numpy.typing import NDArray

from trainer.data.batches import Batch, SampleStore, evaluation_batches
from trainer.data.coco import CocoSplit
from trainer.detectors import DenseDetector, Detections, detections_of
from trainer.errors import InputError

logger = logging.getLogger(__name__)

_AREAS = {"": 0, "_small": 1, "_medium": 2, "_large": 3}
_IOU_50, _IOU_75 = 0, 5


class Evaluator:
    """Evaluates detectors on one validation split."""

    def __init__(
        self, split: CocoSplit, *, image_size_px: int, batch_size: int, num_workers: int, device: torch.device
    ) -> None:
        """Raises InputError when the split has no boxes, since AP is not defined then."""
        if split.num_instances == 0:
            raise InputError(f"{split.annotations} has no boxes; the validation split needs at least one for an AP")
        self._split = split
        self._store = SampleStore(split, image_size_px=image_size_px, keep=num_workers == 0)
        self._batch_size = batch_size
        self._num_workers = num_workers
        self._device = device
        self._truth = COCO(_coco_document(split))

    @torch.no_grad()
    def evaluate(self, detector: DenseDetector, *, class_order: Sequence[int | None] | None = None) -> dict[str, float]:
        """AP of a detector in percent (0..100), keyed AP, AP50, AP75, AP_small, AP_medium, AP_large, AP/<class>.

        Sizes and classes of which the split has no instance are left out. The detector comes back in the mode it
        was in.

        Args:
            detector: any detector whose class k is the split's class `class_order.index(k)`.
            class_order: for each class of the split, the detector's index of it, None where it does not know
                the class; by default they agree.
        """
        was_training = detector.training
        detector.eval()
        class_of = {k: index for index, k in enumerate(class_order or range(detector.num_classes)) if k is not None}
        rows: list[dict[str, Any]] = []
        batches = evaluation_batches(
            self._store,
            batch_size=self._batch_size,
            size_divisor=detector.size_divisor,
            num_workers=self._num_workers,
        )
        for batch in batches:
            outputs = detector(batch.images.to(self._device))
            rows += _result_rows(batch, detections_of(outputs, batch.sizes), self._split.category_ids, class_of)
        detector.train(was_training)
        return self._summary(rows)

    def _summary(self, rows: list[dict[str, Any]]) -> dict[str, float]:
        found = self._truth.loadRes(rows) if rows else COCO({**_coco_document(self._split), "annotations": []})
        evaluation = COCOeval_faster(self._truth, found, "bbox", print_function=logger.debug)
        evaluation.evaluate()
        evaluation.accumulate()
        return summarize(evaluation.eval["precision"], self._split.class_names)


def summarize(precision: NDArray[np.float64], class_names: Sequence[str]) -> dict[str, float]:
    """Percentages of a COCO precision array [IoU, recall, class, area, max detections]; -1 means no instance."""
    best = precision[..., -1]
    metrics: dict[str, float] = {}
    for suffix, area in _AREAS.items():
        _put(metrics, f"AP{suffix}", best[:, :, :, area])
    _put(metrics, "AP50", best[_IOU_50, :, :, 0])
    _put(metrics, "AP75", best[_IOU_75, :, :, 0])
    for index, name in enumerate(class_names):
        _put(metrics, f"AP/{name}", best[:, :, index, 0])
    return metrics


def _put(metrics: dict[str, float], name: str, values: NDArray[np.float64]) -> None:
    known = values[values > -1]
    if known.size:
        metrics[name] = 100 * float(known.mean())


def _result_rows(
    batch: Batch, found: Sequence[Detections], category_ids: Sequence[int], class_of: dict[int, int]
) -> list[dict[str, Any]]:
    rows = []
    for image_id, scale, detections in zip(batch.image_ids, batch.scales, found, strict=True):
        boxes = (detections.boxes_xyxy / scale).tolist()
        kept = zip(boxes, detections.scores.tolist(), detections.labels.tolist(), strict=True)
        rows += [
            {
                "image_id": image_id,
                "category_id": category_ids[class_of[label]],
                "bbox": [left, top, right - left, bottom - top],
                "score": score,
            }
            for (left, top, right, bottom), score, label in kept
            if label in class_of
        ]
    return rows


def _coco_document(split: CocoSplit) -> dict[str, Any]:
    annotations = [
        {
            "image_id": image.id,
            "category_id": split.category_ids[instance.class_index],
            "bbox": [*instance.box_xyxy[:2], *_size(instance.box_xyxy)],
            "area": instance.area_px2,
            "iscrowd": int(instance.iscrowd),
        }
        for image in split.images
        for instance in image.instances
    ]
    return {
        "images": [{"id": image.id, "width": image.width, "height": image.height} for image in split.images],
        "annotations": [{"id": number, **row} for number, row in enumerate(annotations, start=1)],
        "categories": [
            {"id": id_, "name": name} for id_, name in zip(split.category_ids, split.class_names, strict=True)
        ],
    }


def _size(box_xyxy: tuple[float, float, float, float]) -> tuple[float, float]:
    return box_xyxy[2] - box_xyxy[0], box_xyxy[3] - box_xyxy[1]
