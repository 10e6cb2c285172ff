"""Digit scenes: a small detection data set made of real scans and real photographs, in COCO's format.

Handwritten digits (scikit-learn's 1,797 scans) are pasted bright, 18 to 48 px long, on darkened crops of two
photographs that also come with scikit-learn, so that nothing is downloaded. The two splits share neither scans
nor regions of the photographs. The same seed and sizes give the same files, byte for byte.

    python -m trainer.data.digit_scenes --out DIR [--seed 0] [--train 2000] [--val 400]
"""

from __future__ import annotations

import argparse
import json
import shutil
import sys
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from tqdm import tqdm

from trainer.errors import InputError

IMAGE_SIZE_PX = 96
DIGIT_SIZE_PX = (18, 48)
CLASS_NAMES = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
CATEGORY_IDS = (1, 2, 3, 5, 7, 11, 13, 17, 19, 23)
"""Not contiguous, as in COCO itself, so that nobody downstream takes an id for an index."""

_LAYOUT = 1
_EMPTY_SHARE = 0.02
_OVERLAP_SHARE = 0.35
_MAX_HIDDEN_SHARE = 0.35
_INK_ALPHA = 0.1
_TRAIN_SHARE_OF_SCANS = 0.8
_TRAIN_SHARE_OF_PHOTO = 0.7

FloatArray = NDArray[np.float32]
BoolArray = NDArray[np.bool_]
ByteArray = NDArray[np.uint8]


@dataclass(frozen=True)
class Source:
    """What the images of one split are made of."""

    scans: FloatArray  # [S, 8, 8], ink in 0..1
    digits: NDArray[np.int64]  # [S]
    photos: tuple[ByteArray, ...]  # each [H, W, 3]


@dataclass(frozen=True)
class Scene:
    """One image and its instances."""

    image: ByteArray  # [96, 96, 3]
    digits: tuple[int, ...]
    boxes_xywh: tuple[tuple[int, int, int, int], ...]


def make_digit_scenes(folder: Path, *, seed: int = 0, num_train: int = 2000, num_val: int = 400) -> bool:
    """Write the data set to `folder`, whole or not at all; returns False when it is there already.

    Layout: `train/*.png`, `val/*.png`, `annotations/train.json`, `annotations/val.json`.

    Raises:
        InputError: the folder holds something else.
    """
    made_of = {"layout": _LAYOUT, "seed": seed, "train": num_train, "val": num_val}
    if _holds(folder, made_of):
        return False
    sources = split_sources(seed)
    folder.parent.mkdir(parents=True, exist_ok=True)
    draft = folder.parent / f".{folder.name}.{uuid.uuid4().hex}"
    try:
        with tqdm(total=num_train + num_val, unit="image", desc="digit scenes", disable=None) as bar:
            for number, (split, count) in enumerate((("train", num_train), ("val", num_val))):
                _write_split(draft, split, sources[number], count=count, seed=[seed, number], bar=bar)
        (draft / "digit-scenes.json").write_text(json.dumps(made_of))
        try:
            draft.rename(folder)
        except OSError:
            if not _holds(folder, made_of):
                raise
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    return True


def split_sources(seed: int) -> tuple[Source, Source]:
    """Return the scans and photo regions of the training and the validation split; they share nothing."""
    from sklearn.datasets import load_digits, load_sample_images

    loaded = load_digits()
    scans = (loaded.images / 16).astype(np.float32)
    digits = loaded.target.astype(np.int64)
    order = np.random.default_rng([seed, 2]).permutation(len(scans))
    cut = int(len(scans) * _TRAIN_SHARE_OF_SCANS)
    photos = load_sample_images().images
    columns = [int(photo.shape[1] * _TRAIN_SHARE_OF_PHOTO) for photo in photos]
    train_photos = tuple(photo[:, :column] for photo, column in zip(photos, columns, strict=True))
    val_photos = tuple(photo[:, column:] for photo, column in zip(photos, columns, strict=True))
    return (
        Source(scans[order[:cut]], digits[order[:cut]], train_photos),
        Source(scans[order[cut:]], digits[order[cut:]], val_photos),
    )


def draw_scene(source: Source, rng: np.random.Generator) -> Scene:
    """Draw one scene: 2 to 5 digits (or, seldom, none) whose boxes hold exactly their visible ink."""
    canvas = _background(source, rng)
    count = 0 if rng.random() < _EMPTY_SHARE else int(rng.integers(2, 6))
    digits: list[int] = []
    inks: list[BoolArray] = []  # visible ink so far, each [96, 96]
    totals: list[int] = []
    for _ in range(count):
        index = int(rng.integers(len(source.scans)))
        stamp = _stamp(source.scans[index], rng)
        placed = _place(stamp, inks, totals, rng)
        if placed is None:
            continue
        (rows, columns), ink = placed
        colour = rng.uniform(190, 255, size=3).astype(np.float32)
        canvas[rows, columns] += stamp[..., None] * (colour - canvas[rows, columns])
        inks = [earlier & ~ink for earlier in inks] + [ink]
        totals.append(int(ink.sum()))
        digits.append(int(source.digits[index]))
    boxes_xywh = tuple(_box_xywh(ink) for ink in inks)
    return Scene(image=canvas.astype(np.uint8), digits=tuple(digits), boxes_xywh=boxes_xywh)


