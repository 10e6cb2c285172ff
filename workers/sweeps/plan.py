"""Which trial comes next. Decided from the spec and the trial records alone, so that a crash changes nothing.

The order: what was interrupted, the baseline, the fixed trials, the search; when all of these have ended, the best
trials and the baseline again under the further seeds.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from pydantic import JsonValue

from workers.spec import SEARCHED, Stretch, SweepSpec, TrialRecord, TrialRole
from workers.spec.steering import Steering
from workers.sweeps.sampler import objective_values, sample

NOTHING_ASKED = Steering()


@dataclass(frozen=True)
class Planned:
    """A trial to start, or to start again."""

    number: int
    role: TrialRole
    seed: int
    parameters: dict[str, JsonValue]
    repeats: int | None = None
    schedule: tuple[Stretch, ...] = ()


@dataclass(frozen=True)
class Wait:
    """Something has to end first."""


@dataclass(frozen=True)
class Finished:
    """Nothing is left to start."""


def next_trial(
    spec: SweepSpec,
    records: Mapping[int, TrialRecord],
    *,
    live: frozenset[int],
    now: datetime,
    steering: Steering = NOTHING_ASKED,
    waiting: frozenset[int] = frozenset(),
) -> Planned | Wait | Finished:
    """What to do next. `live` are the trials that have a process now, `waiting` those that others have to catch up
    with."""
    for number in sorted(records):
        record = records[number]
        if record.state == "running" and number not in live | waiting:
            return Planned(number, record.role, record.seed, record.parameters, record.repeats, record.schedule)
    number = max(records, default=0) + 1
    if spec.has_baseline and not _is_there(records, "baseline", spec.seeds[0]):
        return Planned(number, "baseline", spec.seeds[0], {})
    if (added := _next_added(spec, records, number, steering)) is not None:
        return added
    if (search := _next_of_search(spec, records, number, now, steering)) is not None:
        return search
    if any(records[other].role in SEARCHED for other in live | waiting):
        return Wait()
    for repeat in _repeats(spec, records, number):
        return repeat
    return Wait() if live else Finished()


def finalists(spec: SweepSpec, records: Iterable[TrialRecord]) -> list[TrialRecord]:
    """The best trials of the search, best first: by the first objective, among those that keep the constraints."""
    done = [record for record in records if record.role in SEARCHED and competes(spec, record)]
    sign = spec.objective.sign
    done.sort(key=lambda record: (-sign * (record.objective or 0.0), record.number))
    return done[: spec.controls.num_finalists]


def competes(spec: SweepSpec, record: TrialRecord) -> bool:
    """Whether a trial ran to its end with finite objectives and within the constraints."""
    return record.state == "succeeded" and objective_values(record) is not None and spec.allows(record.metrics)


def is_spent(
    spec: SweepSpec, records: Mapping[int, TrialRecord], now: datetime, steering: Steering = NOTHING_ASKED
) -> str | None:
    """Why the search ends before all its trials; None while its budget lasts."""
    searched = [record for record in records.values() if record.role in SEARCHED]
    budget = spec.budget
    if budget.wall_s is not None and searched:
        seconds = (now - min(record.started_at for record in searched)).total_seconds()
        given = budget.wall_s + steering.more_wall_s
        if seconds >= given:
            return f"{seconds:.0f} s have passed, {given:g} s were given"
    if budget.gpu_hours is not None:
        held = spec.resources.gpus or spec.resources.cpus
        hours = sum(record.seconds for record in searched) * held / 3600
        given = budget.gpu_hours + steering.more_gpu_hours
        if hours >= given:
            what = "GPU" if spec.resources.gpus else "CPU"
            return f"{hours:.2f} {what} hours are spent, {given:g} were given"
    if budget.patience_trials is not None:
        idle = _without_improvement(spec, searched)
        if idle >= budget.patience_trials:
            return f"the best has not improved for {idle} trials"
    return None


def _next_added(spec: SweepSpec, records: Mapping[int, TrialRecord], number: int, steering: Steering) -> Planned | None:
    before = [record for record in records.values() if record.role in SEARCHED]
    num_added = sum(1 for record in before if record.role == "added")
    if num_added >= len(steering.added_trials):
        return None
    parameters = sample(spec, before, index=len(before), fixed=steering.added_trials[num_added])
    assert parameters is not None
    return Planned(number, "added", spec.seeds[0], parameters)


def _next_of_search(
    spec: SweepSpec, records: Mapping[int, TrialRecord], number: int, now: datetime, steering: Steering
) -> Planned | None:
    before = [record for record in records.values() if record.role in SEARCHED]
    num_searched = sum(1 for record in before if record.role != "added")
    if num_searched >= spec.num_trials + steering.more_trials or steering.end_search:
        return None
    if is_spent(spec, records, now, steering) is not None:
        return None
    num_fixed = sum(1 for record in before if record.role == "fixed")
    fixed = spec.fixed_trials[num_fixed] if num_fixed < len(spec.fixed_trials) else None
    parameters = sample(spec, before, index=len(before), fixed=fixed)
    if parameters is None:
        return None
    return Planned(number, "search" if fixed is None else "fixed", spec.seeds[0], parameters)


def _repeats(spec: SweepSpec, records: Mapping[int, TrialRecord], number: int) -> Iterable[Planned]:
    best = finalists(spec, records.values())
    for seed in spec.seeds[1:]:
        if spec.has_baseline and not _is_there(records, "baseline", seed):
            yield Planned(number, "baseline", seed, {})
        for record in best:
            if not _is_there(records, "finalist", seed, repeats=record.number):
                yield Planned(number, "finalist", seed, record.parameters, record.number, record.schedule)


def _is_there(records: Mapping[int, TrialRecord], role: TrialRole, seed: int, *, repeats: int | None = None) -> bool:
    return any((r.role, r.seed, r.repeats) == (role, seed, repeats) for r in records.values())


def _without_improvement(spec: SweepSpec, searched: Sequence[TrialRecord]) -> int:
    """Trials that ended since the best got better, in the order in which they ended."""
    best: float | None = None
    idle = 0
    ended = [record for record in searched if record.ended_at is not None and record.state != "failed"]
    for record in sorted(ended, key=lambda record: (record.ended_at, record.number)):
        value = record.objective if record.state == "succeeded" else None
        gain = None if value is None else spec.objective.sign * value
        if gain is not None and (best is None or gain > best + spec.budget.min_improvement):
            best, idle = gain, 0
        else:
            idle += 1
    return idle
