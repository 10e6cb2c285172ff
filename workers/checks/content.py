"""The content hash of a data set, by which a version is known and a job makes sure that it trains on that version."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Literal, TypeVar

from trainer.errors import InputError
from trainer.spec import DataSpec, TrainingSpec
from workers.spec.weights import file_sha256

HASH_BYTES_UP_TO = 2**30
"""Image files together of at most so many bytes are hashed byte by byte; of more, only names and sizes are."""

_THREADS = 8
T = TypeVar("T")
S = TypeVar("S")
Covers = Literal["bytes", "names and sizes"]


def in_threads(function: Callable[[T], S], items: Sequence[T]) -> list[S]:
    """Map over files: shared storage answers slowly, but many questions at a time."""
    with ThreadPoolExecutor(_THREADS) as pool:
        return list(pool.map(function, items))


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


def verify_pins(training: TrainingSpec, *, data_root: Path) -> None:
    """Make sure that data and teacher are still those that were checked and named at submit.

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
        path = data_root / teacher.weights
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
            content = path.read_bytes()
            names = sorted({str(image["file_name"]) for image in json.loads(content)["images"]})
            sizes = in_threads(lambda name, folder=folder: (folder / name).stat().st_size, names)  # type: ignore[misc]
        except OSError as error:
            where = error.filename or path
            raise InputError(f"cannot read {where} of the data set: {error.strerror or error}") from error
        except (ValueError, KeyError, TypeError) as error:
            raise InputError(f"{path} is not the COCO JSON file that was checked: {error}") from error
        contents.append(content)
        files.append([(name, size, folder / name) for name, size in zip(names, sizes, strict=True)])
    try:
        return content_hash(contents, files)
    except OSError as error:
        raise InputError(f"cannot read {error.filename} of the data set: {error.strerror or error}") from error
