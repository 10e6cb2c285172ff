"""A job: one training wrapped with resources, priority and retries."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, field_validator, model_validator

from trainer.spec import Spec, TrainingSpec

Label = Annotated[str, Field(min_length=1, max_length=100, pattern=r"^[^\x00-\x1f/]+$")]


class Resources(Spec):
    """What one attempt (of a sweep: one trial; of a job on several nodes: each node's share) holds while it runs."""

    cpus: float = Field(default=1, ge=0.1, le=1024, description="CPU cores.")
    gpus: float = Field(
        default=0, ge=0, le=1024, description="GPUs: a whole number, or a fraction below 1, which shares one."
    )

    @field_validator("gpus")
    @classmethod
    def _is_whole_above_one(cls, gpus: float) -> float:
        if gpus > 1 and not gpus.is_integer():
            raise ValueError(f"more than one GPU must be a whole number, found {gpus:g}: only below 1 are they shared")
        return gpus


class RetrySpec(Spec):
    """How often and when an attempt that was lost with its machine is tried again.

    What failed by itself (a wrong spec, bad data, too little memory) is not: it would fail again.
    """

    max_attempts: int = Field(default=3, ge=1, le=20)
    backoff_s: float = Field(
        default=2, ge=0, le=3600, description="Pause before the first retry; each further one is twice as long."
    )
    max_backoff_s: float = Field(default=300, ge=0, le=86_400, description="No pause is longer.")

    def pause_s(self, losses: int) -> float:
        """Seconds between the loss of that number, counted from 1, and the next attempt."""
        return float(min(self.max_backoff_s, self.backoff_s * 2.0 ** (losses - 1)))


class Submission(Spec):
    """What jobs and sweeps have in common."""

    version: Literal[1] = 1
    name: Label
    project: Label = "default"
    tags: tuple[Label, ...] = Field(default=(), max_length=20)
    resources: Resources = Resources()
    priority: int = Field(default=0, ge=-100, le=100, description="Higher goes first.")
    retry: RetrySpec = RetrySpec()
    preemptible: bool = Field(
        default=False,
        description="May be paused to make place for a job of higher priority, where the server allows that; it goes "
        "back to the queue and on from its checkpoint by itself.",
    )


class ExportSpec(Spec):
    """What is made of a finished student besides its weights."""

    onnx: bool = Field(
        default=False,
        description="Write the student as ONNX, too; takes from some seconds to a minute at the end of the job.",
    )


class JobSpec(Submission):
    """One training or distillation."""

    kind: Literal["job"] = "job"
    training: TrainingSpec
    export: ExportSpec = ExportSpec()
    nodes: int = Field(
        default=1,
        ge=1,
        le=256,
        description="Nodes that share the training; each holds `resources` and runs an equal part of the processes of "
        "training.distributed.world_size.",
    )

    @property
    def num_shares(self) -> int:
        """How many times it holds `resources` while it runs."""
        return self.nodes

    @model_validator(mode="after")
    def _processes_can_be_spread(self) -> Self:
        processes = self.training.distributed.world_size
        if processes % self.nodes:
            raise ValueError(
                f"nodes is {self.nodes} and training.distributed.world_size {processes}; wanted as many processes on "
                f"every node: a multiple of {self.nodes}"
            )
        return self
