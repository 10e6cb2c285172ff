"""Detectors as safetensors files that carry what is needed to build and to judge them."""

from __future__ import annotations

import uuid
from pathlib import Path

import torch
from pydantic import ValidationError
from safetensors import SafetensorError, safe_open
from safetensors.torch import save

from trainer.detectors.build import build_detector
from trainer.detectors.dense import DenseDetector
from trainer.errors import InputError
from trainer.spec import DetectorSpec, Spec, TrainingSpec

FORMAT = "stillhouse-detector-1"


class DetectorCard(Spec):
    """The metadata of a weights file."""

    detector: DetectorSpec
    class_names: tuple[str, ...]
    category_ids: tuple[int, ...]
    image_size_px: int
    short_side_px: int | None = None  # as in DataSpec
    training: TrainingSpec | None = None
    metrics: dict[str, float] = {}


def save_detector(
    path: Path, detector: DenseDetector, card: DetectorCard, *, dtype: torch.dtype = torch.float32
) -> None:
    """Write weights and card to `path`, whole or not at all; floating-point tensors are rounded to `dtype`."""
    tensors = {
        name: (tensor.to(dtype) if tensor.is_floating_point() else tensor).contiguous().cpu()
        for name, tensor in detector.state_dict().items()
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{uuid.uuid4().hex}")
    draft.write_bytes(save(tensors, metadata={"format": FORMAT, "card": card.model_dump_json()}))
    draft.replace(path)


def read_card(path: Path) -> DetectorCard:
    """Read the metadata of a weights file. Raises InputError as `load_detector` does."""
    return _read(path)[0]


def load_detector(path: Path) -> tuple[DenseDetector, DetectorCard]:
    """Build the detector that `path` holds, in float32 on the CPU, in eval mode.

    Raises:
        InputError: the file is missing, is no safetensors file, was not written by Stillhouse, or its tensors
            do not fit its card.
    """
    card, tensors = _read(path)
    state = {name: tensor.float() if tensor.is_floating_point() else tensor for name, tensor in tensors.items()}
    with torch.random.fork_rng(devices=[]):  # the fresh weights are thrown away; nobody's random numbers move
        detector = build_detector(card.detector, num_classes=len(card.class_names), pretrained=False)
    try:
        detector.load_state_dict(state)
    except RuntimeError as error:
        raise InputError(f"the tensors in {path} do not fit the detector its metadata describes: {error}") from error
    return detector.eval(), card


def _read(path: Path) -> tuple[DetectorCard, dict[str, torch.Tensor]]:
    if not path.is_file():
        raise InputError(f"no weights at {path}; wanted a safetensors file written by Stillhouse")
    try:
        with safe_open(path, framework="pt") as file:
            metadata = file.metadata() or {}
            tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
    except (SafetensorError, OSError) as error:
        raise InputError(f"{path} is not a safetensors file ({error})") from error
    if metadata.get("format") != FORMAT:
        raise InputError(f"{path} was not written by Stillhouse: format {metadata.get('format')!r}, wanted {FORMAT!r}")
    try:
        return DetectorCard.model_validate_json(metadata.get("card", "")), tensors
    except ValidationError as error:
        raise InputError(f"the metadata of {path} cannot be read: {error}") from error
