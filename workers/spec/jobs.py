"""A job: one training wrapped with resources, priority and retries."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from trainer.spec import Spec, TrainingSpec

Label = Annotated[str, Field(min_length=1, max_length=100, pattern=r"^[^\x00-\x1f/]+$")]


class Resources(Spec):
    """What one attempt (of a sweep: one trial) holds while it runs."""

    cpus: float = Field(default=1, ge=0.1, le=1024, description="CPU cores.")
    gpus: float = Field(default=0, ge=0, le=1024, description="GPUs; a fraction shares one.")


class RetrySpec(Spec):
    """How often an attempt that was lost with its machine is tried again."""

    max_attempts: int = Field(default=3, ge=1, le=20)


class Submission(Spec):
    """What jobs and sweeps have in common."""

    version: Literal[1] = 1
    name: Label
    project: Label = "default"
    tags: tuple[Label, ...] = Field(default=(), max_length=20)
    resources: Resources = Resources()
    priority: int = Field(default=0, ge=-100, le=100, description="Higher goes first.")
    retry: RetrySpec = RetrySpec()


class JobSpec(Submission):
    """One training or distillation."""

    kind: Literal["job"] = "job"
    training: TrainingSpec
