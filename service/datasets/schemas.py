"""What the API takes and says about data sets."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from pydantic import Field

from service.checks.states import CheckState
from service.jobs.schemas import Reply
from trainer.spec import Spec, SplitSpec
from workers.spec.checks import DatasetReport, SampleBox, SplitName
from workers.spec.jobs import Label

ResourceName = Annotated[
    str,
    Field(
        pattern=r"^[a-z0-9][a-z0-9._-]{0,63}$",
        description="Small letters, digits, dots, hyphens and underscores.",
        examples=["digits"],
    ),
]
Description = Annotated[str, Field(max_length=2000, pattern=r"^[^\x00-\x08\x0b-\x1f]*$")]


class NewDataset(Spec):
    """A data set to register: both splits, in COCO's or PASCAL VOC's format, at paths that the cluster's nodes see."""

    name: ResourceName
    project: Label = "default"
    description: Description = ""
    train: SplitSpec
    val: SplitSpec


class DatasetVersion(Reply):
    """A version of a data set, in short."""

    version: int
    state: CheckState
    reason: str
    hash: str | None
    created_at: datetime
    created_by: str


class Dataset(Reply):
    """One version of a data set with what its check found."""

    name: str = Field(examples=["digits"])
    project: str
    version: int = Field(examples=[2])
    state: CheckState = Field(description="Jobs may name it once it is ready.")
    reason: str = Field(
        description="Why it is in this state, for people; empty where all is well.",
        examples=["training: 3 image files missing (for example 00017.png)"],
    )
    description: str
    train: SplitSpec
    val: SplitSpec
    hash: str | None = Field(description="SHA-256 of its content; null until it is ready.")
    report: DatasetReport | None = Field(description="What the newest check found; null before the first.")
    num_samples: int = Field(description="Sample images that can be looked at.")
    created_at: datetime
    created_by: str
    checked_at: datetime | None
    versions: list[DatasetVersion] = Field(description="All versions, newest first.")


class DatasetSummary(Reply):
    """The newest version of a data set, as lists show it."""

    name: str
    project: str
    version: int
    state: CheckState
    reason: str
    description: str
    num_classes: int | None = Field(description="null until a check has read the annotations.")
    num_train_images: int | None
    num_val_images: int | None
    num_instances: int | None
    created_at: datetime


class DatasetPage(Reply):
    """A page of data sets, newest first."""

    items: list[DatasetSummary]
    next_cursor: str | None = Field(description="Send it as `cursor` for the next page; null at the end.")


class DatasetSample(Reply):
    """One image of a data set with its boxes."""

    index: int
    split: SplitName
    file_name: str
    width: int = Field(description="Of the original image, to which the boxes belong; the thumbnail may be smaller.")
    height: int
    image_url: str = Field(description="Path of the thumbnail.", examples=["/api/v1/datasets/digits/samples/0/image"])
    boxes: list[SampleBox]


class DatasetSamples(Reply):
    items: list[DatasetSample]
