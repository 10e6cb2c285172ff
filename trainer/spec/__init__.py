"""What one training is: the schema of data, student, teacher, losses and schedule.

Pydantic only, so that the service, the command line and the web's generated types speak it without
importing torch. AP is given in percent (0 to 100) everywhere in Stillhouse.
"""

from __future__ import annotations

from typing import Literal, Self

from pydantic import Field, model_validator

from trainer.spec.base import Name, Reference, Sha256, Spec
from trainer.spec.detectors import DetectorSpec, FcosSpec, PyramidSpec, ResNetSpec, RetinaNetSpec
from trainer.spec.distillation import (
    ChannelWise,
    DistillationSpec,
    DistillLoss,
    FeatureImitation,
    LossSchedule,
    PearsonImitation,
    RankMimicking,
    RegionImitation,
    SoftLabels,
    TeacherSpec,
)

__all__ = [
    "ChannelWise",
    "DataSpec",
    "DetectorSpec",
    "DistillLoss",
    "DistillationSpec",
    "FcosSpec",
    "FeatureImitation",
    "LossSchedule",
    "Name",
    "OptimizerSpec",
    "PearsonImitation",
    "PyramidSpec",
    "RankMimicking",
    "Reference",
    "RegionImitation",
    "ResNetSpec",
    "RetinaNetSpec",
    "Sha256",
    "SoftLabels",
    "Spec",
    "SplitSpec",
    "TeacherSpec",
    "TrainingSpec",
]


# Data


class SplitSpec(Spec):
    """One split of a COCO data set. Relative paths start at the data root of the process that trains."""

    images: str = Field(description="Folder that holds the image files.", examples=["digit-scenes/train"])
    annotations: str = Field(
        description="COCO JSON file with the boxes.", examples=["digit-scenes/annotations/train.json"]
    )


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
    horizontal_flip: float = Field(default=0.0, ge=0, le=1, description="Probability of mirroring an image.")
    num_workers: int = Field(
        default=0, ge=0, le=64, description="Processes that read images; 0 keeps decoded images in memory."
    )

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        missing = [name for name in ("train", "val") if getattr(self, name) is None]
        if len(missing) == 1 or (missing and self.dataset is None):
            raise ValueError(f"{' and '.join(missing)} missing; wanted train and val, or the name of a dataset")
        return self


# Optimisation


class OptimizerSpec(Spec):
    """AdamW with linear warm-up and cosine decay to zero."""

    kind: Literal["adamw"] = "adamw"
    learning_rate: float = Field(default=2e-3, gt=0, le=10)
    weight_decay: float = Field(default=0.01, ge=0, le=1)
    warmup_steps: int = Field(default=50, ge=0, description="Steps of linear warm-up from zero.")
    max_gradient_norm: float = Field(default=10.0, gt=0, description="Gradients are clipped to this L2 norm.")


class TrainingSpec(Spec):
    """One training from start to end: with `distillation` a distillation, without it a plain baseline."""

    version: Literal[1] = 1
    seed: int = Field(default=0, ge=0, lt=2**31)
    data: DataSpec
    student: DetectorSpec = RetinaNetSpec()
    distillation: DistillationSpec | None = None
    optimizer: OptimizerSpec = OptimizerSpec()
    num_steps: int = Field(default=800, ge=1, le=10_000_000, description="Optimiser steps.")
    batch_size: int = Field(default=16, ge=1, le=4096, description="Images per step.")
    evaluate_every_steps: int = Field(
        default=200, ge=1, description="COCO evaluation after every so many steps, and at the end."
    )
    checkpoint_every_steps: int = Field(default=200, ge=1, description="Resumable checkpoint after so many steps.")
    log_every_steps: int = Field(default=10, ge=1, description="Training metrics are means over so many steps.")
    precision: Literal["float32", "bfloat16"] = Field(
        default="float32", description="bfloat16 runs backbone, neck and head under autocast; losses stay float32."
    )
    device: Literal["auto", "cpu", "cuda"] = Field(default="auto", description="auto takes a GPU when there is one.")
    num_threads: int = Field(default=1, ge=1, le=256, description="CPU threads of the training process.")
