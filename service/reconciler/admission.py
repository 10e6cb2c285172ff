"""Which queued jobs may start now, whom they push aside, and what the others wait for. Pure: rows in, decisions out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from service.clients.ray import Node
from service.jobs.lifecycle import JobState
from service.jobs.models import JobRow
from service.projects.limits import Limits
from service.reconciler.placing import NOTHING, Floor, Need, Pieces, amount, number_words

_ENDING = (JobState.PAUSING, JobState.CANCELLING)


@dataclass(frozen=True)
class Held:
    """An active job, where it is, and since when it runs."""

    job: JobRow
    node_id: str | None = None
    runs_since: datetime | None = None


@dataclass(frozen=True)
class Preemption:
    """Whether jobs may be paused for others, and how long they must have run."""

    allowed: bool = False
    min_run_s: float = 60.0


@dataclass
class Plan:
    admitted: list[str] = field(default_factory=list)
    reasons: dict[str, str] = field(default_factory=dict)
    pushed_aside: dict[str, str] = field(default_factory=dict)  # who is paused -> for whom


def pieces_of(job: JobRow, empty: Floor) -> Pieces:
    """What a job holds while it runs. A sweep runs fewer trials at once where the cluster is too small for all."""
    resources = job.spec["resources"]
    one = Need(resources["cpus"], resources["gpus"])
    if job.kind != "sweep":
        return Pieces((one,) * job.spec.get("nodes", 1), apart=True)
    parallel = min(job.spec["max_concurrent_trials"], job.spec["num_trials"])
    floor, count = empty.copy(), 1
    floor.place(Pieces((one,)))
    while count < parallel and floor.place(Pieces((one,))):
        count += 1
    return Pieces((one,) * count)


def plan(
    queued: Sequence[JobRow],
    active: Sequence[Held],
    nodes: Sequence[Node],
    *,
    now: datetime,
    limits: Mapping[str, Limits] | None = None,
    preemption: Preemption = Preemption(),
) -> Plan:
    """Serve `queued` in its order. A job that has to wait keeps what is free for itself, so that none starves."""
    return _Planner(active, nodes, now, limits or {}, preemption).serve(queued)


class _Planner:
    """One round of admission."""

    def __init__(
        self,
        active: Sequence[Held],
        nodes: Sequence[Node],
        now: datetime,
        limits: Mapping[str, Limits],
        preemption: Preemption,
    ) -> None:
        self._empty = Floor.of(nodes)
        self._active, self._now, self._limits, self._preemption = active, now, limits, preemption
        self._held: dict[str, list[JobRow]] = defaultdict(list)
        for held in active:
            self._held[held.job.project].append(held.job)
        self._free = self._without(())
        self._unreserved = self._free.copy()
        self._served: list[Pieces] = []  # what was admitted, or waits and comes first
        self._ahead = 0
        self._plan = Plan()

    def serve(self, queued: Sequence[JobRow]) -> Plan:
        for job in queued:
            if job.not_before is None or job.not_before <= self._now:
                self._serve(job)
        return self._plan

    def _serve(self, job: JobRow) -> None:
        pieces = pieces_of(job, self._empty)
        if not self._empty.fits(pieces):
            self._plan.reasons[job.id] = _never_fits(pieces, self._empty)
        elif (limit := self._limit_of(job, pieces.total)) is not None:
            self._plan.reasons[job.id] = f"queued: {limit}"
        elif self._unreserved.place(pieces):
            self._free.place(pieces)
            self._held[job.project].append(job)
            self._served.append(pieces)
            self._plan.admitted.append(job.id)
        else:
            reason = _waits(self._free, pieces, self._ahead)
            self._plan.reasons[job.id] = reason + self._push_aside(job, pieces)
            self._unreserved.reserve(pieces)
            self._served.append(pieces)
            self._ahead += 1

    def _limit_of(self, job: JobRow, need: Need) -> str | None:
        """Why the job's project does not let it run now, in words."""
        limits = self._limits.get(job.project)
        if limits is None:
            return None
        others = self._held[job.project]
        used = sum((pieces_of(other, self._empty).total for other in others), NOTHING)
        if limits.max_jobs is not None and len(others) >= limits.max_jobs:
            return f"project {job.project!r} may run {amount(limits.max_jobs, 'job')} at once, {len(others)} now"
        for noun, allowed, taken, wanted in (
            ("CPU", limits.max_cpus, used.cpus, need.cpus),
            ("GPU", limits.max_gpus, used.gpus, need.gpus),
        ):
            if wanted and allowed is not None and taken + wanted > allowed + 1e-6:
                return (
                    f"project {job.project!r} may hold {amount(allowed, noun)} at once, it holds {number_words(taken)} "
                    f"and this needs {number_words(wanted)}"
                )
        return None

    # Preemption

    def _push_aside(self, job: JobRow, pieces: Pieces) -> str:
        """Choose whom to pause for `job`; returns what to add to its reason."""
        ending = {held.job.id for held in self._active if held.job.state in _ENDING} | set(self._plan.pushed_aside)
        if not self._preemption.allowed or self._fits_without(ending, pieces):
            return ""
        chosen: list[str] = []
        for victim in self._victims(job):
            if victim.id not in ending:
                chosen.append(victim.id)
                if self._fits_without(ending | set(chosen), pieces):
                    break
        else:
            return ""
        for name in list(chosen):  # those that turned out not to be needed
            if self._fits_without((ending | set(chosen)) - {name}, pieces):
                chosen.remove(name)
        self._plan.pushed_aside |= dict.fromkeys(chosen, job.id)
        return f"; {', '.join(chosen)} {'makes' if len(chosen) == 1 else 'make'} place for it"

    def _victims(self, job: JobRow) -> list[JobRow]:
        """Who may be paused for `job`: the least important first, of these the one that began last."""
        able = [
            (held.job.priority, -held.runs_since.timestamp(), held.job)
            for held in self._active
            if held.job.state == JobState.RUNNING
            and held.job.spec.get("preemptible", False)
            and held.job.priority < job.priority
            and held.runs_since is not None
            and (self._now - held.runs_since).total_seconds() >= self._preemption.min_run_s
        ]
        return [victim for _, _, victim in sorted(able, key=lambda one: one[:2])]

    def _fits_without(self, gone: set[str], pieces: Pieces) -> bool:
        """Whether they fit when these active jobs have gone, beside what was admitted and reserved before."""
        floor = self._without(gone)
        for before in self._served:
            floor.hold(before)
        return floor.place(pieces)

    def _without(self, gone: set[str] | tuple[()]) -> Floor:
        floor = self._empty.copy()
        for held in self._active:
            if held.job.id not in gone:
                floor.hold(pieces_of(held.job, self._empty), held.node_id)
        return floor


