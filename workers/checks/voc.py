"""Reading the PASCAL VOC annotations of a split so that all defects are found: a training stops at the first one."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from xml.etree.ElementTree import Element

from trainer.data.voc import file_name_of, image_size, is_difficult, number_of, parse_xml, text_of, xml_files
from trainer.errors import InputError
from trainer.spec import SplitSpec
from workers.checks.annotations import Box, Image, Split, leads_out, placed_box
from workers.checks.files import in_threads
from workers.checks.findings import Findings
from workers.spec.checks import SplitName


def read_voc(spec: SplitSpec, name: SplitName, *, data_root: Path, findings: Findings) -> Split | None:
    """Read a split, adding its defects to `findings`; None where its annotations cannot be found at all."""
    folder = data_root / spec.annotations
    try:
        paths = xml_files(folder, spec, data_root)
        contents = in_threads(Path.read_bytes, paths)
    except InputError as error:
        findings.add("unreadable_annotations", str(error), split=name)
        return None
    except OSError as error:
        findings.add("unreadable_annotations", f"{error.filename}: {error.strerror or error}", split=name)
        return None
    reader = _Reader(name, data_root / spec.images, findings)
    documents = reader.documents(paths, contents)
    class_of = reader.classes(documents, spec.classes)
    images = reader.images(documents)
    reader.boxes(images, class_of)
    categories = {number: label for label, number in class_of.items()}
    return Split(name, reader.folder, voc_content(spec, paths, contents), categories, [image for image, *_ in images])


def voc_content(spec: SplitSpec, paths: Sequence[Path], contents: Iterable[bytes]) -> bytes:
    """What stands for the annotations in the content hash: each file by name and hash, in order, and the classes."""
    lines = [json.dumps({"classes": spec.classes})]
    lines += [
        f"{path.name}\x00{hashlib.sha256(content).hexdigest()}" for path, content in zip(paths, contents, strict=True)
    ]
    return "\n".join(lines).encode()


_Document = tuple[Path, Element]
_Annotated = tuple[Image, Path, Element]


@dataclass(frozen=True)
class _Reader:
    split: SplitName
    folder: Path
    findings: Findings

    def documents(self, paths: Sequence[Path], contents: Sequence[bytes]) -> list[_Document]:
        found = []
        for path, content in zip(paths, contents, strict=True):
            try:
                found.append((path, parse_xml(path, content)))
            except InputError as error:
                self._add("malformed_xml", str(error))
        return found

    def classes(self, documents: Sequence[_Document], given: tuple[str, ...] | None) -> dict[str, int]:
        """Category ids by name, counted from 1 in the order that the trainer gives them."""
        found = {name for _, root in documents for item in root.iterfind("object") if (name := _name_of(item))}
        ordered = sorted(found) if given is None else list(given)
        if len(set(ordered)) != len(ordered):
            self._add("duplicate_category", ", ".join(sorted({name for name in ordered if ordered.count(name) > 1})))
        if not ordered:
            self._add("no_categories")
        return {name: number for number, name in enumerate(ordered, start=1)}

    def images(self, documents: Sequence[_Document]) -> list[_Annotated]:
        found: list[_Annotated] = []
        files: set[str] = set()
        for path, root in documents:
            name = file_name_of(root, path)
            if leads_out(name):
                self._add("outside_folder", f"{path.name}: {name!r}")
                continue
            if name in files:
                self._add("duplicate_file", f"{path.name}: {name!r}")
            files.add(name)
            try:
                width, height = image_size(root, self.folder / name, path)
            except InputError as error:
                self._add("malformed_xml", str(error))
                continue
            found.append((Image(len(found) + 1, name, width, height, self.folder / name), path, root))
        if not found:
            self._add("no_images")
        return found

    def boxes(self, images: Sequence[_Annotated], class_of: dict[str, int]) -> None:
        for image, path, root in images:
            for item in root.iterfind("object"):
                try:
                    name, low_xy, high_xy = _read_object(item, path)
                except InputError as error:
                    self._add("malformed_xml", str(error))
                    continue
                if name not in class_of:
                    self._add("unknown_category", f"{path.name}: {name!r}")
                    continue
                sides = f"{low_xy[0] + 1:g}, {low_xy[1] + 1:g}, {high_xy[0]:g}, {high_xy[1]:g}"
                where = f"{path.name}: {sides} (xmin, ymin, xmax, ymax) in {image.width}x{image.height} px"
                box = placed_box(low_xy, high_xy, image, lambda code, where=where: self._add(code, where))  # type: ignore[misc]
                if box is not None:
                    image.boxes.append(Box(box, class_of[name], iscrowd=False, difficult=is_difficult(item)))
        if not any(box.is_learned for image, *_ in images for box in image.boxes):
            self._add("no_boxes")

    def _add(self, code: str, example: str = "") -> None:
        self.findings.add(code, example, split=self.split)


def _name_of(item: Element) -> str:
    return (item.findtext("name") or "").strip()


def _read_object(item: Element, path: Path) -> tuple[str, tuple[float, float], tuple[float, float]]:
    """Class and corners of an object; VOC counts pixels from 1, and its boxes hold their last pixel.

    Raises:
        InputError: something is missing or is no number.
    """
    name = text_of(item, "name", path)
    box = item.find("bndbox")
    if box is None:
        raise InputError(f"{path}: an object {name!r} has no <bndbox>")
    left, top, right, bottom = (number_of(box, side, path) for side in ("xmin", "ymin", "xmax", "ymax"))
    return name, (left - 1, top - 1), (right, bottom)
