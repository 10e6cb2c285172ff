"""The schema of the teacher and of the losses by which a student learns from it. Pydantic only."""

from __future__ import annotations

import math
from collections import Counter
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from trainer.spec.base import Name, Reference, Sha256, Spec

Weight = Annotated[float, Field(ge=0, le=1e6)]


class LossSchedule(Spec):
    """What all distillation losses have in common: a name, a weight, and the steps in which the weight counts."""

    name: Name
    weight: Weight = 1.0
    ramp: Literal["none", "linear", "cosine"] = Field(
        default="none", description="How the weight grows from 0 over `ramp_steps`; none starts with all of it."
    )
    ramp_steps: int = Field(default=0, ge=0, description="Steps after `start_step` until the whole weight counts.")
    start_step: int = Field(default=0, ge=0, description="First step of the loss; it is not computed before.")
    stop_step: int | None = Field(
        default=None, ge=1, description="First step without the loss again; none keeps it to the end."
    )

    @model_validator(mode="after")
    def _steps_are_ordered(self) -> Self:
        if self.stop_step is not None and self.stop_step <= self.start_step:
            raise ValueError(f"stop_step is {self.stop_step}, wanted one after start_step, which is {self.start_step}")
        return self

    def weight_at(self, step: int) -> float:
        """The weight in a step, counted from 0; 0 before `start_step` and from `stop_step` on."""
        if step < self.start_step or (self.stop_step is not None and step >= self.stop_step):
            return 0.0
        if self.ramp == "none" or step - self.start_step >= self.ramp_steps:
            return self.weight
        share = (step - self.start_step + 1) / (self.ramp_steps + 1)
        return self.weight * (share if self.ramp == "linear" else 0.5 * (1 - math.cos(math.pi * share)))


class RankMimicking(LossSchedule):
    """Rank mimicking (RM): the student orders each object's candidates as the teacher does."""

    kind: Literal["rank_mimicking"] = "rank_mimicking"
    name: Name = "rank_mimicking"
    weight: Weight = Field(default=4.0, description="alpha of the paper, whose value is 4.")
    rank_by: Literal["class", "localisation", "both"] = Field(
        default="class",
        description="Order candidates by the score of the object's class, by the IoU of their boxes with the object's "
        "box, or by each of both (the sum of two terms, the paper's best).",
    )
    temperature: float = Field(default=1.0, gt=0, le=1000, description="tau: below 1 sharpens the ranking.")
    space: Literal["scores", "logits"] = Field(
        default="scores", description="Rank classes by probabilities as the paper does, or by raw logits."
    )


class FeatureImitation(LossSchedule):
    """Prediction-guided feature imitation (PFI): imitate features where the predictions differ."""

    kind: Literal["feature_imitation"] = "feature_imitation"
    name: Name = "feature_imitation"
    weight: Weight = Field(default=1.5, description="beta of the paper, whose value is 1.5.")
    space: Literal["scores", "logits"] = Field(
        default="scores", description="Compare predictions as probabilities or as logits."
    )
    reduction: Literal["mean", "l2"] = Field(
        default="mean", description="Mean over the map, or the L2 norm over the map divided by its area."
    )
    detach_weight: bool = Field(default=False, description="Let no gradient flow through the prediction difference.")
    normalize: bool = Field(default=False, description="Divide the prediction difference by its mean over each level.")


class SoftLabels(LossSchedule):
    """Soft labels (Hinton et al., 2015): the teacher's class probabilities as targets of each candidate."""

    kind: Literal["soft_labels"] = "soft_labels"
    name: Name = "soft_labels"
    weight: Weight = 0.25
    candidates: Literal["positives", "all"] = Field(
        default="positives", description="Distil at the positive priors, or at all priors that are not ignored."
    )
    temperature: float = Field(default=1.0, gt=0, le=1000, description="Above 1 softens both distributions.")


class RegionImitation(LossSchedule):
    """Feature imitation within a region that is chosen by hand, as the paper compares with."""

    kind: Literal["region_imitation"] = "region_imitation"
    name: Name = "region_imitation"
    region: Literal["whole", "positives", "negatives", "boxes"] = Field(
        default="whole",
        description="The whole map; locations with a positive prior; locations without one; inside ground-truth boxes.",
    )


class PearsonImitation(LossSchedule):
    """PKD (Cao et al., 2022): features are imitated up to the scale and the mean of each channel."""

    kind: Literal["pearson_imitation"] = "pearson_imitation"
    name: Name = "pearson_imitation"


