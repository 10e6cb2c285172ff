"""A checked split of a data set, whatever format it was read from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from trainer.errors import InputError

MAX_OVERHANG_PX = 2.0
MAX_OVERHANG_SHARE = 0.02


@dataclass(frozen=True)
class Instance:
    """One ground-truth object; the box lies inside the image and has an area."""

    box_xyxy: tuple[float, float, float, float]
    class_index: int
    iscrowd: bool
    area_px2: float  # of the object where the data set knows it, else of the box
    difficult: bool = False  # VOC: too hard to count

    @property
    def is_learned(self) -> bool:
        """Crowds and difficult objects are neither learned nor missed."""
        return not (self.iscrowd or self.difficult)


@dataclass(frozen=True)
class ImageRecord:
    """One image of a split, with its instances."""

    id: int
    path: Path
    width: int
    height: int
    instances: tuple[Instance, ...]


@dataclass(frozen=True)
class Split:
    """A checked split. Classes are numbered 0..K-1 in the order of their category ids."""

    annotations: Path  # file or folder
    images: tuple[ImageRecord, ...]
    class_names: tuple[str, ...]
    category_ids: tuple[int, ...]
    is_voc: bool = False  # judged by VOC's rules, too

    @property
    def num_instances(self) -> int:
        """Instances that are neither crowds nor difficult."""
        return sum(instance.is_learned for image in self.images for instance in image.instances)


def require_same_classes(train: Split, val: Split) -> None:
    """Raises InputError when the two splits do not have the same classes under the same category ids."""
    pairs_train = dict(zip(train.category_ids, train.class_names, strict=True))
    pairs_val = dict(zip(val.category_ids, val.class_names, strict=True))
    if pairs_train != pairs_val:
        differing = sorted(set(pairs_train.items()) ^ set(pairs_val.items()))
        raise InputError(
            f"the categories of {train.annotations} ({len(pairs_train)}) and {val.annotations} ({len(pairs_val)}) "
            f"differ, for example in (id, name) {differing[0]}; wanted the same ids and names in both"
        )


def clipped_xyxy(
    low_xy: tuple[float, float], high_xy: tuple[float, float], size: tuple[int, int], *, where: str, image: str
) -> tuple[float, float, float, float] | None:
    """Clip a box to its image of width and height `size`; None where nothing with an area is left.

    Raises:
        InputError: the box sticks out by more than 2 px and 2% of the image's side; `where` and `image` say which.
    """
    clipped: list[float] = []
    for low, high, side in zip(low_xy, high_xy, size, strict=True):
        allowed = max(MAX_OVERHANG_PX, MAX_OVERHANG_SHARE * side)
        if low < -allowed or high > side + allowed:
            raise InputError(
                f"{where} sticks out of its image {image!r} of {size[0]}x{size[1]} px by more than {allowed:g} px"
            )
        clipped += [min(max(low, 0.0), side), min(max(high, 0.0), side)]
    x_low, x_high, y_low, y_high = clipped
    return None if x_high <= x_low or y_high <= y_low else (x_low, y_low, x_high, y_high)


def _leads_out(path: Path, folder: Path) -> bool:
    return not path.is_relative_to(folder) or ".." in path.parts[len(folder.parts) :]


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except OSError:  # no file can have such a name
        return False


def check_files(images: Sequence[ImageRecord], folder: Path, path: Path) -> None:
    """Raises InputError when images of a split are missing or lie elsewhere; `path` is its annotations."""
    if not folder.is_dir():
        raise InputError(f"no folder of images at {folder}; wanted the images that {path.name} lists")
    outside = [image.path for image in images if _leads_out(image.path, folder)]
    if outside:
        raise InputError(
            f"{path} names {len(outside)} images outside of {folder}, the first is {outside[0]}; wanted names of files "
            "in that folder"
        )
    missing = [image.path.name for image in images if not _is_file(image.path)]
    if missing:
        raise InputError(
            f"{len(missing)} of {len(images)} images of {path} are missing in {folder}, the first is {missing[0]}"
        )
