"""Teacher and student on the same image: who finds which instance, and what else each of them sees.

Shapes: D = detections of one image, G = its instances.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from PIL import Image
from torch import Tensor
from torchvision.ops import box_iou

from trainer.data.batches import Target
from trainer.detectors import Detections
from trainer.spec import ComparedDetection, ComparedImage, ComparedInstance, DetectionComparison, box_size

MIN_SCORE = 0.3
MIN_IOU = 0.5
_JPEG_QUALITY = 88


@dataclass(frozen=True)
class SeenImage:
    """One validation image as both models saw it. Boxes are in its pixels; class names are the student's."""

    file_name: str
    image_id: int
    pixels: Tensor  # [3, H, W] uint8, without padding
    scale: float  # pixels here per pixel of the original
    truth: Target
    teacher: Detections  # its labels are those of the student's classes
    student: Detections


def match(found: Detections, truth: Target, *, min_iou: float = MIN_IOU) -> list[int | None]:
    """For each detection [D], best first, the instance [G] of its class that it is on; each instance is taken once.

    As COCO does: a detection takes the free instance of its class that it overlaps most, if by `min_iou` at least.
    """
    overlaps = box_iou(found.boxes_xyxy.float(), truth.boxes_xyxy.float())
    overlaps = overlaps.masked_fill(found.labels[:, None] != truth.labels[None, :], -1.0)
    taken: list[int | None] = []
    for row in overlaps:
        row[[number for number in taken if number is not None]] = -1.0
        best = int(row.argmax()) if row.numel() else -1
        taken.append(best if best >= 0 and row[best] >= min_iou else None)
    return taken


def compare(images: Sequence[SeenImage], class_names: Sequence[str], *, step: int) -> DetectionComparison:
    """Both models' detections of at least `MIN_SCORE` beside the truth, worst images of the student first."""
    rows = [_compared(image, class_names) for image in images]
    rows.sort(key=_disagreement)
    return DetectionComparison(step=step, min_score=MIN_SCORE, min_iou=MIN_IOU, images=rows)


def write_pictures(folder: Path, images: Sequence[SeenImage]) -> list[Path]:
    """The images as JPEG files."""
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for image in images:
        path = folder / _picture_name(image)
        Image.fromarray(image.pixels.permute(1, 2, 0).numpy()).save(path, quality=_JPEG_QUALITY)
        written.append(path)
    return written


def _picture_name(image: SeenImage) -> str:
    return f"image-{image.image_id:08d}.jpg"


def _disagreement(row: ComparedImage) -> tuple[int, int, str]:
    """Sorts first by what the teacher alone finds, then by what the student sees where nothing is."""
    missed = sum(one.teacher and not one.student for one in row.instances)
    invented = sum(one.instance is None for one in row.student)
    return -missed, -invented, row.file_name


def _compared(image: SeenImage, class_names: Sequence[str]) -> ComparedImage:
    teacher, student = (_confident(found) for found in (image.teacher, image.student))
    on = [match(found, image.truth) for found in (teacher, student)]
    areas = (image.truth.boxes_xyxy[:, 2:] - image.truth.boxes_xyxy[:, :2]).prod(dim=1) / image.scale**2
    height, width = image.pixels.shape[1:]
    return ComparedImage(
        file_name=image.file_name,
        picture=f"diagnostics/{_picture_name(image)}",
        width=width,
        height=height,
        instances=[
            ComparedInstance(
                label=class_names[label],
                box_xyxy=_rounded(box),
                size=box_size(area),
                teacher=number in on[0],
                student=number in on[1],
            )
            for number, (label, box, area) in enumerate(
                zip(image.truth.labels.tolist(), image.truth.boxes_xyxy, areas.tolist(), strict=True)
            )
        ],
        teacher=_rows(teacher, on[0], class_names),
        student=_rows(student, on[1], class_names),
    )


def _confident(found: Detections) -> Detections:
    kept = found.scores >= MIN_SCORE
    return Detections(found.boxes_xyxy[kept].cpu(), found.scores[kept].cpu(), found.labels[kept].cpu())


def _rows(found: Detections, on: Sequence[int | None], class_names: Sequence[str]) -> list[ComparedDetection]:
    return [
        ComparedDetection(label=class_names[label], box_xyxy=_rounded(box), score=round(score, 4), instance=instance)
        for label, box, score, instance in zip(
            found.labels.tolist(), found.boxes_xyxy, found.scores.tolist(), on, strict=True
        )
    ]


def _rounded(box: Tensor) -> list[float]:
    return [round(value, 1) for value in box.tolist()]


def labelled_as(found: Detections, class_of: dict[int, int]) -> Detections:
    """The detections of classes in `class_of` alone, with the labels that it gives."""
    kept = torch.tensor([label in class_of for label in found.labels.tolist()], dtype=torch.bool)
    labels = torch.tensor([class_of[label] for label in found.labels.tolist() if label in class_of], dtype=torch.int64)
    return Detections(found.boxes_xyxy.cpu()[kept], found.scores.cpu()[kept], labels)
