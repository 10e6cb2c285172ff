"""Checks of data sets and models: what the reconciler asks of one, and what it reports through storage."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import Field, JsonValue, model_validator

from trainer.spec import PublishedName, Spec, SplitSpec
from workers.spec.layout import read_whole, write_whole

CheckKind = Literal["dataset", "model"]
NODES = "nodes"
"""The target of checks of the cluster's nodes."""
SplitName = Literal["train", "val"]


# Orders


class DatasetOrder(Spec):
    """Check both splits of a data set."""

    kind: Literal["dataset"] = "dataset"
    train: SplitSpec
    val: SplitSpec


class EvaluationSample(Spec):
    """Some images of a validation split, on which a model's AP is estimated."""

    dataset: str = Field(description="Name and version of the data set.", examples=["digits@2"])
    val: SplitSpec
    max_images: int = Field(default=100, ge=1, le=5000)


class ModelOrder(Spec):
    """Check a weights file, or a detector that torchvision publishes: one of them."""

    kind: Literal["model"] = "model"
    weights: str | None = None
    torchvision: PublishedName | None = None
    sample: EvaluationSample | None = None

    @model_validator(mode="after")
    def _is_one(self) -> Self:
        if (self.weights is None) == (self.torchvision is None):
            raise ValueError("wanted either weights or torchvision")
        return self


class NodesOrder(Spec):
    """Look at every node of the cluster."""

    kind: Literal["nodes"] = "nodes"


class CheckOrder(Spec):
    """What the reconciler asks of one try of a check."""

    target: str = Field(description="Id of the version that is checked; nodes for the cluster's.")
    number: int = Field(ge=1)
    data_root: str = Field(description="Folder at which relative paths start.")
    what: Annotated[DatasetOrder | ModelOrder | NodesOrder, Field(discriminator="kind")]


# Reports


class Finding(Spec):
    """Something that is wrong, or that people should know."""

    code: str = Field(description="Kind of finding, stable.", examples=["box_outside"])
    severity: Literal["error", "warning"] = Field(description="A data set or model with an error is refused.")
    split: SplitName | None = Field(default=None, description="null where it is about both splits.")
    count: int = Field(ge=1, description="How often it was found.")
    message: str = Field(
        description="What was found and what was wanted, in words.",
        examples=["2 boxes stick out of their image by more than 2 px or 2% of its side"],
    )
    examples: tuple[str, ...] = Field(default=(), description="The first few places.")


class ClassCount(Spec):
    """How often one class occurs in a split."""

    name: str
    category_id: int
    instances: int = Field(description="Boxes, without crowds and difficult objects.")
    images: int = Field(description="Images with at least one of them.")


class BoxSizes(Spec):
    """Boxes by area, as COCO tells them: small below 32 x 32 px, large from 96 x 96 px on."""

    small: int
    medium: int
    large: int


class ImageSize(Spec):
    width: int
    height: int
    images: int


class SplitReport(Spec):
    """What one split holds."""

    images: int
    instances: int = Field(description="Boxes, without crowds and difficult objects.")
    crowds: int = Field(description="Boxes around crowds; not used in training.")
    difficult: int = Field(default=0, description="Objects that VOC marks as difficult; not used in training.")
    images_without_boxes: int
    box_sizes: BoxSizes
    classes: tuple[ClassCount, ...]
    image_sizes: tuple[ImageSize, ...] = Field(description="The most frequent sizes in pixels, at most 20.")
    num_image_sizes: int
    decoded_images: int = Field(description="Image files that were decoded; the others were only looked for.")
    size_bytes: int = Field(description="Size of all image files.")


class SampleBox(Spec):
    box_xywh: tuple[float, float, float, float] = Field(description="In pixels of the original image.")
    name: str = Field(description="Name of the class.")
    iscrowd: bool
    difficult: bool = Field(default=False, description="Marked so in VOC; not used in training.")


class Sample(Spec):
    """One image with its boxes, to be drawn."""

    split: SplitName
    file_name: str
    width: int = Field(description="Of the original image, to which the boxes belong.")
    height: int
    thumbnail: str = Field(description="Name of the thumbnail's file.", examples=["00.png"])
    boxes: tuple[SampleBox, ...]


