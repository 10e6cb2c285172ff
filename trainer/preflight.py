"""What is checked before a training, so that it fails in seconds and in words instead of after hours.

A refusal stops the training; a warning is told and the training goes on. All checks look at bounded samples.
"""

from __future__ import annotations

import logging
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import torch

from trainer.data.batches import Sample, SampleStore, collate
from trainer.data.coco import CocoSplit
from trainer.detectors import DenseDetector
from trainer.distill.teacher import Teacher
from trainer.errors import InputError
from trainer.evaluation import Evaluator
from trainer.memory import available_bytes, estimated_bytes
from trainer.spec import TrainingSpec

logger = logging.getLogger(__name__)

NUM_SAMPLES = 48
MAX_SECONDS = 20.0
_SMALL_SIDE_PX = 4.0
_MUCH = 0.2
_FAR_BELOW = 0.7
_NOTHING_AP = 1.0
_CLAIMED_AP = 10.0


@dataclass(frozen=True)
class Finding:
    """Something that is, or may be, wrong with what was given."""

    severity: Literal["refusal", "warning"]
    message: str


@dataclass(frozen=True)
class Given:
    """What a training is about to use."""

    spec: TrainingSpec
    train: CocoSplit
    val: CocoSplit
    student: DenseDetector
    teacher: Teacher | None


class PreflightError(InputError):
    """The checks before a training found what would make it fail or worthless."""

    def __init__(self, refusals: Sequence[Finding]) -> None:
        listed = "\n".join(f"- {finding.message}" for finding in refusals)
        super().__init__(f"the checks before the training found:\n{listed}")
        self.findings = tuple(refusals)


def check(given: Given) -> list[Finding]:
    """Everything that is found, in the order of the checks; takes seconds, and at most about `MAX_SECONDS`."""
    deadline = time.monotonic() + MAX_SECONDS
    findings = [*_classes(given), *_boxes(given)]
    train_samples = _read(given.train, given.spec, deadline, findings)
    _read(given.val, given.spec, deadline, findings)
    if any(finding.severity == "refusal" for finding in findings):
        return findings
    findings += _positives(given, train_samples)
    findings += _memory(given)
    if given.teacher is not None:
        findings += _teacher(given, given.teacher)
    return findings


def require(findings: Sequence[Finding]) -> None:
    """Log the warnings. Raises PreflightError, which is an InputError, where a finding is a refusal."""
    for finding in findings:
        if finding.severity == "warning":
            logger.warning("%s", finding.message)
    refusals = [finding for finding in findings if finding.severity == "refusal"]
    if refusals:
        raise PreflightError(refusals)


def _classes(given: Given) -> Iterator[Finding]:
    """Classes without instances, and classes whose names only differ in how they are written."""
    counts = {split.annotations: _instances_by_class(split) for split in (given.train, given.val)}
    for split in (given.train, given.val):
        empty = [name for name in split.class_names if not counts[split.annotations][name]]
        if empty:
            yield Finding(
                "warning",
                f"{len(empty)} of {len(split.class_names)} classes have no instance in {split.annotations}: "
                f"{_listed(empty)}; " + ("they cannot be learned" if split is given.train else "they get no AP"),
            )
    if given.teacher is None:
        return
    untaught = given.teacher.alignment.untaught
    if untaught:
        message = f"the teacher does not know {len(untaught)} classes of the student: {_listed(untaught)}"
        alike = _written_alike(untaught, given.teacher.card.class_names if given.teacher.card else ())
        hint = f"; are these meant to be the same: {alike}?" if alike else "; distillation leaves them out"
        yield Finding("warning", message + hint)


def _boxes(given: Given) -> Iterator[Finding]:
    """Boxes that are too small to be seen after resizing, and images that have none."""
    split, size_px = given.train, given.spec.data.image_size_px
    without = sum(not image.instances for image in split.images)
    if without > len(split.images) / 2:
        yield Finding("warning", f"{without} of {len(split.images)} images of {split.annotations} have no box")
    num_small = 0
    for image in split.images:
        scale = size_px / max(image.width, image.height)
        for instance in image.instances:
            left, top, right, bottom = instance.box_xyxy
            num_small += min(right - left, bottom - top) * scale < _SMALL_SIDE_PX
    total = max(1, split.num_instances)
    if num_small > _MUCH * total:
        yield Finding(
            "warning",
            f"{num_small} of {total} boxes of {split.annotations} are thinner than {_SMALL_SIDE_PX:g} px once images "
            f"are resized to {size_px} px; a larger image_size_px would show more of them",
        )


