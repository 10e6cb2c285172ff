"""The check of a data set: what it holds, what is wrong with it, its hash and some images to look at.

Needs Pillow and no torch, so that it takes a few seconds.
"""

from __future__ import annotations

import warnings
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from PIL import Image as Pillow

from trainer.data.coco import read_split, require_same_classes
from trainer.errors import InputError
from trainer.spec import SplitSpec, box_size
from workers.checks.annotations import Box, Image, Split, read_coco
from workers.checks.content import content_hash, covers
from workers.checks.files import in_threads
from workers.checks.findings import Findings, refusal
from workers.checks.voc import read_voc
from workers.spec.checks import (
    BoxSizes,
    ClassCount,
    DatasetOrder,
    DatasetReport,
    ImageSize,
    Sample,
    SampleBox,
    SplitName,
    SplitReport,
)
from workers.spec.weights import file_sha256

MAX_DECODED = 256
MAX_IMAGE_SIZES = 20
SAMPLES_PER_SPLIT = 6
THUMBNAIL_PX = 256
_KEPT_WHOLE_PX = 160  # smaller images are kept without loss: JPEG would smear what is to be seen


READERS = {"coco": read_coco, "voc": read_voc}


@dataclass(frozen=True)
class _Files:
    """What the image files of a split are like."""

    sizes: dict[str, int]  # bytes by file name, of those that are there
    num_decoded: int
    readable: bool  # whether all that were looked at are as they should be


def check_dataset(
    order: DatasetOrder, *, data_root: Path, samples: Path
) -> tuple[DatasetReport, tuple[Sample, ...], str | None]:
    """Look at both splits; thumbnails go to the folder `samples`.

    Returns the report, what the thumbnails show, and why the data set is refused, if it is.
    """
    findings = Findings()
    splits: dict[SplitName, Split] = {}
    files: dict[SplitName, _Files] = {}
    named: dict[SplitName, SplitSpec] = {"train": order.train, "val": order.val}
    for name, spec in named.items():
        split = READERS[spec.format](spec, name, data_root=data_root, findings=findings)
        if split is not None:
            splits[name] = split
            files[name] = _look_at_files(split, findings)
    total_bytes = sum(sum(found.sizes.values()) for found in files.values())
    hash_ = None
    if len(splits) == 2:
        advice = "" if order.train.format == "coco" else "; name the classes of both splits in one order"
        _compare_splits(splits["train"], splits["val"], files["train"], files["val"], findings, advice=advice)
        if all(len(files[name].sizes) == len({i.file_name for i in split.images}) for name, split in splits.items()):
            hash_ = _hash(splits, files)
        if not findings.has_errors():
            _ask_trainer(order, data_root, findings)
    report = DatasetReport(
        train=_split_report(splits.get("train"), files.get("train")),
        val=_split_report(splits.get("val"), files.get("val")),
        findings=findings.all(),
        hash=hash_,
        hash_covers=covers(total_bytes),
    )
    shown = tuple(sample for split in splits.values() for sample in _samples(split, samples))
    return report, shown, refusal(report.findings)


# Files


def _look_at_files(split: Split, findings: Findings) -> _Files:
    """All files have to be there; some of them, evenly spread, are decoded."""
    if not split.folder.is_dir():
        findings.add("no_folder", str(split.folder), split=split.name)
        return _Files({}, 0, readable=False)
    images = list({image.file_name: image for image in split.images}.values())
    found = in_threads(lambda image: _size_of(image.path), images)
    sizes = {image.file_name: size for image, size in zip(images, found, strict=True) if size is not None}
    missing = [image.file_name for image, size in zip(images, found, strict=True) if size is None]
    for name in missing:
        findings.add("missing_file", name, split=split.name)
    there = [image for image in images if image.file_name in sizes]
    looked_at = _spread(there, MAX_DECODED)
    complaints = in_threads(_complaint, looked_at)
    for image, complaint in zip(looked_at, complaints, strict=True):
        if complaint is not None:
            code, words = complaint
            findings.add(code, f"{image.file_name}: {words}", split=split.name)
    return _Files(sizes, len(looked_at), readable=not missing and not any(complaints))


def _size_of(path: Path) -> int | None:
    try:
        return path.stat().st_size if path.is_file() else None
    except (OSError, ValueError):  # no file can have such a name
        return None


def _complaint(image: Image) -> tuple[str, str] | None:
    """What is wrong with an image file, as the code of a finding and words; None where it can be decoded."""
    try:
        with warnings.catch_warnings(), Pillow.open(image.path) as opened:
            warnings.simplefilter("ignore")
            size = opened.size
            opened.convert("RGB")
    except (OSError, SyntaxError, ValueError, Pillow.DecompressionBombError) as error:
        return "unreadable_file", str(error).replace(str(image.path), "the file")
    if size != (image.width, image.height):
        return "wrong_size", f"{size[0]}x{size[1]} px, the annotations say {image.width}x{image.height}"
    return None


