"""The check of a model: it loads, and what it is. Imports torch."""

from __future__ import annotations

import dataclasses
import json
from collections import Counter
from pathlib import Path

import torch
from safetensors import safe_open

from trainer.data.coco import CocoSplit, read_split
from trainer.detectors import DenseDetector, DetectorCard, load_detector
from trainer.detectors.published import load_published, published_file, unloaded_published
from trainer.distill.class_alignment import align_classes
from trainer.errors import InputError
from trainer.evaluation import Evaluator
from workers.spec.checks import EvaluationSample, ModelOrder, ModelReport, SampleResult
from workers.spec.weights import file_sha256

_BATCH_SIZE = 8


def check_model(order: ModelOrder, *, data_root: Path, path: Path | None = None) -> tuple[ModelReport, str | None]:
    """Load a detector as a training would, and say what it is.

    `path` is where the weights are, if not below `data_root`. Returns the report, and why the model is refused although
    that is known of it: torchvision's weights could not be fetched.

    Raises:
        InputError: the file is missing, is no detector of Stillhouse, or has not the classes of the sample.
    """
    if order.torchvision is not None:
        return _check_published(order, order.torchvision, data_root)
    assert order.weights is not None
    path = path or data_root / order.weights
    detector, card = load_detector(path)
    report = _describe(detector, card, path=path, precision=_precision(path))
    return _with_sample(report, detector, card, order.sample, data_root), None


def _check_published(order: ModelOrder, name: str, data_root: Path) -> tuple[ModelReport, str | None]:
    """What needs no weights is told in any case."""
    try:
        detector, card = load_published(name)
    except InputError as error:
        detector, card = unloaded_published(name)
        return _describe(detector, card, path=None, precision="float32"), str(error)
    report = _describe(detector, card, path=published_file(name), precision="float32")
    return _with_sample(report, detector, card, order.sample, data_root), None


def _describe(detector: DenseDetector, card: DetectorCard, *, path: Path | None, precision: str) -> ModelReport:
    spec = json.loads(card.detector.model_dump_json())
    return ModelReport(
        architecture=f"{spec['kind']} with {spec['backbone']['kind']}" if "backbone" in spec else str(spec["kind"]),
        detector=spec,
        class_names=card.class_names,
        image_size_px=card.image_size_px,
        num_parameters=sum(parameter.numel() for parameter in detector.parameters()),
        precision=precision,
        metrics=card.metrics,
        sha256=None if path is None else file_sha256(path),
        size_bytes=None if path is None else path.stat().st_size,
    )


def _with_sample(
    report: ModelReport, detector: DenseDetector, card: DetectorCard, sample: EvaluationSample | None, data_root: Path
) -> ModelReport:
    if sample is None:
        return report
    return report.model_copy(update={"sample": _evaluate(detector, card, sample, data_root)})


def _precision(path: Path) -> str:
    """The type of most parameters in the file: what is loaded is always float32."""
    counts: Counter[str] = Counter()
    with safe_open(path, framework="pt") as file:
        for name in file.keys():  # noqa: SIM118
            tensor = file.get_tensor(name)
            counts[str(tensor.dtype).removeprefix("torch.")] += tensor.numel()
    return counts.most_common(1)[0][0] if counts else "none"


def _evaluate(detector: DenseDetector, card: DetectorCard, sample: EvaluationSample, data_root: Path) -> SampleResult:
    """The AP of a detector on evenly spread images of a validation split."""
    split = _some_images(read_split(sample.val, data_root=data_root), sample.max_images)
    evaluator = Evaluator(
        split,
        image_size_px=card.image_size_px,
        short_side_px=card.short_side_px,
        batch_size=_BATCH_SIZE,
        num_workers=0,
        device=torch.device("cpu"),
    )
    metrics = evaluator.evaluate(detector, class_order=align_classes(card.class_names, split.class_names).class_order)
    return SampleResult(dataset=sample.dataset, images=len(split.images), metrics=metrics)


def _some_images(split: CocoSplit, count: int) -> CocoSplit:
    if len(split.images) <= count:
        return split
    images = tuple(split.images[index * len(split.images) // count] for index in range(count))
    return dataclasses.replace(split, images=images)
