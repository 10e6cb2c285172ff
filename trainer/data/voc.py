"""Reading a PASCAL VOC data set: one XML file for each image, and words for what is wrong with it.

Format: Everingham et al., The PASCAL Visual Object Classes Challenge 2007, development kit.
"""

from __future__ import annotations

import logging
import math
from collections.abc import Sequence
from pathlib import Path
from xml.etree import ElementTree

from PIL import Image, UnidentifiedImageError

from trainer.data.split import ImageRecord, Instance, Split, check_files, clipped_xyxy
from trainer.errors import InputError
from trainer.spec import SplitSpec

logger = logging.getLogger(__name__)


def read_voc_split(split: SplitSpec, data_root: Path) -> Split:
    """Read and check one split of a VOC data set; its category ids are 1, 2, 3 ... in the order of the classes.

    VOC counts pixels from 1 and its boxes hold their last pixel: 1, 1, 10, 10 becomes 0, 0, 10, 10. Boxes without area
    are left out with a warning; images without objects are kept.

    Raises:
        InputError: a file is missing or unreadable, or no VOC annotation; says what was found.
    """
    folder, images_folder = data_root / split.annotations, data_root / split.images
    documents = [(path, parse_xml(path)) for path in xml_files(folder, split, data_root)]
    found = sorted({text_of(item, "name", path) for path, root in documents for item in root.iterfind("object")})
    names = split.classes if split.classes is not None else tuple(found)
    if not names:
        raise InputError(f"no object is annotated in {folder}; wanted at least one, or the split's classes")
    unknown = [name for name in found if name not in names]
    if unknown:
        raise InputError(f"{folder} has objects of class {unknown[0]!r}; the split's classes are {', '.join(names)}")
    class_of = {name: index for index, name in enumerate(names)}
    images = tuple(
        _image(path, root, images_folder, class_of=class_of, number=number)
        for number, (path, root) in enumerate(documents, start=1)
    )
    check_files(images, images_folder, folder)
    return Split(
        annotations=folder,
        images=images,
        class_names=tuple(names),
        category_ids=tuple(range(1, len(names) + 1)),
        is_voc=True,
    )


def xml_files(folder: Path, split: SplitSpec, data_root: Path) -> Sequence[Path]:
    """The annotations of a split, in order. Raises InputError as `read_voc_split` does."""
    if not folder.is_dir():
        raise InputError(f"no folder of annotations at {folder}; wanted VOC's XML files")
    if split.image_list is None:
        paths = sorted(folder.glob("*.xml"))
        if not paths:
            raise InputError(f"no XML files in {folder}; wanted one for each image")
        return paths
    path = data_root / split.image_list
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"cannot read the list of images {path}: {error}") from error
    listed = [folder / f"{line.split()[0]}.xml" for line in lines if line.strip()]
    missing = [each.name for each in listed if not each.is_file()]
    if missing or not listed:
        first = f", the first is {missing[0]}" if missing else ""
        raise InputError(f"{path} lists {len(listed)} images, {len(missing)} have no XML file in {folder}{first}")
    return listed


def parse_xml(path: Path, content: bytes | None = None) -> ElementTree.Element:
    """Raises InputError where `content`, by default that of `path`, is no VOC annotation."""
    try:
        root = ElementTree.fromstring(path.read_bytes() if content is None else content)
    except (ElementTree.ParseError, OSError, ValueError) as error:
        raise InputError(f"{path} is not valid XML ({error}); wanted a VOC annotation") from error
    if root.tag != "annotation":
        raise InputError(f"{path} holds a <{root.tag}>; wanted a VOC <annotation>")
    return root


def _image(
    path: Path, root: ElementTree.Element, folder: Path, *, class_of: dict[str, int], number: int
) -> ImageRecord:
    image = folder / file_name_of(root, path)
    width, height = image_size(root, image, path)
    instances = []
    for item in root.iterfind("object"):
        box = item.find("bndbox")
        if box is None:
            raise InputError(f"{path}: an object {text_of(item, 'name', path)!r} has no <bndbox>")
        left, top, right, bottom = (number_of(box, name, path) for name in ("xmin", "ymin", "xmax", "ymax"))
        where = f"{path}: box {left:g}, {top:g}, {right:g}, {bottom:g} (xmin, ymin, xmax, ymax)"
        clipped = clipped_xyxy((left - 1, top - 1), (right, bottom), (width, height), where=where, image=image.name)
        if clipped is None:
            logger.warning("%s: left out a box without area", path)
            continue
        area = (clipped[2] - clipped[0]) * (clipped[3] - clipped[1])
        difficult = is_difficult(item)
        name = text_of(item, "name", path)
        instances.append(Instance(clipped, class_of[name], iscrowd=False, area_px2=area, difficult=difficult))
    return ImageRecord(id=number, path=image, width=width, height=height, instances=tuple(instances))


def file_name_of(root: ElementTree.Element, path: Path) -> str:
    """The name of the image that the annotation at `path` is about."""
    return (root.findtext("filename") or f"{path.stem}.jpg").strip()


def image_size(root: ElementTree.Element, image: Path, path: Path) -> tuple[int, int]:
    """Width and height as the XML says; where it does not, as the image says."""
    size = root.find("size")
    if size is not None:
        width, height = int(number_of(size, "width", path)), int(number_of(size, "height", path))
        if width > 0 and height > 0:
            return width, height
    try:
        with Image.open(image) as opened:
            return opened.size
    except (OSError, UnidentifiedImageError) as error:
        raise InputError(f"{path} says no size, and its image {image} cannot be read: {error}") from error


def is_difficult(item: ElementTree.Element) -> bool:
    return (item.findtext("difficult") or "0").strip() == "1"


def text_of(node: ElementTree.Element, name: str, path: Path) -> str:
    text = (node.findtext(name) or "").strip()
    if not text:
        raise InputError(f"{path}: a <{node.tag}> has no <{name}>")
    return text


def number_of(node: ElementTree.Element, name: str, path: Path) -> float:
    text = text_of(node, name, path)
    try:
        number = float(text)
    except ValueError:
        number = math.nan
    if not math.isfinite(number):
        raise InputError(f"{path}: <{name}> is {text!r}; wanted a number")
    return number
