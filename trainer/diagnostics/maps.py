"""Where teacher and student differ on the image: in features and in predictions, as in the paper's figures.

Shapes: N = images, H and W = one pyramid level or the image.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image
from torch import Tensor

from trainer.distill.tensors import squared_gap

_GAP_PX = 2
_MAX_SIDE_PX = 320


def difference_maps(student: Sequence[Tensor], teacher: Sequence[Tensor]) -> list[Tensor]:
    """Per level [N, H, W] float32: the squared difference of [N, channels, H, W], averaged over channels."""
    return [squared_gap(ours.float(), theirs.float()) for ours, theirs in zip(student, teacher, strict=True)]


def map_correlation(features: Sequence[Tensor], predictions: Sequence[Tensor]) -> float | None:
    """Pearson correlation of the two differences over the locations of a level, averaged over the levels.

    None where a difference is the same at all locations of every level.
    """
    found = []
    for feature, prediction in zip(features, predictions, strict=True):
        one, other = (gap.flatten() - gap.mean() for gap in (feature, prediction))
        size = one.norm() * other.norm()
        if size > 0:
            found.append(((one * other).sum() / size).item())
    return sum(found) / len(found) if found else None


def write_maps(
    folder: Path, *, step: int, images: Tensor, features: Sequence[Tensor] | None, predictions: Sequence[Tensor]
) -> list[Path]:
    """Write the maps of some images as `maps-<step>.npz`, in full, and `maps-<step>.png`, to look at.

    The picture has a row for each image: the image, the feature difference and the prediction difference on it, each
    summed over the levels after scaling every level to a maximum of 1.

    Args:
        folder: made where it does not exist.
        step: part of the names.
        images: [N, 3, H, W] uint8.
        features: per level [N, H, W]; None where they cannot be compared.
        predictions: per level [N, H, W].
    """
    folder.mkdir(parents=True, exist_ok=True)
    kinds = {"prediction": predictions} if features is None else {"feature": features, "prediction": predictions}
    arrays = {
        f"{kind}_difference_level{number}": level.cpu().numpy().astype(np.float16)
        for kind, levels in kinds.items()
        for number, level in enumerate(levels)
    }
    tables, picture = folder / f"maps-{step:08d}.npz", folder / f"maps-{step:08d}.png"
    np.savez_compressed(tables, allow_pickle=False, **arrays)
    rows = [_row(images[n], [[level[n] for level in levels] for levels in kinds.values()]) for n in range(len(images))]
    Image.fromarray(_stacked(rows, axis=0)).save(picture, optimize=True)
    return [picture, tables]


def _row(image: Tensor, maps: Sequence[Sequence[Tensor]]) -> NDArray[np.uint8]:
    height, width = image.shape[1:]
    shrink = min(1.0, _MAX_SIDE_PX / max(height, width))
    size = round(height * shrink), round(width * shrink)
    pixels = torch.nn.functional.interpolate(image[None].float().cpu(), size, mode="area")[0]
    shown = [pixels, *(_on_image(pixels, _heat(levels, size)) for levels in maps)]
    return _stacked([part.permute(1, 2, 0).round().byte().numpy() for part in shown], axis=1)


def _heat(levels: Sequence[Tensor], size: tuple[int, int]) -> Tensor:
    """[H, W] in 0..1."""
    total = torch.zeros(size)
    for level in levels:
        scaled = level.float().cpu() / level.max().clamp(min=1e-12).cpu()
        total += torch.nn.functional.interpolate(scaled[None, None], size, mode="nearest")[0, 0]
    return total / total.max().clamp(min=1e-12)


def _on_image(pixels: Tensor, heat: Tensor) -> Tensor:
    """Red where the heat is high, over the darkened image."""
    red = torch.stack([heat * 255, heat * 80, torch.zeros_like(heat)])
    return pixels * 0.5 * (1 - heat) + red * (0.3 + 0.7 * heat)


def _stacked(parts: Sequence[NDArray[np.uint8]], *, axis: int) -> NDArray[np.uint8]:
    gap_shape = list(parts[0].shape)
    gap_shape[axis] = _GAP_PX
    gap = np.full(gap_shape, 255, dtype=np.uint8)
    spaced = [piece for part in parts for piece in (part, gap)][:-1]
    return np.concatenate(spaced, axis=axis)
