"""From images on disk to padded batches, in an order that depends on nothing but the seed and the step.

Shapes: N = images, H and W = padded height and width, G = instances of one image.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
import torch
from PIL import Image, UnidentifiedImageError
from torch import Tensor
from torch.utils.data import DataLoader, Dataset, Sampler

from trainer.data.photometric import distorted
from trainer.data.split import ImageRecord, Split
from trainer.errors import InputError

PADDING_COLOUR = (124, 116, 104)
"""ImageNet's mean colour, so that padding is about 0 once a detector has normalised its input."""


@dataclass(frozen=True)
class Target:
    """The instances of one image, in the pixels of the batch; without crowds and difficult ones."""

    boxes_xyxy: Tensor  # [G, 4] float32
    labels: Tensor  # [G] int64, class indices


@dataclass(frozen=True)
class Sample:
    """One image, resized, with its target."""

    image: Tensor  # [3, H, W] uint8
    target: Target
    image_id: int
    scale: float  # pixels here per pixel of the original


@dataclass(frozen=True)
class Batch:
    """Images of one step, padded at the right and at the bottom to a common size."""

    images: Tensor  # [N, 3, H, W] uint8
    sizes: tuple[tuple[int, int], ...]  # height and width of each image before padding
    targets: tuple[Target, ...]
    image_ids: tuple[int, ...]
    scales: tuple[float, ...]
    digests: tuple[bytes, ...] | None = None  # as `digest_of` gives them; None where nobody asked for them

    def to(self, device: torch.device) -> Batch:
        """The same batch on another device."""
        if self.images.device == device:
            return self
        targets = tuple(Target(t.boxes_xyxy.to(device), t.labels.to(device)) for t in self.targets)
        return replace(self, images=self.images.to(device, non_blocking=True), targets=targets)

    def split(self, num_parts: int) -> list[Batch]:
        """The batch in parts of equal size, which its number of images must be a multiple of; padded as before."""
        if num_parts == 1:
            return [self]
        length, rest = divmod(len(self.targets), num_parts)
        assert rest == 0, f"{len(self.targets)} images do not make {num_parts} parts"
        return [self._part(slice(start, start + length)) for start in range(0, len(self.targets), length)]

    def first(self, num_images: int) -> Batch:
        """The first images alone, padded as before."""
        return self._part(slice(num_images))

    def _part(self, part: slice) -> Batch:
        return replace(self, **{name: value[part] for name, value in vars(self).items() if value is not None})


def load_sample(
    record: ImageRecord, *, image_size_px: int, short_side_px: int | None = None, factor: float = 1.0
) -> Sample:
    """Read one image and resize it as `resize` does.

    Raises:
        InputError: the file is no image, or its size is not the one that the annotations give.
    """
    try:
        with Image.open(record.path) as opened:
            image = opened.convert("RGB")
    except (OSError, UnidentifiedImageError, Image.DecompressionBombError) as error:
        raise InputError(f"cannot read the image {record.path}: {error}") from error
    if image.size != (record.width, record.height):
        raise InputError(
            f"{record.path} is {image.width}x{image.height} px, its annotations say {record.width}x{record.height}"
        )
    pixels, scale = resize(image, image_size_px, short_side_px=short_side_px, factor=factor)
    kept = [instance for instance in record.instances if instance.is_learned]
    boxes = torch.tensor([instance.box_xyxy for instance in kept], dtype=torch.float32).reshape(-1, 4) * scale
    labels = torch.tensor([instance.class_index for instance in kept], dtype=torch.int64)
    return Sample(pixels, Target(boxes, labels), record.id, scale)


def resize(
    image: Image.Image, image_size_px: int, *, short_side_px: int | None = None, factor: float = 1.0
) -> tuple[Tensor, float]:
    """Resize an RGB image, which keeps its shape; returns [3, H, W] uint8 and the scale.

    Args:
        image: any size.
        image_size_px: longer side.
        short_side_px: the shorter side, where that makes the longer one no longer than `image_size_px`.
        factor: by which the result is smaller or larger than that.
    """
    scale = image_size_px / max(image.size)
    if short_side_px is not None:
        scale = min(scale, short_side_px / min(image.size))
    scale *= factor
    if scale != 1:
        width, height = (max(1, round(side * scale)) for side in image.size)
        image = image.resize((width, height), Image.Resampling.BILINEAR)
    return torch.from_numpy(np.array(image)).permute(2, 0, 1).contiguous(), scale


def digest_of(image: Tensor, target: Target) -> bytes:
    """Hash of the very pixels of an image [3, H, W], with its padding, and of its instances."""
    digest = hashlib.blake2b(str(tuple(image.shape)).encode(), digest_size=20)
    for tensor in (image, target.boxes_xyxy, target.labels):
        digest.update(tensor.cpu().contiguous().numpy().data)
    return digest.digest()


