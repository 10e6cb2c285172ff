"""The content hash of a data set, by which a version is known and a job makes sure that it trains on that version."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Literal

from trainer.data.voc import file_name_of, parse_xml, xml_files
from trainer.errors import InputError
from trainer.spec import DataSpec, SplitSpec, TrainingSpec
from workers.checks.files import in_threads
from workers.checks.voc import voc_content
from workers.spec.weights import file_sha256

HASH_BYTES_UP_TO = 2**30
"""Image files together of at most so many bytes are hashed byte by byte; of more, only names and sizes are."""

Covers = Literal["bytes", "names and sizes"]


def covers(total_bytes: int) -> Covers:
    return "bytes" if total_bytes <= HASH_BYTES_UP_TO else "names and sizes"


def content_hash(annotations: Sequence[bytes], files: Sequence[Sequence[tuple[str, int, Path]]]) -> str:
    """Hash a data set: for each split the bytes of its annotations and its files as (name, size in bytes, path).

    Folders are not part of it: the same content at another place has the same hash.

    Raises:
        OSError: a file cannot be read.
    """
    whole = covers(sum(size for split in files for _, size, _ in split)) == "bytes"
    digest = hashlib.sha256(b"stillhouse data set 1")
    for content, split in zip(annotations, files, strict=True):
        digest.update(hashlib.sha256(content).digest())
        ordered = sorted(split)
        marks = in_threads(file_sha256, [path for _, _, path in ordered]) if whole else [str(s) for _, s, _ in ordered]
        for (name, _, _), mark in zip(ordered, marks, strict=True):
            digest.update(f"{name}\x00{mark}\x00".encode())
    return digest.hexdigest()


def verify_pins(training: TrainingSpec, *, data_root: Path, elsewhere: Mapping[str, Path] | None = None) -> None:
    """Make sure that data and teacher are still those that were checked and named at submit.

    `elsewhere` says where files are that are not below the data root.

    Raises:
        InputError: they are not, or cannot be read.
    """
    if training.data.hash is not None:
        found = _hash_of(training.data, data_root)
        if found != training.data.hash:
            raise InputError(
                f"the data set {training.data.dataset or ''} has changed since it was checked: its content hash is "
                f"{found[:12]}, wanted {training.data.hash[:12]}; register it again and submit with the new version"
            )
    teacher = training.distillation.teacher if training.distillation is not None else None
    if teacher is not None and teacher.sha256 is not None and teacher.weights is not None:
        path = (elsewhere or {}).get(teacher.weights, data_root / teacher.weights)
        try:
            found = file_sha256(path)
        except OSError as error:
            raise InputError(f"cannot read the teacher's weights {path}: {error.strerror or error}") from error
        if found != teacher.sha256:
            raise InputError(
                f"the weights of the teacher {teacher.model or ''} at {path} have changed since they were checked: "
                f"their SHA-256 is {found[:12]}, wanted {teacher.sha256[:12]}; register them again"
            )


def _hash_of(data: DataSpec, data_root: Path) -> str:
    contents, files = [], []
    for split in (data.train, data.val):
        if split is None:
            raise InputError(f"the data set {data.dataset!r} was not looked up; wanted train and val")
        path, folder = data_root / split.annotations, data_root / split.images
        try:
            content, names = _ANNOTATIONS[split.format](split, data_root)
            sizes = in_threads(lambda name, folder=folder: (folder / name).stat().st_size, names)  # type: ignore[misc]
        except OSError as error:
            where = error.filename or path
            raise InputError(f"cannot read {where} of the data set: {error.strerror or error}") from error
        except (ValueError, KeyError, TypeError) as error:
            raise InputError(f"{path} is not what was checked: {error}") from error
        contents.append(content)
        files.append([(name, size, folder / name) for name, size in zip(names, sizes, strict=True)])
    try:
        return content_hash(contents, files)
    except OSError as error:
        raise InputError(f"cannot read {error.filename} of the data set: {error.strerror or error}") from error


def _coco_annotations(split: SplitSpec, data_root: Path) -> tuple[bytes, list[str]]:
    content = (data_root / split.annotations).read_bytes()
    return content, sorted({str(image["file_name"]) for image in json.loads(content)["images"]})


def _voc_annotations(split: SplitSpec, data_root: Path) -> tuple[bytes, list[str]]:
    paths = xml_files(data_root / split.annotations, split, data_root)
    contents = in_threads(Path.read_bytes, paths)
    names = {file_name_of(parse_xml(path, content), path) for path, content in zip(paths, contents, strict=True)}
    return voc_content(split, paths, contents), sorted(names)


_ANNOTATIONS: dict[str, Callable[[SplitSpec, Path], tuple[bytes, list[str]]]] = {
    "coco": _coco_annotations,
    "voc": _voc_annotations,
}
"""By format: what stands for a split's annotations in the hash, and the names of its images."""
