"""Reading a COCO data set: what its JSON must hold, and words for what is wrong with it."""

from __future__ import annotations

import json
import logging
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from trainer.data.split import (
    MAX_OVERHANG_PX,
    MAX_OVERHANG_SHARE,
    ImageRecord,
    Instance,
    Split,
    check_files,
    clipped_xyxy,
    require_same_classes,
)
from trainer.data.voc import read_voc_split
from trainer.errors import InputError
from trainer.spec import SplitSpec

__all__ = [
    "MAX_OVERHANG_PX",
    "MAX_OVERHANG_SHARE",
    "READERS",
    "CocoSplit",
    "ImageRecord",
    "Instance",
    "Split",
    "read_coco_split",
    "read_split",
    "require_same_classes",
]

logger = logging.getLogger(__name__)


CocoSplit = Split


def read_split(split: SplitSpec, *, data_root: Path) -> Split:
    """Read and check one split of a data set, in the format that the spec says. Raises as the readers do."""
    return READERS[split.format](split, data_root)


def read_coco_split(split: SplitSpec, data_root: Path) -> Split:
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
    check_files(images, folder, path)
    return CocoSplit(path, images, tuple(names[id_] for id_ in category_ids), category_ids)


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
        box = _box(row["bbox"], image, where)
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


def _box(box_xywh: Sequence[Any], image: dict[str, Any], where: str) -> tuple[float, float, float, float] | None:
    numbers = [value for value in box_xywh if _is_finite(value)]
    if len(box_xywh) != 4 or len(numbers) != 4:
        raise InputError(f"{where}.bbox is {box_xywh!r}; wanted four finite numbers [x, y, width, height]")
    left, top, box_width, box_height = (float(value) for value in numbers)
    if box_width < 0 or box_height < 0:
        raise InputError(f"{where}.bbox is {box_xywh!r}; wanted [x, y, width, height] with sizes of 0 or more")
    what = f"{where}.bbox {box_xywh!r} (x, y, width, height)"
    size = (image["width"], image["height"])
    return clipped_xyxy((left, top), (left + box_width, top + box_height), size, where=what, image=image["file_name"])


READERS: dict[str, Callable[[SplitSpec, Path], Split]] = {"coco": read_coco_split, "voc": read_voc_split}
