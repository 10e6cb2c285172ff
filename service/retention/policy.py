"""Which checkpoints of a job stay, and why. Pure: files and facts in, a reason for each file out.

What is not known to be useless stays: a checkpoint is removed only where no reason to keep it was found.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from service.jobs.lifecycle import JobState

# Folders of trainings below that of their job: its own, that of each retry from scratch, and those of trials.
_TRAINING = re.compile(
    r"(?:from-scratch/(?P<scratch>\d+)(?:/|$))?(?:trials/(?P<trial>\d{5})(?:/exploit-(?P<exploits>\d+))?)?"
)


@dataclass(frozen=True)
class Policy:
    """What an operator wants kept of jobs that have succeeded, besides what something refers to."""

    keep_last: int = 1
    keep_best: bool = True
    after_h: float = 24.0


@dataclass(frozen=True)
class Checkpoint:
    """A checkpoint in storage. `training` is the folder of its training below that of the job, "" where it is that."""

    training: str
    step: int
    size_bytes: int

    @property
    def name(self) -> str:
        """Its path below the folder of the job."""
        folder = f"{self.training}/" if self.training else ""
        return f"{folder}checkpoints/step-{self.step:08d}.pt"


@dataclass(frozen=True)
class JobFacts:
    """What the database says of a job whose checkpoints are looked at."""

    job_id: str
    kind: str
    state: JobState
    scratch_after: int
    ended_h: float | None  # hours since it ended; None while it has not
    promoted: Mapping[int, str]  # by trial, 0 for the job itself: the alias that its student has
    best_trial: int | None  # of a sweep
    exploits: Mapping[int, int]  # how often each trial took over from another


@dataclass(frozen=True)
class Decision:
    """`why` a checkpoint is kept; empty where it is not."""

    checkpoint: Checkpoint
    why: str


@dataclass(frozen=True)
class _Training:
    """Whose folder it is."""

    scratch: int
    trial: int  # 0 for the job itself
    exploits: int


def decide(
    facts: JobFacts,
    checkpoints: tuple[Checkpoint, ...],
    policy: Policy,
    *,
    referred: Mapping[str, str],
    best_steps: Mapping[str, int],
) -> list[Decision]:
    """A decision for each checkpoint of a job.

    `referred` says for paths below the job's folder who names them. `best_steps` is, for each training, the step at
    which its student was best among its checkpoints.
    """
    newest = _newest(checkpoints, policy.keep_last)
    return [
        Decision(one, _why(facts, one, policy, referred=referred, newest=newest, best_steps=best_steps))
        for one in sorted(checkpoints, key=lambda one: (one.training, one.step))
    ]


def _why(
    facts: JobFacts,
    checkpoint: Checkpoint,
    policy: Policy,
    *,
    referred: Mapping[str, str],
    newest: frozenset[Checkpoint],
    best_steps: Mapping[str, int],
) -> str:
    training = _training_of(checkpoint.training)
    if training is None:
        return "its folder is none that Stillhouse makes"
    if checkpoint.name in referred:
        return f"named by {referred[checkpoint.name]}"
    if training.scratch > facts.scratch_after:
        return "newer than what is known of the job"
    if facts.ended_h is None:
        return f"the job is {facts.state} and may go on from it"
    if facts.ended_h < policy.after_h:
        return f"ended less than {policy.after_h:g} h ago"
    if training.scratch < facts.scratch_after:
        return ""  # a person had the job begin again: nothing goes on from there
    if facts.state != JobState.SUCCEEDED:
        return f"the job has {facts.state} and a retry goes on from it".replace("has cancelled", "was cancelled")
    if alias := facts.promoted.get(training.trial):
        return f"its student is {alias}"
    if training.exploits < facts.exploits.get(training.trial, 0):
        return ""  # the trial took over another's checkpoint and went on from that
    is_best = facts.kind == "job" or training.trial == facts.best_trial
    if checkpoint in newest:
        return f"among the newest {policy.keep_last}"
    if policy.keep_best and is_best and best_steps.get(checkpoint.training) == checkpoint.step:
        return "its student was the best" if facts.kind == "job" else "the best of the best trial"
    return ""


def _newest(checkpoints: tuple[Checkpoint, ...], keep_last: int) -> frozenset[Checkpoint]:
    kept: set[Checkpoint] = set()
    for training in {one.training for one in checkpoints}:
        mine = sorted((one for one in checkpoints if one.training == training), key=lambda one: -one.step)
        kept |= set(mine[:keep_last])
    return frozenset(kept)


def _training_of(folder: str) -> _Training | None:
    found = _TRAINING.fullmatch(folder)
    if found is None or folder.endswith("/"):
        return None
    return _Training(int(found["scratch"] or 0), int(found["trial"] or 0), int(found["exploits"] or 0))
