"""Small things for the trainer's tests; each factory takes only what a test is about."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import torch
from PIL import Image
from pydantic import TypeAdapter
from torch import Tensor

from trainer.data.batches import Target
from trainer.detectors import DenseDetector, DetectorCard, build_detector, save_detector
from trainer.spec import DetectorSpec, TrainingSpec

TINY_STUDENT: dict[str, Any] = {"backbone": {"width": 8}, "fpn_channels": 16, "num_head_convs": 1, "num_levels": 2}
TINY_TEACHER: dict[str, Any] = {**TINY_STUDENT, "fpn_channels": 24}
CLASS_NAMES = ("cat", "dog", "owl")
CATEGORY_IDS = (3, 7, 11)


def detector_spec(kind: str = "retinanet", **changes: Any) -> Any:
    """A tiny detector of a kind."""
    adapter: TypeAdapter[Any] = TypeAdapter(DetectorSpec)
    return adapter.validate_python({"kind": kind, **TINY_STUDENT, **changes})


def make_detector(kind: str = "retinanet", *, num_classes: int = 3, seed: int = 0, **changes: Any) -> DenseDetector:
    """A tiny detector with fresh weights."""
    torch.manual_seed(seed)
    return build_detector(detector_spec(kind, **changes), num_classes=num_classes)


def square_priors(side_px: int, strides: tuple[int, ...], *, scale: float = 1.0) -> tuple[Tensor, list[int]]:
    """One square prior of `scale` strides at each location of a square image, and how many each level has."""
    levels = []
    for stride in strides:
        ticks = torch.arange(0, side_px, stride)
        y, x = torch.meshgrid(ticks, ticks, indexing="ij")
        centres = torch.stack([x, y], dim=2).reshape(-1, 2).float()
        levels.append(torch.cat([centres - scale * stride / 2, centres + scale * stride / 2], dim=1))
    return torch.cat(levels), [level.shape[0] for level in levels]


def quarter_boxes(num: int, *, seed: int) -> list[list[float]]:
    """Random boxes at quarters of a pixel, where float32 and Python's numbers agree to the bit."""
    generator = torch.Generator().manual_seed(seed)
    corners = torch.randint(0, 4 * 70, (num, 2), generator=generator)
    sizes = torch.randint(8, 4 * 80, (num, 2), generator=generator)
    boxes: list[list[float]] = (torch.cat([corners, corners + sizes], dim=1) / 4).tolist()
    return boxes


def make_target(*boxes: tuple[float, float, float, float], labels: list[int] | None = None) -> Target:
    """Ground truth of one image from xyxy boxes; every label is 0 by default."""
    return Target(
        torch.tensor(boxes, dtype=torch.float32).reshape(-1, 4),
        torch.tensor(labels or [0] * len(boxes), dtype=torch.int64),
    )


def make_images(num_images: int = 2, *, size_px: int = 32, seed: int = 0) -> Tensor:
    """A batch of noise, [N, 3, H, W] uint8."""
    generator = torch.Generator().manual_seed(seed)
    return torch.randint(0, 256, (num_images, 3, size_px, size_px), dtype=torch.uint8, generator=generator)


def write_coco(root: Path, split: str = "train", *, num_images: int = 6, size_px: int = 32, **changes: Any) -> Path:
    """Write a COCO split of noise with one bright box an image (none in the last); returns the JSON's path.

    `changes` replace top-level keys of the JSON.
    """
    (root / split).mkdir(parents=True, exist_ok=True)
    random = np.random.default_rng([num_images, size_px])
    images, annotations = [], []
    for number in range(num_images):
        pixels = random.integers(0, 100, size=(size_px, size_px, 3), dtype=np.uint8)
        if number < num_images - 1:
            left, top = (int(value) for value in random.integers(0, size_px - 16, size=2))
            pixels[top : top + 16, left : left + 16] = 255
            annotations.append(
                {
                    "id": number + 1,
                    "image_id": number + 1,
                    "category_id": CATEGORY_IDS[number % 3],
                    "bbox": [left, top, 16, 16],
                    "area": 256,
                    "iscrowd": 0,
                }
            )
        Image.fromarray(pixels).save(root / split / f"{number}.png")
        images.append({"id": number + 1, "file_name": f"{number}.png", "width": size_px, "height": size_px})
    categories = [{"id": id_, "name": name} for id_, name in zip(CATEGORY_IDS, CLASS_NAMES, strict=True)]
    content = {"images": images, "annotations": annotations, "categories": categories, **changes}
    path = root / f"{split}.json"
    path.write_text(json.dumps(content))
    return path


def write_teacher(path: Path, *, class_names: tuple[str, ...] = CLASS_NAMES, **spec: Any) -> Path:
    """Write an untrained teacher, wider than the tiny student."""
    teacher_spec = detector_spec(**{**TINY_TEACHER, **spec})
    torch.manual_seed(5)
    detector = build_detector(teacher_spec, num_classes=len(class_names))
    category_ids = tuple(range(1, len(class_names) + 1))
    card = DetectorCard(detector=teacher_spec, class_names=class_names, category_ids=category_ids, image_size_px=32)
    save_detector(path, detector, card)
    return path


def training_document(*, distil: bool = False, **changes: Any) -> dict[str, Any]:
    """The JSON of a training of a few steps on what `write_coco` and `write_teacher` write."""
    document: dict[str, Any] = {
        "data": {
            "train": {"images": "train", "annotations": "train.json"},
            "val": {"images": "val", "annotations": "val.json"},
            "image_size_px": 32,
            "horizontal_flip": 0.5,
        },
        "student": TINY_STUDENT,
        "num_steps": 6,
        "batch_size": 2,
        "evaluate_every_steps": 3,
        "checkpoint_every_steps": 2,
        "log_every_steps": 4,
        "optimizer": {"warmup_steps": 2},
        "device": "cpu",
    }
    if distil:
        document["distillation"] = {"teacher": {"weights": "teacher.safetensors"}}
    return {**document, **changes}


def make_training(*, distil: bool = False, **changes: Any) -> TrainingSpec:
    """`training_document` as a spec."""
    return TrainingSpec.model_validate(training_document(distil=distil, **changes))


def write_data_root(root: Path) -> Path:
    """Both splits and a teacher, where `make_training` looks for them."""
    write_coco(root, "train")
    write_coco(root, "val", num_images=4)
    write_teacher(root / "teacher.safetensors")
    return root