def _hash(splits: dict[SplitName, Split], files: dict[SplitName, _Files]) -> str | None:
    ordered = [splits["train"], splits["val"]]
    listed = [
        [(name, size, split.folder / name) for name, size in files[split.name].sizes.items()] for split in ordered
    ]
    try:
        return content_hash([split.annotations for split in ordered], listed)
    except OSError:  # files that can be listed and not read; the sample decoded above says which
        return None


# Both splits


def _compare_splits(
    train: Split, val: Split, train_files: _Files, val_files: _Files, findings: Findings, *, advice: str
) -> None:
    for id_, name in sorted(train.categories.items() ^ val.categories.items()):
        where = "training" if train.categories.get(id_) == name else "validation"
        findings.add("different_classes", f"{name!r} with id {id_} in the {where} split alone{advice}")
    for name in _twins(train, val, train_files, val_files):
        findings.add("in_both_splits", name)


def _twins(train: Split, val: Split, train_files: _Files, val_files: _Files) -> list[str]:
    """Files of the validation split whose bytes are also in the training split; only equal sizes are read."""
    shared = set(train_files.sizes.values()) & set(val_files.sizes.values())
    hashes: list[dict[str, str]] = []
    for split, files in ((train, train_files), (val, val_files)):
        names = [name for name, size in files.sizes.items() if size in shared]
        try:
            found = in_threads(file_sha256, [split.folder / name for name in names])
        except OSError:  # told as unreadable where it was among the decoded
            return []
        hashes.append(dict(zip(names, found, strict=True)))
    known = set(hashes[0].values())
    return sorted(name for name, digest in hashes[1].items() if digest in known)


def _ask_trainer(order: DatasetOrder, data_root: Path, findings: Findings) -> None:
    """The trainer has the last word: it must take what is called ready here."""
    try:
        require_same_classes(read_split(order.train, data_root=data_root), read_split(order.val, data_root=data_root))
    except InputError as error:
        findings.add("unusable", str(error))


# The report


def _split_report(split: Split | None, files: _Files | None) -> SplitReport | None:
    if split is None or files is None:
        return None
    boxes = [box for image in split.images for box in image.boxes if box.is_learned]
    sizes = Counter(box_size(box.box_xywh[2] * box.box_xywh[3]) for box in boxes)
    by_class = Counter(box.category_id for box in boxes)
    images_of = Counter(
        id_ for image in split.images for id_ in {box.category_id for box in image.boxes if box.is_learned}
    )
    image_sizes = Counter((image.width, image.height) for image in split.images)
    return SplitReport(
        images=len(split.images),
        instances=len(boxes),
        crowds=sum(box.iscrowd for image in split.images for box in image.boxes),
        difficult=sum(box.difficult for image in split.images for box in image.boxes),
        images_without_boxes=sum(not any(box.is_learned for box in image.boxes) for image in split.images),
        box_sizes=BoxSizes(small=sizes["small"], medium=sizes["medium"], large=sizes["large"]),
        classes=tuple(
            ClassCount(name=name, category_id=id_, instances=by_class[id_], images=images_of[id_])
            for id_, name in sorted(split.categories.items())
        ),
        image_sizes=tuple(
            ImageSize(width=width, height=height, images=count)
            for (width, height), count in sorted(image_sizes.items(), key=lambda item: (-item[1], item[0]))
        )[:MAX_IMAGE_SIZES],
        num_image_sizes=len(image_sizes),
        decoded_images=files.num_decoded,
        size_bytes=sum(files.sizes.values()),
    )


def _samples(split: Split, folder: Path) -> list[Sample]:
    """Thumbnails of some images with boxes, written to `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    found: list[Sample] = []
    candidates = [image for image in split.images if image.boxes] or split.images
    for image in _spread(candidates, 2 * SAMPLES_PER_SPLIT):
        if len(found) == SAMPLES_PER_SPLIT:
            break
        name = _write_thumbnail(image, folder, f"{split.name}-{len(found):02d}")
        if name is not None:
            found.append(
                Sample(
                    split=split.name,
                    file_name=image.file_name,
                    width=image.width,
                    height=image.height,
                    thumbnail=name,
                    boxes=tuple(_sample_box(box, split.categories) for box in image.boxes),
                )
            )
    return found


def _sample_box(box: Box, categories: dict[int, str]) -> SampleBox:
    name = categories[box.category_id]
    return SampleBox(box_xywh=box.box_xywh, name=name, iscrowd=box.iscrowd, difficult=box.difficult)


def _write_thumbnail(image: Image, folder: Path, stem: str) -> str | None:
    """The name of the written file; None for an image that cannot be shown."""
    if _complaint(image) is not None:
        return None
    with Pillow.open(image.path) as opened:
        picture = opened.convert("RGB")
    suffix = ".png" if max(picture.size) <= _KEPT_WHOLE_PX else ".jpg"
    picture.thumbnail((THUMBNAIL_PX, THUMBNAIL_PX))
    picture.save(folder / f"{stem}{suffix}", quality=85)
    return f"{stem}{suffix}"


def _spread(images: list[Image], count: int) -> list[Image]:
    """At most `count` of them, evenly spread and always the same."""
    if len(images) <= count:
        return images
    return [images[index * len(images) // count] for index in range(count)]