class ChannelWise(LossSchedule):
    """CWD (Shu et al., 2021): each channel's distribution over the map is imitated."""

    kind: Literal["channel_wise"] = "channel_wise"
    name: Name = "channel_wise"
    temperature: float = Field(default=1.0, gt=0, le=1000, description="Above 1 softens the distributions.")


class CrossHead(LossSchedule):
    """CrossKD (Wang et al., 2024): the student's class features go through the teacher's last layers and are taught
    there, so that its own class branch follows the labels alone."""

    kind: Literal["cross_head"] = "cross_head"
    name: Name = "cross_head"
    num_teacher_convs: int = Field(
        default=1, ge=0, le=16, description="Convolutions of the teacher's class branch before its predicting one."
    )
    beta: float = Field(
        default=1.0, ge=0, le=10, description="How much less the places count where both agree; the paper's is 1."
    )


class LocalisationDistillation(LossSchedule):
    """LD (Zheng et al., 2022), for two GFL detectors: the distributions of the box edges at the positive priors."""

    kind: Literal["localisation_distillation"] = "localisation_distillation"
    name: Name = "localisation_distillation"
    weight: Weight = 0.25
    temperature: float = Field(default=10.0, gt=0, le=1000, description="Softens the distributions; the paper's is 10.")


DistillLoss = Annotated[
    RankMimicking
    | FeatureImitation
    | SoftLabels
    | RegionImitation
    | PearsonImitation
    | ChannelWise
    | CrossHead
    | LocalisationDistillation,
    Field(discriminator="kind"),
]


PublishedName = Literal[
    "RetinaNet_ResNet50_FPN_Weights.COCO_V1",
    "RetinaNet_ResNet50_FPN_V2_Weights.COCO_V1",
    "FCOS_ResNet50_FPN_Weights.COCO_V1",
]


class TeacherSpec(Spec):
    """A frozen detector. Its file carries its architecture and class names in its metadata.

    Either `weights`, or the name of a registered `model`, for which the service fills in the rest at submit, or one of
    torchvision's published COCO detectors.
    """

    weights: str | None = Field(
        default=None,
        description="Safetensors file written by Stillhouse; relative paths start at the data root.",
        examples=["teachers/digits.safetensors"],
    )
    model: Reference | None = Field(
        default=None,
        description="A registered model, with or without version or alias; stored with the version that was found.",
        examples=["digits-teacher@1"],
    )
    sha256: Sha256 | None = Field(
        default=None, description="Hash that the weights must have when an attempt starts; set from `model`."
    )

    torchvision: PublishedName | None = Field(
        default=None,
        description="A detector that torchvision has trained on COCO, by its weights; classes are matched by name.",
        examples=["RetinaNet_ResNet50_FPN_Weights.COCO_V1"],
    )

    @model_validator(mode="after")
    def _is_somewhere(self) -> Self:
        if self.torchvision is not None and self.weights is not None:
            raise ValueError("torchvision names a teacher, and weights another; wanted one of them")
        if self.weights is None and self.model is None and self.torchvision is None:
            raise ValueError(
                "weights missing; wanted the path of a weights file, the name of a model, or a detector of torchvision"
            )
        return self


class CacheSpec(Spec):
    """Teacher outputs that are computed once for each image and shared by epochs, jobs and trials."""

    max_gb: float = Field(
        default=4.0, gt=0, le=1e5, description="Disk budget of all cached outputs; what does not fit is not cached."
    )
    storage: Literal["exact", "float16"] = Field(
        default="exact", description="float16 takes half the disk, and the result is no longer the same to the bit."
    )


class DistillationSpec(Spec):
    """The teacher and the losses by which the student learns from it, added to the detector's own loss."""

    teacher: TeacherSpec
    losses: tuple[DistillLoss, ...] = Field(default=(RankMimicking(), FeatureImitation()), min_length=1)

    cache: CacheSpec | None = Field(
        default=None, description="Keep teacher outputs on disk; worth it where images are padded to one size."
    )

    @model_validator(mode="after")
    def _names_are_unique(self) -> Self:
        twice = sorted(name for name, count in Counter(loss.name for loss in self.losses).items() if count > 1)
        if twice:
            raise ValueError(f"loss names must be unique, found more than once: {', '.join(twice)}")
        return self
