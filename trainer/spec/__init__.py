"""What one training is: the schema of data, student, teacher, losses and schedule.

Pydantic only, so that the service, the command line and the web's generated types speak it without
importing torch. AP is given in percent (0 to 100) everywhere in Stillhouse.
"""

from __future__ import annotations

from typing import Literal, Self

from pydantic import Field, ValidationError, model_validator

from trainer.spec.base import Name, Reference, Sha256, Spec
from trainer.spec.changes import Change, require_changeable, require_in_order
from trainer.spec.comparison import (
    BoxSize,
    ComparedDetection,
    ComparedImage,
    ComparedInstance,
    DetectionComparison,
    box_size,
)
from trainer.spec.data import DataSpec, SplitSpec
from trainer.spec.detectors import (
    AtssSpec,
    BackboneSpec,
    DetectorSpec,
    FcosSpec,
    GflSpec,
    PyramidSpec,
    ResNetSpec,
    RetinaNetSpec,
    TorchvisionBackboneSpec,
)
from trainer.spec.distillation import (
    CacheSpec,
    ChannelWise,
    CrossHead,
    DistillationSpec,
    DistillLoss,
    FeatureImitation,
    LocalisationDistillation,
    LossSchedule,
    PearsonImitation,
    PublishedName,
    RankMimicking,
    RegionImitation,
    SoftLabels,
    TeacherSpec,
)
from trainer.spec.optimization import OptimizerSpec

__all__ = [
    "AtssSpec",
    "BackboneSpec",
    "BoxSize",
    "CacheSpec",
    "Change",
    "ChannelWise",
    "ComparedDetection",
    "ComparedImage",
    "ComparedInstance",
    "CrossHead",
    "DataSpec",
    "DetectionComparison",
    "DetectorSpec",
    "DiagnosticsSpec",
    "DistillLoss",
    "DistillationSpec",
    "DistributedSpec",
    "FcosSpec",
    "FeatureImitation",
    "GflSpec",
    "LocalisationDistillation",
    "LossSchedule",
    "Name",
    "OptimizerSpec",
    "PearsonImitation",
    "PublishedName",
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
    "TorchvisionBackboneSpec",
    "TrainingSpec",
    "box_size",
    "require_changeable",
]


# Training


class DistributedSpec(Spec):
    """How many processes share every batch. The result does not depend on it but for rounding, and for BatchNorm's
    statistics, which are each process's own."""

    world_size: int = Field(
        default=1,
        ge=1,
        le=1024,
        description="Processes, each with a GPU of its own where there are GPUs. One machine starts them itself; on "
        "several, torchrun does, or a job with `nodes`.",
    )


class DiagnosticsSpec(Spec):
    """What is measured at each evaluation to see how the student learns; it never changes the training."""

    enabled: bool = True
    num_images: int = Field(
        default=16, ge=1, le=256, description="Validation images on which ranks and maps of both models are compared."
    )


class TrainingSpec(Spec):
    """One training from start to end: with `distillation` a distillation, without it a plain baseline."""

    version: Literal[1] = 1
    seed: int = Field(default=0, ge=0, lt=2**31)
    data: DataSpec
    student: DetectorSpec = RetinaNetSpec()
    distillation: DistillationSpec | None = None
    optimizer: OptimizerSpec = OptimizerSpec()
    num_steps: int = Field(default=800, ge=1, le=10_000_000, description="Optimiser steps.")
    changes: tuple[Change, ...] = Field(
        default=(), max_length=10_000, description="Values that change on the way, by step, such as loss weights."
    )
    batch_size: int = Field(default=16, ge=1, le=4096, description="Images per step.")
    evaluate_every_steps: int = Field(
        default=200, ge=1, description="COCO evaluation after every so many steps, and at the end."
    )
    checkpoint_every_steps: int = Field(default=200, ge=1, description="Resumable checkpoint after so many steps.")
    log_every_steps: int = Field(default=10, ge=1, description="Training metrics are means over so many steps.")
    accumulate: int = Field(
        default=1, ge=1, le=4096, description="Parts in which a batch goes through the models; their gradients add up."
    )
    ema_decay: float | None = Field(
        default=None,
        gt=0,
        lt=1,
        description="Decay of a moving average of the student's weights, which is then evaluated and exported.",
    )
    precision: Literal["float32", "bfloat16", "float16"] = Field(
        default="float32",
        description="bfloat16 and float16 run backbone, neck and head under autocast; losses stay float32. float16 "
        "scales the gradients and needs a GPU.",
    )
    channels_last: bool = Field(default=False, description="Keep maps with channels last in memory: faster on GPUs.")
    compile: bool = Field(
        default=False, description="Compile the models (torch.compile): minutes at the start, faster steps on GPUs."
    )
    preflight: bool = Field(
        default=True, description="Check data, teacher and memory before the first step; refuse what cannot work."
    )
    diagnostics: DiagnosticsSpec = DiagnosticsSpec()
    distributed: DistributedSpec = DistributedSpec()
    device: Literal["auto", "cpu", "cuda"] = Field(default="auto", description="auto takes a GPU when there is one.")
    num_threads: int = Field(default=1, ge=1, le=256, description="CPU threads of the training process.")

    @model_validator(mode="after")
    def _parts_are_equal(self) -> Self:
        if self.batch_size % (self.accumulate * self.distributed.world_size):
            raise ValueError(
                f"batch_size is {self.batch_size}, accumulate {self.accumulate} and distributed.world_size "
                f"{self.distributed.world_size}; wanted parts of equal size for every process"
            )
        return self

    @model_validator(mode="after")
    def _changes_can_be_made(self) -> Self:
        require_in_order(self.changes, num_steps=self.num_steps)
        document = self.model_dump(mode="json", exclude={"changes"}) if self.changes else {}
        for change in self.changes:
            for path in change.values:
                require_changeable(path)
            if "ema_decay" in change.values and self.ema_decay is None:
                raise ValueError("ema_decay cannot change while a training runs that has no moving average")
            change.apply_to(document)
            try:
                TrainingSpec.model_validate(document)
            except ValidationError as error:
                raise ValueError(f"the change at step {change.from_step}: {error.errors()[0]['msg']}") from error
        return self

    def at(self, step: int) -> TrainingSpec:
        """What holds in a step, counted from 0; without changes."""
        if not self.changes:
            return self
        document = self.model_dump(mode="json", exclude={"changes"})
        for change in self.until(step + 1).changes:
            change.apply_to(document)
        return TrainingSpec.model_validate(document)

    def until(self, step: int) -> TrainingSpec:
        """The training with only those changes that come before a step."""
        kept = tuple(change for change in self.changes if change.from_step < step)
        return self.model_copy(update={"changes": kept})