def _never_fits(pieces: Pieces, empty: Floor) -> str:
    total, need = empty.total, pieces.needs[0]
    if total == NOTHING:  # as in the first seconds of a cluster
        return f"queued: needs {need.words()}, the cluster has no nodes yet"
    if not need.fits(total):
        return (
            f"queued: can never start here, it needs {need.words()} and the cluster has {total.words()}; "
            "ask for less, or add nodes"
        )
    if empty.fits(Pieces((need,))):
        count = len(pieces.needs)
        able = next(fewer for fewer in range(count, 0, -1) if empty.fits(Pieces((need,) * fewer, apart=True)))
        return (
            f"queued: can never start here, it needs {need.words()} on each of {count} nodes and "
            f"{able} {'has' if able == 1 else 'have'} that; ask for fewer nodes, or add some"
        )
    return (
        f"queued: can never start here, it needs {need.words()} on one node and no node has that (at most "
        f"{empty.largest.words()}); ask for less, or add a larger node"
    )


def _waits(free: Floor, pieces: Pieces, ahead: int) -> str:
    there, need = free.free, pieces.total
    words = f"{number_words(there.cpus)} free"
    if need.gpus:
        words = f"{number_words(there.cpus)} and {number_words(there.gpus)} free"
    if need.fits(there) and not free.fits(pieces):
        words += _scattered(pieces)
    line = f", {ahead} {'job' if ahead == 1 else 'jobs'} ahead" if ahead else ""
    return f"queued: needs {need.words()}, {words}{line}"


def _scattered(pieces: Pieces) -> str:
    if len(pieces.needs) == 1 and pieces.needs[0].gpus in (0, 1):
        return ", but not on one node"
    return f", but not on {len(pieces.needs)} nodes" if pieces.apart and len(pieces.needs) > 1 else ", but in pieces"