def _read(split: CocoSplit, spec: TrainingSpec, deadline: float, findings: list[Finding]) -> list[Sample]:
    """Read a sample of the images; what cannot be read becomes one refusal that counts them."""
    store = SampleStore(split, image_size_px=spec.data.image_size_px, short_side_px=spec.data.short_side_px, keep=False)
    samples, errors, num_tried = [], [], 0
    for index in spread(len(store), NUM_SAMPLES):
        if time.monotonic() > deadline:
            break
        num_tried += 1
        try:
            samples.append(store[index])
        except InputError as error:
            errors.append(str(error))
    if errors:
        findings.append(
            Finding("refusal", f"{len(errors)} of {num_tried} images that were tried are unusable; {errors[0]}")
        )
    return samples


@torch.no_grad()
def _positives(given: Given, samples: Sequence[Sample]) -> Iterator[Finding]:
    """Instances to which the student's rule gives no prior: they are never learned."""
    device = next(given.student.parameters()).device
    num_instances = num_missed = 0
    given.student.eval()
    for sample in samples[:16]:
        batch = collate([sample], size_divisor=given.student.size_divisor).to(device)
        assignment = given.student.assign(given.student(batch.images), batch.targets)
        num_instances += assignment.num_instances
        num_missed += assignment.num_instances - torch.unique(assignment.positive_instance).numel()
    if num_missed > _MUCH * num_instances:
        yield Finding(
            "warning",
            f"{num_missed} of {num_instances} instances of a sample get no positive prior of the student, so they are "
            "not learned; another num_levels, anchor_scale or image_size_px would reach them",
        )


def _memory(given: Given) -> Iterator[Finding]:
    device = next(given.student.parameters()).device
    needed, free = estimated_bytes(given.spec, given.student, given.teacher), available_bytes(device)
    logger.info("about %.2f GB of memory are needed, %.1f GB are free", needed / 1e9, free / 1e9)
    if needed > 0.9 * free:
        where = "the GPU" if device.type == "cuda" else "this machine"
        yield Finding(
            "refusal" if needed > 2 * free else "warning",
            f"the training needs about {needed / 1e9:.1f} GB of memory and {where} has {free / 1e9:.1f} GB free; "
            "a smaller batch_size or image_size_px, or a larger accumulate, needs less",
        )


def _teacher(given: Given, teacher: Teacher) -> Iterator[Finding]:
    """Whether the teacher is what its card says, on a sample of the validation images."""
    if teacher.card is None:
        return
    claimed = teacher.card.metrics.get("val/AP")
    size_px = given.spec.data.image_size_px
    if teacher.card.image_size_px != size_px:
        yield Finding(
            "warning",
            f"the teacher was trained on images of {teacher.card.image_size_px} px and will see {size_px} px",
        )
    if claimed is None:
        return
    sample = sampled(given.val, NUM_SAMPLES)
    if sample.num_instances == 0:
        return
    found = _evaluate(given, teacher, sample)
    words = (
        f"the teacher's AP on {len(sample.images)} validation images is {found:.1f}, its card claims {claimed:.1f}; "
        "are these the data, classes and image size that it was trained for?"
    )
    if found < _NOTHING_AP and claimed > _CLAIMED_AP:
        yield Finding("refusal", words)
    elif found < _FAR_BELOW * claimed:
        yield Finding("warning", words)


def _evaluate(given: Given, teacher: Teacher, sample: CocoSplit) -> float:
    evaluator = Evaluator(
        sample,
        image_size_px=given.spec.data.image_size_px,
        short_side_px=given.spec.data.short_side_px,
        batch_size=min(8, given.spec.batch_size),
        num_workers=0,
        device=next(teacher.detector.parameters()).device,
    )
    return evaluator.evaluate(teacher.detector, class_order=teacher.alignment.class_order)["AP"]


def sampled(split: CocoSplit, num_images: int) -> CocoSplit:
    """A split of at most `num_images` of its images, evenly spread."""
    return replace(split, images=tuple(split.images[index] for index in spread(len(split.images), num_images)))


def spread(length: int, wanted: int) -> list[int]:
    """At most `wanted` indices below `length`, evenly spread from the first on."""
    return sorted({number * length // min(wanted, length) for number in range(min(wanted, length))})


def _instances_by_class(split: CocoSplit) -> Counter[str]:
    return Counter(split.class_names[item.class_index] for image in split.images for item in image.instances)


def _written_alike(names: Sequence[str], others: Sequence[str]) -> str:
    plain = {_plain(other): other for other in others}
    return ", ".join(f"{name!r} and {plain[_plain(name)]!r}" for name in names if _plain(name) in plain)


def _plain(name: str) -> str:
    return "".join(letter for letter in name.casefold() if letter.isalnum())


def _listed(names: Sequence[str]) -> str:
    return ", ".join(names[:10]) + (" ..." if len(names) > 10 else "")


def as_document(findings: Sequence[Finding]) -> list[dict[str, str]]:
    """Plain data for a file."""
    return [{"severity": finding.severity, "message": finding.message} for finding in findings]
