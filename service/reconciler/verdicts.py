"""What to think of an attempt, from what storage and Ray say of it. Pure: facts in, a verdict out.

Ray's state is one input and never the only one: it calls jobs FAILED that still run, and RUNNING when their node is
gone. The attempt's own end marker decides, then its heartbeat.
"""

from __future__ import annotations

from dataclasses import dataclass

from service.clients.ray import RayStatus
from service.settings import Settings
from workers.spec import Terminal


@dataclass(frozen=True)
class Facts:
    terminal: Terminal | None
    silence_s: float | None  # since the newest heartbeat, by our clock; None where there was none
    submitted: bool
    age_s: float  # since the submission
    ray_answers: bool
    ray: RayStatus | None  # None: Ray does not know the submission
    ray_message: str
    node_id: str | None  # where Ray says its process is
    stopping_s: float | None  # since the cancel or pause was asked for; None where neither was


@dataclass(frozen=True)
class Launch:
    """The submission has to be made, or made again."""


@dataclass(frozen=True)
class Wait:
    """Nothing to do but to tell why."""

    reason: str


@dataclass(frozen=True)
class Alive:
    """The attempt runs; `note` is for people, empty where all is well."""

    note: str = ""


@dataclass(frozen=True)
class Ended:
    """The attempt came to its own end."""

    terminal: Terminal


@dataclass(frozen=True)
class Lost:
    """The attempt will not come to an end any more."""

    why: str


@dataclass(frozen=True)
class Stop:
    """The attempt has to be stopped; with `fence`, also by telling it through storage."""

    fence: bool


@dataclass(frozen=True)
class Stopped:
    """The attempt that was to be stopped is gone."""

    how: str


@dataclass(frozen=True)
class Stuck:
    """What has to be done next cannot be done now, and nothing else may be done before."""

    reason: str


Verdict = Launch | Wait | Alive | Ended | Lost | Stop | Stopped | Stuck


def judge(facts: Facts, settings: Settings) -> Verdict:
    if facts.terminal is not None:
        return Ended(facts.terminal)
    if facts.stopping_s is not None:
        return _judge_stopping(facts, facts.stopping_s, settings)
    if not facts.submitted:
        return Launch() if facts.ray_answers else Wait("starting: Ray does not answer; it is asked again")
    if facts.silence_s is None:
        return _judge_silent_start(facts, settings)
    return _judge_running(facts, facts.silence_s, settings)


def _judge_stopping(facts: Facts, asked_s: float, settings: Settings) -> Verdict:
    if facts.ray_answers and facts.ray is not None and facts.ray.ended:
        return Stopped("its process has ended")
    quiet = facts.silence_s is None or facts.silence_s > settings.heartbeat_timeout_s / 4
    if facts.ray_answers and facts.ray is None and quiet:
        return Stopped("Ray does not know it" if facts.submitted else "it was never submitted")
    if asked_s <= settings.stop_timeout_s:
        return Stop(fence=False)
    # By now SIGKILL was sent where Ray could. What is left is told by the fence, at which an attempt ends itself.
    grace_s = settings.stop_timeout_s + settings.heartbeat_timeout_s / 4
    return Stopped("by force") if quiet and asked_s > grace_s else Stop(fence=True)


def _judge_silent_start(facts: Facts, settings: Settings) -> Verdict:
    if not facts.ray_answers:
        return Wait("starting: Ray does not answer; waits for it or for a sign of life")
    if facts.ray is None:
        if facts.age_s > settings.heartbeat_timeout_s / 4:
            return Lost("Ray no longer knows it, as after a restart of the cluster")
        return Wait("starting")
    if facts.ray.ended:
        return Lost(f"it ended before it gave a sign of life; Ray says {facts.ray}: {facts.ray_message}")
    if facts.age_s > settings.start_timeout_s:
        return Lost(f"it gave no sign of life for {facts.age_s:.0f} s; Ray says {facts.ray}: {facts.ray_message}")
    return Wait("starting: waits for its process" if facts.ray == RayStatus.PENDING else "starting")


def _judge_running(facts: Facts, silence_s: float, settings: Settings) -> Verdict:
    timeout_s = settings.heartbeat_timeout_s
    if not facts.ray_answers:
        note = "Ray does not answer"
        return Alive(
            f"{note}, and no heartbeat for {silence_s:.0f} s" if silence_s > timeout_s else f"{note}; it runs on"
        )
    if facts.ray is None:
        if silence_s > timeout_s:
            return Lost("its heartbeat stopped, and Ray no longer knows it, as after a restart of the cluster")
    elif facts.ray.ended:
        if silence_s > timeout_s / 4:
            return Lost(f"its process ended without an end marker; Ray says {facts.ray}: {facts.ray_message}")
    elif silence_s > 3 * timeout_s:
        return Lost(f"its heartbeat stopped {silence_s:.0f} s ago, though Ray says {facts.ray}")
    return Alive()
