"""The schema of data sets and of what is done to their images. Pydantic only."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from trainer.spec.base import Reference, Sha256, Spec

Scale = Annotated[float, Field(ge=0.1, le=4)]


class SplitSpec(Spec):
    """One split of a COCO or PASCAL VOC data set. Relative paths start at the data root of the process that trains."""

    images: str = Field(description="Folder that holds the image files.", examples=["digit-scenes/train"])
    annotations: str = Field(
        description="COCO JSON file with the boxes; of a VOC data set the folder with its XML files.",
        examples=["digit-scenes/annotations/train.json"],
    )
    format: Literal["coco", "voc"] = Field(default="coco", description="How the boxes are written down.")
    image_list: str | None = Field(
        default=None,
        description="VOC: text file with the names of the split's images, one a line; by default all XML files.",
        examples=["VOC2007/ImageSets/Main/trainval.txt"],
    )
    classes: tuple[Annotated[str, Field(min_length=1, max_length=200)], ...] | None = Field(
        default=None, description="VOC: class names in order; by default those that occur, in alphabetical order."
    )

    @model_validator(mode="after")
    def _fields_fit_the_format(self) -> Self:
        given = [name for name in ("image_list", "classes") if getattr(self, name) is not None]
        if self.format == "coco" and given:
            raise ValueError(f"a COCO file lists its images and classes itself; wanted no {' and no '.join(given)}")
        return self


class DataSpec(Spec):
    """Where the training and validation images are, and what is done to them on the way in.

    Either `train` and `val`, or the name of a registered `dataset`: at submit the service fills in the rest.
    """

    train: SplitSpec | None = None
    val: SplitSpec | None = None
    dataset: Reference | None = Field(
        default=None,
        description="A registered data set, with or without its version; stored with the version that was found.",
        examples=["digits@2"],
    )
    hash: Sha256 | None = Field(
        default=None, description="Content hash that the data must have when an attempt starts; set from `dataset`."
    )
    image_size_px: int = Field(
        default=96,
        ge=32,
        le=2048,
        description="Longer side after resizing; images keep their shape and are padded to a common multiple.",
    )
    short_side_px: int | None = Field(
        default=None,
        ge=32,
        le=2048,
        description="Shorter side after resizing, unless the longer one would exceed image_size_px; by default only "
        "the longer side counts. COCO's usual sizes are 800 and 1333.",
    )
    horizontal_flip: float = Field(default=0.0, ge=0, le=1, description="Probability of mirroring an image.")
    scale_range: tuple[Scale, Scale] = Field(
        default=(1.0, 1.0), description="Training images are resized by a factor drawn from here on top (multi-scale)."
    )
    photometric: float = Field(
        default=0.0, ge=0, le=1, description="Probability of changing brightness, contrast, saturation and hue."
    )
    num_workers: int = Field(
        default=0, ge=0, le=64, description="Processes that read images; 0 keeps decoded images in memory."
    )

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        missing = [name for name in ("train", "val") if getattr(self, name) is None]
        if len(missing) == 1 or (missing and self.dataset is None):
            raise ValueError(f"{' and '.join(missing)} missing; wanted train and val, or the name of a dataset")
        if self.scale_range[0] > self.scale_range[1]:
            raise ValueError(f"scale_range is {self.scale_range}; wanted the smaller factor first")
        return self

    @property
    def draws_anew(self) -> bool:
        """Whether a training image looks otherwise in each epoch, but for being mirrored."""
        return self.scale_range != (1.0, 1.0) or self.photometric > 0
