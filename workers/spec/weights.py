"""What a weights file says about itself in its header, read without torch and without unpickling anything."""

from __future__ import annotations

import hashlib
import json
import math
from collections import Counter
from pathlib import Path
from typing import Any

from workers.spec.checks import ModelReport

FORMAT = "stillhouse-detector-1"
MAX_HEADER_BYTES = 10 * 2**20
_LENGTH_BYTES = 8
# Kept with the weights and not trained.
_BUFFERS = ("running_mean", "running_var", "num_batches_tracked")
_PRECISIONS = {"F64": "float64", "F32": "float32", "F16": "float16", "BF16": "bfloat16"}


_CHUNK_BYTES = 2**20


def file_sha256(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK_BYTES):
            digest.update(chunk)
    return digest.hexdigest()


class BadWeights(ValueError):
    """A file is not what Stillhouse writes; the message says what was found and what was wanted."""


def read_header(path: Path) -> dict[str, Any]:
    """The header of a safetensors file: tensors by name, and `__metadata__`.

    Raises:
        BadWeights: it is no safetensors file, or not a whole one.
        OSError: it cannot be read.
    """
    size = path.stat().st_size
    with path.open("rb") as file:
        length = int.from_bytes(file.read(_LENGTH_BYTES), "little")
        if size < _LENGTH_BYTES or not 2 <= length <= min(MAX_HEADER_BYTES, size - _LENGTH_BYTES):
            raise BadWeights("the file is not in the safetensors format: its header has no sensible length")
        content = file.read(length)
    try:
        header = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise BadWeights(f"the file is not in the safetensors format: its header is no JSON ({error})") from error
    if not isinstance(header, dict):
        raise BadWeights("the file is not in the safetensors format: its header is no object")
    try:
        tensors = {name: tensor for name, tensor in header.items() if name != "__metadata__"}
        end = max((int(tensor["data_offsets"][1]) for tensor in tensors.values()), default=0)
        shapes_are_sane = all(
            isinstance(tensor["dtype"], str) and all(isinstance(side, int) and side >= 0 for side in tensor["shape"])
            for tensor in tensors.values()
        )
    except (KeyError, TypeError, IndexError, ValueError) as error:
        raise BadWeights("the file is not in the safetensors format: a tensor is not described as it should") from error
    if not shapes_are_sane:
        raise BadWeights("the file is not in the safetensors format: a tensor is not described as it should")
    if end + length + _LENGTH_BYTES != size:
        found = size - length - _LENGTH_BYTES
        raise BadWeights(f"the file is not whole: its tensors need {end} bytes, it has {found}")
    return header


def describe(path: Path, *, sha256: str) -> ModelReport:
    """What a detector's file says of it; whether it loads is not tried.

    Raises:
        BadWeights: the file was not written by Stillhouse.
        OSError: it cannot be read.
    """
    header = read_header(path)
    metadata = header.pop("__metadata__", None) or {}
    if not isinstance(metadata, dict) or metadata.get("format") != FORMAT:
        found = metadata.get("format") if isinstance(metadata, dict) else metadata
        raise BadWeights(f"the file was not written by Stillhouse: its format is {found!r}, wanted {FORMAT!r}")
    sizes: Counter[str] = Counter()
    for name, tensor in header.items():
        if not name.endswith(_BUFFERS):
            sizes[tensor["dtype"]] += math.prod(tensor["shape"])
    try:
        card = json.loads(metadata["card"])
        detector = card["detector"]
        backbone = detector.get("backbone") or {}
        metrics = {key: value for key, value in (card.get("metrics") or {}).items() if value is not None}
        kind = str(detector["kind"])
        precision = sizes.most_common(1)[0][0] if sizes else "none"
        return ModelReport(
            architecture=f"{kind} with {backbone['kind']}" if "kind" in backbone else kind,
            detector=detector,
            class_names=tuple(card["class_names"]),
            image_size_px=card.get("image_size_px"),
            num_parameters=sizes.total(),
            precision=_PRECISIONS.get(precision, precision.lower()),
            metrics=metrics,
            sha256=sha256,
            size_bytes=path.stat().st_size,
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise BadWeights(f"the metadata of the file cannot be read: {error!r}") from error
