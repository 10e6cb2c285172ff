"""The files by which the reconciler and an attempt speak through storage: order, heartbeat, trials, end marker."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field, JsonValue

from trainer.spec import Spec
from workers.spec.jobs import JobSpec
from workers.spec.population import Exploit, Stretch
from workers.spec.sweeps import SweepSpec

AnySpec = Annotated[JobSpec | SweepSpec, Field(discriminator="kind")]


class AttemptOrder(Spec):
    """What the reconciler asks of one attempt, written to storage before the attempt is submitted to Ray."""

    job_id: str
    attempt: int = Field(ge=1)
    spec: AnySpec
    mlflow_tracking_uri: str
    data_root: str = Field(description="Folder at which relative paths of the spec start.")
    scratch_after: int = Field(
        default=0, ge=0, description="The attempt after which the job was begun again; 0 where it never was."
    )
    max_log_bytes: int = Field(
        default=256 * 2**20, ge=2**16, description="So much of the log is kept: its beginning and its end."
    )
    keep_best: bool = Field(
        default=False, description="Whether a job's training keeps its best checkpoint beside the newest two."
    )
    retry_failed_trials: bool = Field(
        default=False, description="A person asked for this attempt: trials of a sweep that had failed run again."
    )


class LogCut(Spec):
    """What of an attempt's log was dropped, in bytes of the whole: it had become too large."""

    start: int = Field(ge=0)
    end: int = Field(ge=0)


class Fence(Spec):
    """The newest attempt that may write for a job; an older one that wakes up must end itself."""

    attempt: int = Field(ge=1)


Phase = Literal["starting", "training", "evaluating", "saving", "searching"]


class Heartbeat(Spec):
    """Written by a live attempt every few seconds; the reconciler never believes RUNNING without it."""

    at: datetime
    phase: Phase
    step: int = Field(default=0, description="Training steps done; of a sweep, trials finished.")
    num_steps: int = Field(default=0, description="Training steps in all; of a sweep, trials in all.")
    mlflow_run_id: str | None = None
    metrics: dict[str, float] = Field(default={}, description="Latest value of each headline metric.")


# stopped: asked to end (SIGTERM) and ended with a checkpoint. Whether that was a cancel, a pause or the end of the
# cluster is known to the reconciler alone.
Outcome = Literal["succeeded", "failed", "stopped"]
Cause = Literal["bad_input", "out_of_memory", "internal", "infrastructure", "user"]


class Terminal(Spec):
    """Written once, last, by an attempt that came to its end."""

    at: datetime
    outcome: Outcome
    reason: str = Field(description="For people: what happened and what to do.")
    cause: Cause | None = None
    mlflow_run_id: str | None = None
    metrics: dict[str, float] = {}
    train_seconds: float | None = None


TrialState = Literal["running", "succeeded", "stopped", "failed"]
# search: sampled; fixed: named by the spec; added: asked for while the sweep ran; baseline: without distillation;
# finalist: one of the best, repeated under another seed.
TrialRole = Literal["search", "fixed", "added", "baseline", "finalist"]
SEARCHED: frozenset[TrialRole] = frozenset({"search", "fixed", "added"})
"""The roles of trials that search; the others compare what was found."""


class TrialReport(Spec):
    """The first objective of a trial at one evaluation."""

    step: int
    value: float | None = Field(description="null where it was not a finite number.")


class TrialRecord(Spec):
    """One trial of a sweep as its driver last saw it. Keyed by our own number, never by Tune's trial id."""

    number: int = Field(ge=1)
    state: TrialState
    role: TrialRole = "search"
    seed: int = Field(default=0, description="Seed of the training.")
    repeats: int | None = Field(default=None, description="Number of the trial whose parameters this one repeats.")
    parameters: dict[str, JsonValue] = Field(description="What holds now.")
    schedule: tuple[Stretch, ...] = Field(default=(), description="All that held, where parameters changed on the way.")
    exploits: tuple[Exploit, ...] = Field(default=(), description="What it took over from others, by step.")
    metrics: dict[str, float] = {}
    objective: float | None = None
    further_objectives: tuple[float | None, ...] = ()
    reports: tuple[TrialReport, ...] = Field(default=(), description="One for each evaluation, by step.")
    step: int = 0
    seconds: float = Field(default=0.0, description="Time for which the trial held its resources, over all attempts.")
    losses: int = Field(default=0, description="How often its process was lost with its machine.")
    starts: int = Field(default=0, description="How often a process was started for it; all but the newest are fenced.")
    mlflow_run_id: str | None = None
    started_at: datetime
    ended_at: datetime | None = None
    cause: Cause | None = Field(default=None, description="Whose fault a failure was.")
    reason: str = ""
