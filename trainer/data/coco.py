"""Reading a COCO data set: what its JSON must hold, and words for what is wrong with it."""

from __future__ import annotations

import json
import logging
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from trainer.errors import InputError
from trainer.spec import SplitSpec

logger = logging.getLogger(__name__)

MAX_OVERHANG_PX = 2.0
MAX_OVERHANG_SHARE = 0.02


@dataclass(frozen=True)
class Instance:
    """One ground-truth object; the box lies inside the image and has an area."""

    box_xyxy: tuple[float, float, float, float]
    class_index: int
    iscrowd: bool
    area_px2: float  # of the object where the data set knows it, else of the box


@dataclass(frozen=True)
class ImageRecord:
    """One image of a split, with its instances."""

    id: int
    path: Path
    width: int
    height: int
    instances: tuple[Instance, ...]


@dataclass(frozen=True)
class CocoSplit:
    """A checked split. Classes are numbered 0..K-1 in the order of their category ids."""

    annotations: Path
    images: tuple[ImageRecord, ...]
    class_names: tuple[str, ...]
    category_ids: tuple[int, ...]

    @property
    def num_instances(self) -> int:
        """Instances that are not crowds."""
        return sum(not instance.iscrowd for image in self.images for instance in image.instances)


def read_split(split: SplitSpec, *, data_root: Path) -> CocoSplit:
    """Read and check one split of a COCO data set.

    Boxes that stick out of their image by up to 2 px (or 2% of its side) are clipped, boxes without area are
    left out with a warning; anything worse is an error. Images without boxes are kept.

    Raises:
        InputError: a file is missing or unreadable, or the JSON is not a COCO data set; says what was found.
    """
    path, folder = data_root / split.annotations, data_root / split.images
    document = _read_json(path)
    categories = _records(document, "categories", path, {"id": int, "name": str})
    names = _unique({int(item["id"]): str(item["name"]) for item in categories}, len(categories), path)
    category_ids = tuple(sorted(names))
    class_of = {category_id: index for index, category_id in enumerate(category_ids)}
    rows = _records(document, "images", path, {"id": int, "file_name": str, "width": int, "height": int})
    if not rows:
        raise InputError(f"{path} lists no images; wanted at least one")
    by_id = {int(row["id"]): row for row in rows}
    if len(by_id) != len(rows):
        raise InputError(f"{path}: {len(rows)} images share {len(by_id)} ids; wanted one id each")
    instances = _instances(document, path, images=by_id, class_of=class_of)
    images = tuple(
        ImageRecord(
            id=id_,
            path=folder / row["file_name"],
            width=row["width"],
            height=row["height"],
            instances=tuple(instances.get(id_, ())),
        )
        for id_, row in by_id.items()
    )
    _check_files(images, folder, path)
    return CocoSplit(path, images, tuple(names[id_] for id_ in category_ids), category_ids)


def require_same_classes(train: CocoSplit, val: CocoSplit) -> None:
    """Raises InputError when the two splits do not have the same classes under the same category ids."""
    pairs_train = dict(zip(train.category_ids, train.class_names, strict=True))
    pairs_val = dict(zip(val.category_ids, val.class_names, strict=True))
    if pairs_train != pairs_val:
        differing = sorted(set(pairs_train.items()) ^ set(pairs_val.items()))
        raise InputError(
            f"the categories of {train.annotations} ({len(pairs_train)}) and {val.annotations} ({len(pairs_val)}) "
            f"differ, for example in (id, name) {differing[0]}; wanted the same ids and names in both"
        )


def _read_json(path: Path) -> dict[str, Any]:
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise InputError(f"no annotations at {path}; wanted a COCO JSON file") from None
    except (ValueError, RecursionError) as error:  # no JSON, no UTF-8, a number of thousands of digits, deep nesting
        raise InputError(f"{path} is not valid JSON ({error}); wanted a COCO JSON file") from error
    except OSError as error:
        raise InputError(f"cannot read {path}: {error.strerror or error}") from error
    if not isinstance(document, dict):
        raise InputError(f"{path} holds a {type(document).__name__}; wanted an object with images and annotations")
    return document


