"""Reading the COCO annotations of a split so that all defects are found: a training stops at the first one."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any

from trainer.data.coco import MAX_OVERHANG_PX, MAX_OVERHANG_SHARE
from trainer.spec import SplitSpec
from workers.checks.findings import Findings
from workers.spec.checks import SplitName

_WORDS: dict[type, str] = {int: "a whole number", str: "a text", list: "a list"}


@dataclass(frozen=True)
class Box:
    """A box that lies in its image and has an area."""

    box_xywh: tuple[float, float, float, float]
    category_id: int
    iscrowd: bool
    difficult: bool = False

    @property
    def is_learned(self) -> bool:
        return not (self.iscrowd or self.difficult)


@dataclass
class Image:
    id: int
    file_name: str
    width: int
    height: int
    path: Path
    boxes: list[Box] = field(default_factory=list)


@dataclass
class Split:
    """What could be read of a split. `annotations` are the bytes that stand for them in the content hash."""

    name: SplitName
    folder: Path
    annotations: bytes
    categories: dict[int, str]
    images: list[Image]


def read_coco(spec: SplitSpec, name: SplitName, *, data_root: Path, findings: Findings) -> Split | None:
    """Read a split, adding its defects to `findings`; None where its annotations cannot be read at all."""
    path, folder = data_root / spec.annotations, data_root / spec.images
    try:
        content = path.read_bytes()
        document = json.loads(content)
    except FileNotFoundError:
        findings.add("unreadable_annotations", f"there is no {path}", split=name)
        return None
    except (ValueError, RecursionError) as error:
        findings.add("unreadable_annotations", f"{path} is not valid JSON: {error}", split=name)
        return None
    except OSError as error:
        findings.add("unreadable_annotations", f"{path}: {error.strerror or error}", split=name)
        return None
    if not isinstance(document, dict):
        words = f"{path} holds a {type(document).__name__}; wanted an object with images and annotations"
        findings.add("unreadable_annotations", words, split=name)
        return None
    reader = _Reader(document, name, folder, findings)
    categories = reader.categories()
    images = reader.images()
    reader.boxes(images, categories)
    return Split(name, folder, content, categories, list(images.values()))


@dataclass(frozen=True)
class _Reader:
    document: dict[str, Any]
    split: SplitName
    folder: Path
    findings: Findings

    def categories(self) -> dict[int, str]:
        found: dict[int, str] = {}
        for row in self._rows("categories", {"id": int, "name": str}):
            if row["id"] in found or row["name"] in found.values():
                self._add("duplicate_category", f"{row['id']}, {row['name']!r}")
            found.setdefault(row["id"], row["name"])
        if not found:
            self._add("no_categories")
        return found

    def images(self) -> dict[int, Image]:
        found: dict[int, Image] = {}
        files: set[str] = set()
        for row in self._rows("images", {"id": int, "file_name": str, "width": int, "height": int}):
            name = row["file_name"]
            if row["id"] in found:
                self._add("duplicate_image_id", f"id {row['id']} of {name!r}")
                continue
            if name in files:
                self._add("duplicate_file", repr(name))
            files.add(name)
            if leads_out(name):
                self._add("outside_folder", repr(name))
                continue
            found[row["id"]] = Image(row["id"], name, row["width"], row["height"], self.folder / name)
        if not found:
            self._add("no_images")
        return found

    def boxes(self, images: dict[int, Image], categories: dict[int, str]) -> None:
        ids: set[Any] = set()
        num_boxes = 0
        for row in self._rows("annotations", {"image_id": int, "category_id": int, "bbox": list}):
            where = f"annotation {row.get('id')!r} of image {row['image_id']}"
            if "id" in row:
                id_ = row["id"] if isinstance(row["id"], int | str) else repr(row["id"])
                if id_ in ids:
                    self._add("duplicate_annotation_id", where)
                ids.add(id_)
            if (image := images.get(row["image_id"])) is None:
                self._add("unknown_image", where)
                continue
            if row["category_id"] not in categories:
                self._add("unknown_category", f"{where}: category {row['category_id']}")
                continue
            if (box_xywh := self._box(row, image, where)) is not None:
                image.boxes.append(Box(box_xywh, row["category_id"], bool(row.get("iscrowd", 0))))
                num_boxes += not row.get("iscrowd", 0)
        if not num_boxes:
            self._add("no_boxes")

    def _box(self, row: dict[str, Any], image: Image, where: str) -> tuple[float, float, float, float] | None:
        given = row["bbox"]
        where = f"{where}: {given!r} in {image.width}x{image.height} px"
        if len(given) != 4 or not all(_is_finite(value) for value in given) or not _is_finite(row.get("area") or 0):
            self._add("bad_box", where)
            return None
        left, top, width, height = (float(value) for value in given)
        return placed_box((left, top), (left + width, top + height), image, lambda code: self._add(code, where))

    def _rows(self, key: str, fields: dict[str, type]) -> Iterator[dict[str, Any]]:
        """The rows of a list that have `fields` with their types."""
        rows = self.document.get(key)
        if not isinstance(rows, list):
            there = ", ".join(sorted(map(str, self.document))) or "nothing"
            self._add("malformed", f"there is no list {key!r}, there is: {there}")
            return
        for position, row in enumerate(rows):
            if not isinstance(row, dict):
                self._add("malformed", f"{key}[{position}] is a {type(row).__name__}; wanted an object")
                continue
            wrong = [name for name, kind in fields.items() if type(row.get(name)) is not kind]
            for name in wrong[:1]:
                self._add("malformed", f"{key}[{position}].{name} is {row.get(name)!r}; wanted {_WORDS[fields[name]]}")
            if not wrong:
                yield row

    def _add(self, code: str, example: str = "") -> None:
        self.findings.add(code, example, split=self.split)


def placed_box(
    low_xy: tuple[float, float], high_xy: tuple[float, float], image: Image, complain: Callable[[str], None]
) -> tuple[float, float, float, float] | None:
    """The part of a box that lies in its image, as x, y, width, height; None where there is none or too little.

    `complain` is told the code of what is wrong.
    """
    (left, top), (right, bottom) = low_xy, high_xy
    if right < left or bottom < top:
        complain("inverted_box")
        return None
    overhangs = [
        (max(-low, high - side), max(MAX_OVERHANG_PX, MAX_OVERHANG_SHARE * side))
        for low, high, side in ((left, right, image.width), (top, bottom, image.height))
    ]
    if any(overhang > allowed for overhang, allowed in overhangs):
        complain("box_outside")
        return None
    x_low, x_high = max(left, 0.0), min(right, float(image.width))
    y_low, y_high = max(top, 0.0), min(bottom, float(image.height))
    if x_high <= x_low or y_high <= y_low:
        complain("empty_box")
        return None
    if any(overhang > 0 for overhang, _ in overhangs):
        complain("box_clipped")
    return x_low, y_low, x_high - x_low, y_high - y_low


def _is_finite(value: object) -> bool:
    return isinstance(value, int | float) and abs(value) <= sys.float_info.max


def leads_out(file_name: str) -> bool:
    path = PurePosixPath(file_name)
    return path.is_absolute() or ".." in path.parts or "\x00" in file_name or not path.parts
