"""Which queued jobs may start now, and what the others wait for. Pure: rows in, decisions out."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from service.clients.ray import ClusterResources
from service.jobs.models import JobRow


@dataclass(frozen=True)
class Need:
    cpus: float
    gpus: float

    def fits(self, other: Need) -> bool:
        return self.cpus <= other.cpus + 1e-6 and self.gpus <= other.gpus + 1e-6

    def words(self) -> str:
        parts = [_amount(self.cpus, "CPU")] + ([_amount(self.gpus, "GPU")] if self.gpus else [])
        return " and ".join(parts)


@dataclass(frozen=True)
class Plan:
    admitted: tuple[str, ...]
    reasons: dict[str, str]


def need_of(job: JobRow, total: Need) -> Need:
    """What a job holds while it runs. A sweep runs fewer trials at once where the cluster is too small for all."""
    resources = job.spec["resources"]
    one = Need(resources["cpus"], resources["gpus"])
    if job.kind != "sweep":
        return one
    parallel = min(job.spec["max_concurrent_trials"], job.spec["num_trials"])
    at_once = max(1, min(parallel, _times(one.cpus, total.cpus), _times(one.gpus, total.gpus)))
    return Need(one.cpus * at_once, one.gpus * at_once)


def plan(queued: Sequence[JobRow], active: Iterable[JobRow], cluster: ClusterResources) -> Plan:
    """Serve `queued` in its order. A job that has to wait keeps what is free for itself, so that none starves."""
    total = Need(cluster.cpus_total, cluster.gpus_total)
    held = [need_of(job, total) for job in active]
    free = Need(
        max(0.0, total.cpus - sum(need.cpus for need in held)), max(0.0, total.gpus - sum(need.gpus for need in held))
    )
    unreserved = free
    admitted: list[str] = []
    reasons: dict[str, str] = {}
    ahead = 0
    for job in queued:
        need = need_of(job, total)
        if not need.fits(total):
            reasons[job.id] = _never_fits(need, total)
            continue
        if need.fits(unreserved):
            admitted.append(job.id)
            free = Need(free.cpus - need.cpus, free.gpus - need.gpus)
            unreserved = Need(unreserved.cpus - need.cpus, unreserved.gpus - need.gpus)
            continue
        reasons[job.id] = _waits(need, free, ahead)
        unreserved = Need(max(0.0, unreserved.cpus - need.cpus), max(0.0, unreserved.gpus - need.gpus))
        ahead += 1
    return Plan(tuple(admitted), reasons)


def _never_fits(need: Need, total: Need) -> str:
    if total.cpus == 0 and total.gpus == 0:  # as in the first seconds of a cluster
        return f"queued: needs {need.words()}, the cluster has no nodes yet"
    return (
        f"queued: can never start here, it needs {need.words()} and the cluster has {total.words()}; "
        "ask for less, or add nodes"
    )


def _waits(need: Need, free: Need, ahead: int) -> str:
    there = f"{_number(free.cpus)} free"
    if need.gpus:
        there = f"{_number(free.cpus)} and {_number(free.gpus)} free"
    line = f", {ahead} {'job' if ahead == 1 else 'jobs'} ahead" if ahead else ""
    return f"queued: needs {need.words()}, {there}{line}"


def _times(one: float, total: float) -> int:
    return math.floor(total / one + 1e-6) if one > 0 else 10**6


def _amount(number: float, noun: str) -> str:
    return f"{_number(number)} {noun}{'' if number == 1 else 's'}"


def _number(number: float) -> str:
    return f"{number:.3f}".rstrip("0").rstrip(".")