def _records(document: dict[str, Any], key: str, path: Path, fields: dict[str, type]) -> list[dict[str, Any]]:
    """Return the list at `key`, every element an object that has `fields` with their types."""
    found = document.get(key)
    if not isinstance(found, list):
        there = ", ".join(sorted(document)) or "nothing"
        raise InputError(f"{path} has no list {key!r}, there is: {there}; wanted images, annotations and categories")
    for position, item in enumerate(found):
        if not isinstance(item, dict):
            raise InputError(f"{path}: {key}[{position}] is a {type(item).__name__}; wanted an object")
        for name, kind in fields.items():
            value = item.get(name)
            if not isinstance(value, kind) or isinstance(value, bool):
                raise InputError(f"{path}: {key}[{position}].{name} is {value!r}; wanted {_WORDS[kind]}")
    return found


_WORDS: dict[type, str] = {int: "a whole number", str: "a text", list: "a list"}


def _unique(names: dict[int, str], count: int, path: Path) -> dict[int, str]:
    if not names:
        raise InputError(f"{path} has no categories; wanted at least one")
    if len(names) != count or len(set(names.values())) != count:
        raise InputError(f"{path}: {count} categories share ids or names; wanted each id and each name once")
    return names


def _instances(
    document: dict[str, Any], path: Path, *, images: dict[int, dict[str, Any]], class_of: dict[int, int]
) -> dict[int, list[Instance]]:
    found: dict[int, list[Instance]] = {}
    num_flat = 0
    fields: dict[str, type] = {"image_id": int, "category_id": int, "bbox": list}
    for position, row in enumerate(_records(document, "annotations", path, fields)):
        where = f"{path}: annotations[{position}]"
        image = images.get(row["image_id"])
        if image is None:
            raise InputError(f"{where} belongs to image {row['image_id']}, which is not among the images")
        if row["category_id"] not in class_of:
            known = ", ".join(str(id_) for id_ in list(class_of)[:10])
            raise InputError(f"{where} has category {row['category_id']}; the categories are {known}")
        box = _clipped_xyxy(row["bbox"], image, where)
        if box is None:
            num_flat += 1
            continue
        area = row.get("area") or (box[2] - box[0]) * (box[3] - box[1])
        if not _is_finite(area):
            raise InputError(f"{where}.area is {area!r}; wanted a finite number")
        instance = Instance(box, class_of[row["category_id"]], bool(row.get("iscrowd", 0)), float(area))
        found.setdefault(row["image_id"], []).append(instance)
    if num_flat:
        logger.warning("%s: left out %d boxes without area", path, num_flat)
    return found


def _is_finite(value: object) -> bool:
    return isinstance(value, int | float) and abs(value) <= sys.float_info.max


def _clipped_xyxy(
    box_xywh: Sequence[Any], image: dict[str, Any], where: str
) -> tuple[float, float, float, float] | None:
    numbers = [value for value in box_xywh if _is_finite(value)]
    if len(box_xywh) != 4 or len(numbers) != 4:
        raise InputError(f"{where}.bbox is {box_xywh!r}; wanted four finite numbers [x, y, width, height]")
    left, top, box_width, box_height = (float(value) for value in numbers)
    if box_width < 0 or box_height < 0:
        raise InputError(f"{where}.bbox is {box_xywh!r}; wanted [x, y, width, height] with sizes of 0 or more")
    clipped: list[float] = []
    for low, high, side in (
        (left, left + box_width, image["width"]),
        (top, top + box_height, image["height"]),
    ):
        allowed = max(MAX_OVERHANG_PX, MAX_OVERHANG_SHARE * side)
        if low < -allowed or high > side + allowed:
            raise InputError(
                f"{where}.bbox {box_xywh!r} (x, y, width, height) sticks out of its image {image['file_name']!r} "
                f"of {image['width']}x{image['height']} px by more than {allowed:g} px"
            )
        clipped += [min(max(low, 0.0), side), min(max(high, 0.0), side)]
    x_low, x_high, y_low, y_high = clipped
    return None if x_high <= x_low or y_high <= y_low else (x_low, y_low, x_high, y_high)


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except OSError:  # no file can have such a name
        return False


def _check_files(images: Sequence[ImageRecord], folder: Path, path: Path) -> None:
    if not folder.is_dir():
        raise InputError(f"no folder of images at {folder}; wanted the images that {path.name} lists")
    missing = [image.path.name for image in images if not _is_file(image.path)]
    if missing:
        raise InputError(
            f"{len(missing)} of {len(images)} images of {path} are missing in {folder}, the first is {missing[0]}"
        )