def _background(source: Source, rng: np.random.Generator) -> FloatArray:
    """A crop of a photograph, scaled to the image and darkened."""
    photo = source.photos[int(rng.integers(len(source.photos)))]
    side = int(rng.integers(IMAGE_SIZE_PX, min(photo.shape[:2]) + 1))
    top = int(rng.integers(photo.shape[0] - side + 1))
    left = int(rng.integers(photo.shape[1] - side + 1))
    crop = Image.fromarray(photo[top : top + side, left : left + side])
    scaled = crop.resize((IMAGE_SIZE_PX, IMAGE_SIZE_PX), Image.Resampling.BILINEAR)
    darkened: FloatArray = np.asarray(scaled, dtype=np.float32) * np.float32(rng.uniform(0.25, 0.6))
    return darkened


def _stamp(scan: FloatArray, rng: np.random.Generator) -> FloatArray:
    """The opacity of one digit, its longer side 18 to 48 px."""
    rows, columns = np.nonzero(scan > 0.25)
    ink = scan[rows.min() : rows.max() + 1, columns.min() : columns.max() + 1]
    longer = int(rng.integers(DIGIT_SIZE_PX[0], DIGIT_SIZE_PX[1] + 1))
    scale = longer / max(ink.shape)
    width, height = (max(4, round(side * scale)) for side in (ink.shape[1], ink.shape[0]))
    scaled = Image.fromarray(ink, mode="F").resize((width, height), Image.Resampling.BICUBIC)
    opacity: FloatArray = np.clip(np.asarray(scaled, dtype=np.float32) * 1.7 - 0.35, 0, 1)
    return opacity


def _place(
    stamp: FloatArray, inks: Sequence[BoolArray], totals: Sequence[int], rng: np.random.Generator
) -> tuple[tuple[slice, slice], BoolArray] | None:
    """Find a window where every earlier digit stays recognisable; returns it and the ink, or None."""
    height, width = stamp.shape
    stamp_ink = stamp >= _INK_ALPHA
    most = _MAX_HIDDEN_SHARE if rng.random() < _OVERLAP_SHARE else 0.0
    gone = [total - np.count_nonzero(ink) for ink, total in zip(inks, totals, strict=True)]
    for _ in range(30):
        top = int(rng.integers(IMAGE_SIZE_PX - height + 1))
        left = int(rng.integers(IMAGE_SIZE_PX - width + 1))
        window = slice(top, top + height), slice(left, left + width)
        hidden = [np.count_nonzero(earlier[window] & stamp_ink) for earlier in inks]
        if all(n == 0 or n + before <= most * total for n, before, total in zip(hidden, gone, totals, strict=True)):
            ink = np.zeros((IMAGE_SIZE_PX, IMAGE_SIZE_PX), dtype=np.bool_)
            ink[window] = stamp_ink
            return window, ink
    return None


def _box_xywh(ink: BoolArray) -> tuple[int, int, int, int]:
    rows, columns = np.nonzero(ink)
    left, top = int(columns.min()), int(rows.min())
    return left, top, int(columns.max()) + 1 - left, int(rows.max()) + 1 - top


def _write_split(folder: Path, split: str, source: Source, *, count: int, seed: Sequence[int], bar: tqdm[Any]) -> None:
    (folder / split).mkdir(parents=True)
    (folder / "annotations").mkdir(exist_ok=True)
    images: list[dict[str, Any]] = []
    annotations: list[dict[str, Any]] = []
    for number in range(count):
        scene = draw_scene(source, np.random.default_rng([*seed, number]))
        name = f"{number:05d}.png"
        Image.fromarray(scene.image).save(folder / split / name, compress_level=1)
        images.append({"id": number + 1, "file_name": name, "width": IMAGE_SIZE_PX, "height": IMAGE_SIZE_PX})
        for digit, box in zip(scene.digits, scene.boxes_xywh, strict=True):
            annotations.append(
                {
                    "id": len(annotations) + 1,
                    "image_id": number + 1,
                    "category_id": CATEGORY_IDS[digit],
                    "bbox": list(box),
                    "area": box[2] * box[3],
                    "iscrowd": 0,
                }
            )
        bar.update()
    categories = [{"id": id_, "name": name} for id_, name in zip(CATEGORY_IDS, CLASS_NAMES, strict=True)]
    content = {"images": images, "annotations": annotations, "categories": categories}
    (folder / "annotations" / f"{split}.json").write_text(json.dumps(content))


def _holds(folder: Path, made_of: dict[str, int]) -> bool:
    if not folder.exists() or (folder.is_dir() and not any(folder.iterdir())):
        return False
    try:
        found = json.loads((folder / "digit-scenes.json").read_text())
    except (OSError, json.JSONDecodeError):
        raise InputError(f"{folder} is not empty and holds no digit scenes; wanted a new or an empty folder") from None
    if found != made_of:
        raise InputError(f"{folder} holds other digit scenes ({found}); wanted {made_of}: choose another folder")
    return True


def main(arguments: Sequence[str] | None = None) -> int:
    """Command line; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m trainer.data.digit_scenes", description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=Path, required=True, help="folder to write; nothing happens if it is there")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--train", type=int, default=2000, help="training images")
    parser.add_argument("--val", type=int, default=400, help="validation images")
    given = parser.parse_args(arguments)
    try:
        made = make_digit_scenes(given.out, seed=given.seed, num_train=given.train, num_val=given.val)
    except InputError as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    print(f"{'wrote' if made else 'found'} {given.train} training and {given.val} validation images in {given.out}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
