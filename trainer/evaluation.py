"""COCO evaluation of a detector, in percent; of a VOC data set also VOC's own."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import Any

import numpy as np
import torch
from faster_coco_eval import COCO, COCOeval_faster
from numpy.typing import NDArray

from trainer.data.batches import Batch, SampleStore, evaluation_batches
from trainer.data.split import Split
from trainer.detectors import DenseDetector, Detections, detections_of
from trainer.errors import InputError
from trainer.voc_evaluation import VocDetection, VocTruth, voc_average_precision

logger = logging.getLogger(__name__)

_AREAS = {"": 0, "_small": 1, "_medium": 2, "_large": 3}
_IOU_50, _IOU_75 = 0, 5
_MAX_DETECTIONS = (1, 10, 100)


class Evaluator:
    """Evaluates detectors on one validation split."""

    def __init__(
        self,
        split: Split,
        *,
        image_size_px: int,
        batch_size: int,
        num_workers: int,
        device: torch.device,
        short_side_px: int | None = None,
    ) -> None:
        """Raises InputError when the split has no boxes, since AP is not defined then."""
        if split.num_instances == 0:
            raise InputError(f"{split.annotations} has no boxes; the validation split needs at least one for an AP")
        self._split = split
        self._store = SampleStore(
            split, image_size_px=image_size_px, short_side_px=short_side_px, keep=num_workers == 0
        )
        self._batch_size = batch_size
        self._num_workers = num_workers
        self._device = device
        self._truth = COCO(_coco_document(split))

    @torch.no_grad()
    def evaluate(self, detector: DenseDetector, *, class_order: Sequence[int | None] | None = None) -> dict[str, float]:
        """What a detector reaches in percent (0..100), by name.

        COCO's twelve: AP, AP50, AP75, AP_small, AP_medium, AP_large, and the recalls AR1, AR10, AR100 (at most so
        many detections an image), AR_small, AR_medium, AR_large; AP/<class>. For a VOC split also VOC_AP50 (area under
        the curve) and VOC_AP50_11point. Sizes and classes of which the split has no instance are left out; crowds and
        difficult instances are neither wanted nor wrong. The detector comes back in the mode it was in.

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
        metrics = summarize(evaluation.eval["precision"], evaluation.eval["recall"], self._split.class_names)
        return metrics | (self._voc_summary(rows) if self._split.is_voc else {})

    def _voc_summary(self, rows: list[dict[str, Any]]) -> dict[str, float]:
        """The means over the classes of VOC's AP."""
        found = []
        for index, category_id in enumerate(self._split.category_ids):
            detections = [_voc_detection(row) for row in rows if row["category_id"] == category_id]
            average = voc_average_precision(_voc_truth(self._split, index), detections)
            found += [] if average is None else [average]
        area, eleven = (float(np.mean(values)) for values in zip(*found, strict=True))
        return {"VOC_AP50": area, "VOC_AP50_11point": eleven}


def summarize(
    precision: NDArray[np.float64], recall: NDArray[np.float64], class_names: Sequence[str]
) -> dict[str, float]:
    """Percentages of COCO's arrays; -1 in them means no instance.

    Args:
        precision: [IoU, recall, class, area, max detections].
        recall: [IoU, class, area, max detections].
        class_names: in the arrays' order.
    """
    best = precision[..., -1]
    metrics: dict[str, float] = {}
    for suffix, area in _AREAS.items():
        _put(metrics, f"AP{suffix}", best[:, :, :, area])
    _put(metrics, "AP50", best[_IOU_50, :, :, 0])
    _put(metrics, "AP75", best[_IOU_75, :, :, 0])
    for place, most in enumerate(_MAX_DETECTIONS):
        _put(metrics, f"AR{most}", recall[:, :, 0, place])
    for suffix, area in _AREAS.items():
        if suffix:
            _put(metrics, f"AR{suffix}", recall[:, :, area, -1])
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


def _coco_document(split: Split) -> dict[str, Any]:
    annotations = [
        {
            "image_id": image.id,
            "category_id": split.category_ids[instance.class_index],
            "bbox": [*instance.box_xyxy[:2], *_size(instance.box_xyxy)],
            "area": instance.area_px2,
            "iscrowd": int(not instance.is_learned),
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


def _voc_truth(split: Split, class_index: int) -> dict[int, VocTruth]:
    truth = {}
    for image in split.images:
        own = [instance for instance in image.instances if instance.class_index == class_index]
        if own:
            boxes = np.array([instance.box_xyxy for instance in own], dtype=np.float64)
            truth[image.id] = VocTruth(boxes, np.array([not instance.is_learned for instance in own]))
    return truth


def _voc_detection(row: dict[str, Any]) -> VocDetection:
    left, top, width, height = row["bbox"]
    return VocDetection(row["image_id"], row["score"], (left, top, left + width, top + height))


def _size(box_xyxy: tuple[float, float, float, float]) -> tuple[float, float]:
    return box_xyxy[2] - box_xyxy[0], box_xyxy[3] - box_xyxy[1]
