"""What the API takes and says about models."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from service.checks.states import CheckState
from service.datasets.schemas import Description, ResourceName
from service.jobs.schemas import Reply
from trainer.spec import PublishedName, Reference, Spec
from workers.spec.checks import ModelReport
from workers.spec.jobs import Label


def _is_no_version(alias: str) -> str:
    if alias == "latest" or re.fullmatch(r"v?\d+", alias):
        raise ValueError(f"{alias!r} would be taken for a version; wanted another word, such as production")
    return alias


Alias = Annotated[
    str,
    Field(pattern=r"^[a-z][a-z0-9_-]{0,62}$", examples=["production"]),
    AfterValidator(_is_no_version),
]


class WeightsSource(Spec):
    """Where the weights of a model are: exactly one of these."""

    path: str | None = Field(
        default=None,
        min_length=1,
        max_length=1000,
        description="Safetensors file written by Stillhouse; a relative path starts at the data root.",
        examples=["teachers/digits.safetensors"],
    )
    job: str | None = Field(
        default=None, max_length=64, description="A job that has succeeded: its student.", examples=["job-k3v9x2m7qa"]
    )
    torchvision: PublishedName | None = Field(
        default=None,
        description="A detector that torchvision has trained on COCO, by its weights. The node that checks it fetches "
        "them, or finds them in TORCH_HOME.",
    )

    @model_validator(mode="after")
    def _is_one(self) -> Self:
        given = [name for name in ("path", "job", "torchvision") if getattr(self, name) is not None]
        if len(given) != 1:
            raise ValueError(
                f"exactly one of path, job and torchvision is wanted, found {' and '.join(given) or 'none'}"
            )
        return self


class EvaluateOn(Spec):
    """Images on which the check measures the model's AP."""

    dataset: Reference = Field(examples=["digits@1"])
    max_images: int = Field(default=100, ge=1, le=5000, description="At most so many of its validation images.")


class NewModel(Spec):
    """A teacher or student to register."""

    name: ResourceName
    project: Label = "default"
    description: Description = ""
    weights: WeightsSource
    evaluate_on: EvaluateOn | None = None


class UploadedModel(Spec):
    """What is asked for beside the weights that are uploaded."""

    project: Label = "default"
    description: Description = ""
    evaluate_on: Reference | None = Field(default=None, description="Data set on which the check measures its AP.")
    max_images: int = Field(default=100, ge=1, le=5000, description="At most so many of its validation images.")


class Promotion(Spec):
    """A version that is to have an alias, which an earlier version loses."""

    version: int = Field(ge=1, le=1_000_000)
    alias: Alias = "production"
    note: Description = ""


class StudentPromotion(Spec):
    """The model under whose name a job's student is to have an alias."""

    model: ResourceName | None = Field(
        default=None, description="A new or known model; the one that the student is registered as if none is given."
    )
    alias: Alias = "production"
    note: Description = ""


class Rollback(Spec):
    """An alias that is to go back to the version that had it before."""

    alias: Alias = "production"
    note: Description = ""


class Registration(Reply):
    """How a version stands in MLflow's model registry."""

    state: Literal["none", "pending", "done", "failed"] = Field(
        description="none: it is no student of a job, so that MLflow does not have it."
    )
    note: str = Field(description="Why it is pending or failed, for people.")
    version: str | None = Field(description="Its version in MLflow.")
    url: str | None = Field(description="Path in MLflow's own pages.", examples=["/mlflow/#/models/digits/versions/1"])


class ModelVersion(Reply):
    """One version of a model."""

    version: int
    state: CheckState
    reason: str = Field(description="Why it is in this state, for people; empty where all is well.")
    description: str
    source: WeightsSource | TrialSource | UploadSource = Field(description="Where the weights came from.")
    job_id: str | None = Field(description="The job whose student it is; of a trial's student the sweep.")
    weights: str = Field(
        description="Path of the weights file on the cluster; of torchvision's weights `torchvision:` and their name.",
        examples=["teachers/digits.safetensors", "torchvision:RetinaNet_ResNet50_FPN_V2_Weights.COCO_V1"],
    )
    architecture: str | None
    num_parameters: int | None
    num_classes: int | None
    image_size_px: int | None
    sha256: str | None
    size_bytes: int | None
    metrics: dict[str, float] = Field(
        description="AP in percent: val/ from its training, sample/ from the check.", examples=[{"val/AP": 54.2}]
    )
    aliases: list[str]
    registration: Registration
    created_at: datetime
    created_by: str


class TrialSource(Spec):
    """The student of a sweep's trial."""

    job: str = Field(description="The sweep.", examples=["sweep-k3v9x2m7qa"])
    trial: int = Field(examples=[3])


class UploadSource(Spec):
    """Weights that were uploaded."""

    upload: str = Field(description="SHA-256 of what was uploaded.")


class Model(Reply):
    """A model with one of its versions in full and all of them in short."""

    name: str
    project: str
    aliases: dict[str, int] = Field(description="Alias to version.", examples=[{"production": 3}])
    version: ModelVersion = Field(description="The version that was asked for; the newest by default.")
    report: ModelReport | None = Field(description="What its newest check found; null before the first.")
    versions: list[ModelVersion] = Field(description="All versions, newest first.")


class ModelSummary(Reply):
    """A model as lists show it."""

    name: str
    project: str
    aliases: dict[str, int]
    num_versions: int
    version: ModelVersion = Field(description="The newest.")


class ModelPage(Reply):
    """A page of models, newest first."""

    items: list[ModelSummary]
    next_cursor: str | None = Field(description="Send it as `cursor` for the next page; null at the end.")


class ModelEvent(Reply):
    """Something that was done with a model."""

    id: int
    at: datetime
    actor: str
    action: Literal["registered", "promoted", "rolled back", "demoted", "deleted"]
    alias: str | None
    version: int | None
    previous: int | None = Field(description="The version that had the alias before.")
    note: str


class ModelEventPage(Reply):
    """What was done with a model, oldest first."""

    items: list[ModelEvent]
    next_cursor: str | None = Field(description="Send it as `cursor` for what comes after; null at the end.")


ModelVersion.model_rebuild()