class DatasetReport(Spec):
    """What a check found in a data set."""

    kind: Literal["dataset"] = "dataset"
    train: SplitReport | None = Field(description="null where its annotations could not be read.")
    val: SplitReport | None
    findings: tuple[Finding, ...]
    hash: str | None = Field(description="SHA-256 of the content; null where something could not be read.")
    hash_covers: Literal["bytes", "names and sizes"] = Field(
        description="What of the image files is in the hash: bytes up to 1 GiB in all, else names and sizes. "
        "The annotation files are in it byte by byte."
    )


class SampleResult(Spec):
    """The AP of a model on some images; AP is in percent."""

    dataset: str
    images: int
    metrics: dict[str, float] = Field(examples=[{"AP": 80.2, "AP50": 97.1}])


class ModelReport(Spec):
    """What a check found in a weights file, or what torchvision says of a detector that it publishes."""

    kind: Literal["model"] = "model"
    architecture: str = Field(examples=["retinanet with resnet"])
    detector: dict[str, JsonValue] = Field(description="The spec from which the detector is built.")
    class_names: tuple[str, ...]
    image_size_px: int | None
    num_parameters: int
    precision: str = Field(description="Type of most parameters in the file.", examples=["float16"])
    metrics: dict[str, float] = Field(description="What the file says about its own training; AP is in percent.")
    sha256: str | None = Field(description="null where torchvision's weights could not be fetched.")
    size_bytes: int | None
    sample: SampleResult | None = None
    findings: tuple[Finding, ...] = ()


class ClockReading(Spec):
    """A node's clock beside that of the process that looks at all nodes."""

    ahead_s: float = Field(description="Seconds by which it is ahead; negative where it is behind.")
    within_s: float = Field(description="How exact that is.")


class NodeReport(Spec):
    """What a node of the cluster sees and has."""

    id: str = Field(description="Ray's id of the node.")
    name: str = Field(description="Its host name or address.", examples=["10.0.3.17"])
    trouble: str | None = Field(default=None, description="Why it could not be looked at; null where it could.")
    versions: dict[str, str] = Field(default={}, description="Of Python and packages, in the Python of the attempts.")
    storage_trouble: str | None = Field(
        default=None, description="Why it does not share the storage with the others; null where it does."
    )
    data_trouble: str | None = Field(default=None, description="Why it does not see the data root; null where it does.")
    free_bytes: int | None = Field(default=None, description="Free in the storage, as the node sees it.")
    clock: ClockReading | None = None


class NodesReport(Spec):
    """What a check found on the nodes of the cluster."""

    kind: Literal["nodes"] = "nodes"
    began_at: datetime = Field(description="By the clock of the node where the check ran.")
    nodes: tuple[NodeReport, ...]


class CheckReport(Spec):
    """Written once, last, by a check that came to its end."""

    at: datetime
    seconds: float
    refusal: str | None = Field(description="Why the data set or model cannot be used; null where it can.")
    report: Annotated[DatasetReport | ModelReport | NodesReport, Field(discriminator="kind")] | None = Field(
        description="null where nothing could be read at all."
    )
    samples: tuple[Sample, ...] = Field(default=(), description="Of a data set; their thumbnails lie beside.")


class CheckFolder:
    """The folder of one try of a check."""

    def __init__(self, storage_root: Path, target: str, number: int) -> None:
        self.path = storage_root / "checks" / target / str(number)
        self.log = self.path / "log.txt"
        self.order = self.path / "order.json"
        self.report = self.path / "report.json"
        self.samples = self.path / "samples"

    def write_order(self, order: CheckOrder) -> None:
        write_whole(self.order, order)

    def read_order(self) -> CheckOrder | None:
        return read_whole(self.order, CheckOrder)

    def write_report(self, report: CheckReport) -> None:
        write_whole(self.report, report)

    def read_report(self) -> CheckReport | None:
        return read_whole(self.report, CheckReport)
