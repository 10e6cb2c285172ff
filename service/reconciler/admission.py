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
from service.reconciler.placing import NOTHING, Floor, Need, amount, number_words

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


def units_of(job: JobRow, empty: Floor) -> list[Need]:
    """What a job holds while it runs, in pieces of which each is on one node.

    A sweep runs fewer trials at once where the cluster is too small for all.
    """
    resources = job.spec["resources"]
    one = Need(resources["cpus"], resources["gpus"])
    if job.kind != "sweep":
        return [one]
    parallel = min(job.spec["max_concurrent_trials"], job.spec["num_trials"])
    floor, units = empty.copy(), [one]
    floor.place([one])
    while len(units) < parallel and floor.place([one]):
        units.append(one)
    return units


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
        self._served: list[Sequence[Need]] = []  # what was admitted, or waits and comes first
        self._ahead = 0
        self._plan = Plan()

    def serve(self, queued: Sequence[JobRow]) -> Plan:
        for job in queued:
            if job.not_before is None or job.not_before <= self._now:
                self._serve(job)
        return self._plan

    def _serve(self, job: JobRow) -> None:
        units = units_of(job, self._empty)
        need = sum(units, NOTHING)
        if not self._empty.fits(units):
            self._plan.reasons[job.id] = _never_fits(units[0], self._empty)
        elif (limit := self._limit_of(job, need)) is not None:
            self._plan.reasons[job.id] = f"queued: {limit}"
        elif self._unreserved.place(units):
            self._free.place(units)
            self._held[job.project].append(job)
            self._served.append(units)
            self._plan.admitted.append(job.id)
        else:
            reason = _waits(need, self._free, units, self._ahead)
            self._plan.reasons[job.id] = reason + self._push_aside(job, units)
            self._unreserved.reserve(units)
            self._served.append(units)
            self._ahead += 1

    def _limit_of(self, job: JobRow, need: Need) -> str | None:
        """Why the job's project does not let it run now, in words."""
        limits = self._limits.get(job.project)
        if limits is None:
            return None
        others = self._held[job.project]
        used = sum((sum(units_of(other, self._empty), NOTHING) for other in others), NOTHING)
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

    def _push_aside(self, job: JobRow, units: Sequence[Need]) -> str:
        """Choose whom to pause for `job`; returns what to add to its reason."""
        ending = {held.job.id for held in self._active if held.job.state in _ENDING} | set(self._plan.pushed_aside)
        if not self._preemption.allowed or self._fits_without(ending, units):
            return ""
        chosen: list[str] = []
        for victim in self._victims(job):
            if victim.id not in ending:
                chosen.append(victim.id)
                if self._fits_without(ending | set(chosen), units):
                    break
        else:
            return ""
        for name in list(chosen):  # those that turned out not to be needed
            if self._fits_without((ending | set(chosen)) - {name}, units):
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

    def _fits_without(self, gone: set[str], units: Sequence[Need]) -> bool:
        """Whether `units` fit when these active jobs have gone, beside what was admitted and reserved before."""
        floor = self._without(gone)
        for before in self._served:
            floor.hold(before)
        return floor.place(units)

    def _without(self, gone: set[str] | tuple[()]) -> Floor:
        floor = self._empty.copy()
        for held in self._active:
            if held.job.id not in gone:
                floor.hold(units_of(held.job, self._empty), held.node_id)
        return floor


def _never_fits(unit: Need, empty: Floor) -> str:
    total = empty.total
    if total == NOTHING:  # as in the first seconds of a cluster
        return f"queued: needs {unit.words()}, the cluster has no nodes yet"
    if not unit.fits(total):
        return (
            f"queued: can never start here, it needs {unit.words()} and the cluster has {total.words()}; "
            "ask for less, or add nodes"
        )
    return (
        f"queued: can never start here, it needs {unit.words()} on one node and no node has that (at most "
        f"{empty.largest.words()}); ask for less, or add a larger node"
    )


def _waits(need: Need, free: Floor, units: Sequence[Need], ahead: int) -> str:
    there = free.free
    words = f"{number_words(there.cpus)} free"
    if need.gpus:
        words = f"{number_words(there.cpus)} and {number_words(there.gpus)} free"
    if need.fits(there) and not free.fits(units):
        words += ", but not on one node" if len(units) == 1 and units[0].gpus in (0, 1) else ", but in pieces"
    line = f", {ahead} {'job' if ahead == 1 else 'jobs'} ahead" if ahead else ""
    return f"queued: needs {need.words()}, {words}{line}"