def collate(samples: Sequence[Sample], *, size_divisor: int, with_digests: bool = False) -> Batch:
    """Pad the samples to a common size whose sides are multiples of `size_divisor`."""
    sizes = tuple((sample.image.shape[1], sample.image.shape[2]) for sample in samples)
    height, width = (-(-max(side) // size_divisor) * size_divisor for side in zip(*sizes, strict=True))
    colour = torch.tensor(PADDING_COLOUR, dtype=torch.uint8).view(1, 3, 1, 1)
    images = colour.repeat(len(samples), 1, height, width)
    for image, sample, (sample_height, sample_width) in zip(images, samples, sizes, strict=True):
        image[:, :sample_height, :sample_width] = sample.image
    digests = [digest_of(image, sample.target) for image, sample in zip(images, samples, strict=True) if with_digests]
    return Batch(
        images=images,
        sizes=sizes,
        targets=tuple(sample.target for sample in samples),
        image_ids=tuple(sample.image_id for sample in samples),
        scales=tuple(sample.scale for sample in samples),
        digests=tuple(digests) if with_digests else None,
    )


def flipped(sample: Sample) -> Sample:
    """The sample mirrored left to right."""
    width = sample.image.shape[2]
    left, top, right, bottom = sample.target.boxes_xyxy.unbind(1)
    boxes = torch.stack([width - right, top, width - left, bottom], dim=1)
    return Sample(sample.image.flip(2), Target(boxes, sample.target.labels), sample.image_id, sample.scale)


class SampleStore:
    """Samples of a split by index; decoded images stay in memory when `keep` is set."""

    def __init__(self, split: Split, *, image_size_px: int, keep: bool, short_side_px: int | None = None) -> None:
        self._records = split.images
        self._image_size_px = image_size_px
        self._short_side_px = short_side_px
        self._kept: dict[int, Sample] | None = {} if keep else None

    def __len__(self) -> int:
        return len(self._records)

    def __getitem__(self, index: int) -> Sample:
        if self._kept is None:
            return self.at_scale(index, 1.0)
        if index not in self._kept:
            self._kept[index] = self.at_scale(index, 1.0)
        return self._kept[index]

    def at_scale(self, index: int, factor: float) -> Sample:
        """A sample read anew, smaller or larger than usual by a factor."""
        return load_sample(
            self._records[index],
            image_size_px=self._image_size_px,
            short_side_px=self._short_side_px,
            factor=factor,
        )


class TrainingStream(Dataset[Sample]):
    """The endless sequence of training samples: permutation after permutation of the data set.

    What stands at a position depends on the seed and the position alone, so that a training that resumes at any
    step, with any number of workers, sees what it would have seen.
    """

    def __init__(
        self,
        store: SampleStore,
        *,
        seed: int,
        horizontal_flip: float,
        scale_range: tuple[float, float] = (1.0, 1.0),
        photometric: float = 0.0,
    ) -> None:
        """`horizontal_flip` and `photometric` are probabilities; factors of size are drawn from `scale_range`."""
        self._store = store
        self._seed = seed
        self._horizontal_flip = horizontal_flip
        self._scale_range = scale_range
        self._photometric = photometric
        self._order: tuple[int, np.ndarray] | None = None

    def __getitem__(self, position: int) -> Sample:
        epoch, offset = divmod(position, len(self._store))
        if self._order is None or self._order[0] != epoch:
            self._order = epoch, np.random.default_rng([self._seed, 0, epoch]).permutation(len(self._store))
        sample = self._drawn(int(self._order[1][offset]), position)
        if self._horizontal_flip and self._random(1, position).random() < self._horizontal_flip:
            sample = flipped(sample)
        if self._photometric:
            random = self._random(3, position)
            if random.random() < self._photometric:
                sample = replace(sample, image=distorted(sample.image, random))
        return sample

    def _drawn(self, index: int, position: int) -> Sample:
        low, high = self._scale_range
        if low == high == 1:
            return self._store[index]
        return self._store.at_scale(index, float(self._random(2, position).uniform(low, high)))

    def _random(self, purpose: int, position: int) -> np.random.Generator:
        """Random numbers that depend on nothing but the seed, what they are for, and the position."""
        return np.random.default_rng([self._seed, purpose, position])


def training_batches(
    stream: TrainingStream,
    *,
    steps: range,
    batch_size: int,
    size_divisor: int,
    num_workers: int,
    share: tuple[int, int] = (0, 1),
    with_digests: bool = False,
) -> Iterator[Batch]:
    """Yield the batch of each step in `steps`; step s holds positions s * batch_size and on.

    With `share` (r, W) only the r-th of W equal runs of each batch. Digests are made where the images are loaded.
    """
    rank, world_size = share
    length = batch_size // world_size
    positions = _Runs(
        range(steps.start * batch_size + rank * length, steps.stop * batch_size), length, every=batch_size
    )
    return iter(_loader(stream, positions, num_workers, _Collate(size_divisor, with_digests)))


def evaluation_batches(store: SampleStore, *, batch_size: int, size_divisor: int, num_workers: int) -> Iterator[Batch]:
    """Yield all samples once, in order."""
    indices = _Runs(range(len(store)), batch_size)
    return iter(_loader(_Stored(store), indices, num_workers, _Collate(size_divisor)))


class _Runs(Sampler[list[int]]):
    """Consecutive indices, `length` at a time, made as they are asked for; a run starts `every` so many indices."""

    def __init__(self, indices: range, length: int, *, every: int | None = None) -> None:
        self._indices = indices
        self._length = length
        self._every = every or length

    def __iter__(self) -> Iterator[list[int]]:
        for start in range(0, len(self._indices), self._every):
            yield list(self._indices[start : start + self._length])

    def __len__(self) -> int:
        return -(-len(self._indices) // self._every)


class _Stored(Dataset[Sample]):
    def __init__(self, store: SampleStore) -> None:
        self._store = store

    def __getitem__(self, index: int) -> Sample:
        return self._store[index]


def _loader(samples: Dataset[Sample], batches: _Runs, num_workers: int, collated: _Collate) -> DataLoader[Sample]:
    # A generator of its own: without one, the loader would draw from the global random state.
    return DataLoader(
        samples,
        batch_sampler=batches,
        num_workers=num_workers,
        collate_fn=collated,
        generator=torch.Generator().manual_seed(0),
    )


@dataclass(frozen=True)
class _Collate:
    """A function that worker processes can unpickle."""

    size_divisor: int
    with_digests: bool = False

    def __call__(self, samples: Sequence[Sample]) -> Batch:
        return collate(samples, size_divisor=self.size_divisor, with_digests=self.with_digests)
