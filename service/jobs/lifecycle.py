"""The states of a job, the only ways from one to the next, and what may be asked of a job in each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class JobState(StrEnum):
    QUEUED = "queued"
    STARTING = "starting"
    RUNNING = "running"
    PAUSING = "pausing"
    PAUSED = "paused"
    CANCELLING = "cancelling"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    CANCELLED = "cancelled"


_S = JobState
TRANSITIONS: Mapping[JobState, frozenset[JobState]] = {
    _S.QUEUED: frozenset({_S.STARTING, _S.PAUSED, _S.CANCELLED, _S.FAILED}),
    _S.STARTING: frozenset({_S.RUNNING, _S.QUEUED, _S.PAUSING, _S.CANCELLING, _S.SUCCEEDED, _S.FAILED, _S.CANCELLED}),
    _S.RUNNING: frozenset({_S.QUEUED, _S.PAUSING, _S.CANCELLING, _S.SUCCEEDED, _S.FAILED, _S.CANCELLED}),
    # An attempt that comes to its own end while it is being paused keeps that end; one that is lost is paused.
    _S.PAUSING: frozenset({_S.PAUSED, _S.CANCELLING, _S.SUCCEEDED, _S.FAILED}),
    _S.PAUSED: frozenset({_S.QUEUED, _S.CANCELLED}),
    # An attempt that succeeds while it is being cancelled keeps its success; any other end of it is the cancel's.
    _S.CANCELLING: frozenset({_S.CANCELLED, _S.SUCCEEDED}),
    _S.SUCCEEDED: frozenset(),
    # Only a person's retry leads out of these two.
    _S.FAILED: frozenset({_S.QUEUED}),
    _S.CANCELLED: frozenset({_S.QUEUED}),
}
# States in which a job stays unless a person asks for a retry.
FINAL = frozenset({_S.SUCCEEDED, _S.FAILED, _S.CANCELLED})
# States in which an attempt may hold resources of the cluster.
ACTIVE = frozenset({_S.STARTING, _S.RUNNING, _S.PAUSING, _S.CANCELLING})


class Action(StrEnum):
    """What a person may ask of a job."""

    CANCEL = "cancel"
    PAUSE = "pause"
    RESUME = "resume"
    RETRY = "retry"


@dataclass(frozen=True)
class Refusal:
    """An action makes no sense in a state; what to do instead, where there is something."""

    instead: str = ""


# What an action makes of a job in each state: the state that follows, the same one where there is nothing (more) to
# do, or a refusal.
ACTIONS: Mapping[Action, Mapping[JobState, JobState | Refusal]] = {
    Action.CANCEL: {
        _S.QUEUED: _S.CANCELLED,
        _S.STARTING: _S.CANCELLING,
        _S.RUNNING: _S.CANCELLING,
        _S.PAUSING: _S.CANCELLING,
        _S.PAUSED: _S.CANCELLED,
        _S.CANCELLING: _S.CANCELLING,
        _S.SUCCEEDED: Refusal(),
        _S.FAILED: Refusal(),
        _S.CANCELLED: _S.CANCELLED,
    },
    Action.PAUSE: {
        _S.QUEUED: _S.PAUSED,
        _S.STARTING: _S.PAUSING,
        _S.RUNNING: _S.PAUSING,
        _S.PAUSING: _S.PAUSING,
        _S.PAUSED: _S.PAUSED,
        _S.CANCELLING: Refusal("retry it when it has stopped"),
        _S.SUCCEEDED: Refusal(),
        _S.FAILED: Refusal(),
        _S.CANCELLED: Refusal(),
    },
    Action.RESUME: {
        _S.QUEUED: _S.QUEUED,
        _S.STARTING: _S.STARTING,
        _S.RUNNING: _S.RUNNING,
        _S.PAUSING: _S.PAUSING,  # goes back to the queue by itself when it has stopped
        _S.PAUSED: _S.QUEUED,
        _S.CANCELLING: Refusal("retry it when it has stopped"),
        _S.SUCCEEDED: Refusal("clone it to run it again"),
        _S.FAILED: Refusal("retry it instead"),
        _S.CANCELLED: Refusal("retry it instead"),
    },
    Action.RETRY: {
        _S.QUEUED: _S.QUEUED,
        _S.STARTING: _S.STARTING,
        _S.RUNNING: _S.RUNNING,
        _S.PAUSING: Refusal("resume it instead"),
        _S.PAUSED: Refusal("resume it instead"),
        _S.CANCELLING: Refusal("retry it when it has stopped"),
        _S.SUCCEEDED: Refusal("clone it to run it again"),
        _S.FAILED: _S.QUEUED,
        _S.CANCELLED: _S.QUEUED,
    },
}


class TransitionError(Exception):
    """A change of state that the lifecycle does not have."""

    def __init__(self, current: JobState, wanted: JobState) -> None:
        allowed = ", ".join(sorted(TRANSITIONS[current])) or "nothing, it is final"
        super().__init__(f"a job that is {current} cannot become {wanted}; possible: {allowed}")
        self.current = current
        self.wanted = wanted


def check_transition(current: JobState, wanted: JobState) -> None:
    """Raises TransitionError where the table has no such change."""
    if wanted not in TRANSITIONS[current]:
        raise TransitionError(current, wanted)
