"""What the API says about where things come from and what came of them."""

from __future__ import annotations

from datetime import datetime

from pydantic import Field

from service.jobs.lifecycle import JobState
from service.jobs.schemas import Reply
from trainer.spec import SplitSpec


class ModelOrigin(Reply):
    """A version of a registered model."""

    name: str
    version: int
    sha256: str | None
    aliases: list[str]


class DataOrigin(Reply):
    """What a job trained on."""

    dataset: str | None = Field(description="Name and version; null where the spec gave paths.", examples=["digits@2"])
    hash: str | None = Field(description="Content hash that was verified when each attempt started.")
    train: SplitSpec | None
    val: SplitSpec | None


class JobOrigin(Reply):
    """The job that made a student."""

    id: str
    name: str
    project: str
    state: JobState
    spec_sha256: str = Field(description="SHA-256 of the spec as it is stored.")
    mlflow_run_id: str | None
    mlflow_url: str | None
    code: str | None = Field(
        description="Version of Stillhouse that trained it, by its MLflow run; null while MLflow does not answer.",
        examples=["0.1.0+g4186f79"],
    )
    ended_at: datetime | None


class Lineage(Reply):
    """Where a detector comes from, up to the first that no job here has made."""

    model: ModelOrigin | None = Field(description="null where it is not registered, or not for you to see.")
    weights: str | None = Field(description="Path of its file, where that is all that is known.")
    job: JobOrigin | None = Field(description="null where it was brought from elsewhere.")
    data: DataOrigin | None
    teacher: Lineage | None = Field(description="null of a baseline.")


class Descendant(Reply):
    """A job that learned from a model or a data set, and its student."""

    job_id: str
    job_name: str
    kind: str
    state: JobState
    input: str = Field(description="What it named.", examples=["digits-teacher@3"])
    students: list[str] = Field(description="The models that its student is a version of.", examples=[["digits@4"]])
    metrics: dict[str, float]


class ModelLineage(Reply):
    """Where a version of a model comes from and what came of it."""

    origin: Lineage
    descendants: list[Descendant] = Field(description="Jobs that had it as their teacher, newest first; at most 200.")


class DatasetLineage(Reply):
    """What came of a data set."""

    descendants: list[Descendant] = Field(description="Jobs that trained on it, newest first; at most 200.")
