"""The answers of a sweep: verdict, importances, history, front and cost, from the rows of its trials."""

from __future__ import annotations

from collections.abc import Sequence

from service.sweeps.answer_schemas import Answers, BestSoFar, Cost, FrontPoint
from service.sweeps.importance import importances
from service.sweeps.models import TrialRow
from service.sweeps.verdict import judge
from workers.spec import SEARCHED, Objective, SweepSpec


def answer(spec: SweepSpec, trials: Sequence[TrialRow]) -> Answers:
    """Compute everything; takes about a second for a thousand trials, so call it off the event loop."""
    objectives = [*spec.objectives]
    return Answers(
        verdict=judge(spec, trials),
        objectives=objectives,
        importances=importances(spec, trials),
        history=_history(spec.objective, trials),
        front=_front(objectives, trials),
        cost=_cost(spec, trials),
    )


def _searched(trials: Sequence[TrialRow]) -> list[TrialRow]:
    return [row for row in trials if row.role in SEARCHED]


def _history(objective: Objective, trials: Sequence[TrialRow]) -> list[BestSoFar]:
    found: list[BestSoFar] = []
    done = [row for row in _searched(trials) if row.state == "succeeded" and row.objective is not None]
    for row in sorted(done, key=lambda row: (row.ended_at or row.started_at, row.number)):
        value = row.objective or 0.0
        if not found or objective.sign * value > objective.sign * found[-1].value:
            found.append(BestSoFar(trial=row.number, at=row.ended_at or row.started_at, value=value))
    return found


def _front(objectives: Sequence[Objective], trials: Sequence[TrialRow]) -> list[FrontPoint]:
    points: list[tuple[int, list[float]]] = []
    for row in _searched(trials):
        values = [row.objective, *row.further_objectives]
        finite = [value for value in values if value is not None]
        if row.state == "succeeded" and len(finite) == len(values) == len(objectives):
            points.append((row.number, finite))
    signs = [objective.sign for objective in objectives]

    def beats(one: list[float], other: list[float]) -> bool:
        better = [sign * a - sign * b for sign, a, b in zip(signs, one, other, strict=True)]
        return all(gap >= 0 for gap in better) and any(gap > 0 for gap in better)

    kept = [
        FrontPoint(trial=number, values=values)
        for number, values in points
        if not any(beats(other, values) for _, other in points)
    ]
    return sorted(kept, key=lambda point: -signs[0] * point.values[0])


def _cost(spec: SweepSpec, trials: Sequence[TrialRow]) -> Cost:
    held = spec.resources.gpus or spec.resources.cpus
    steps = sum(row.step for row in trials)
    full = sum(_full_steps(spec, row) if row.state == "stopped" else row.step for row in trials)
    return Cost(
        hours=sum(row.seconds for row in trials) * held / 3600,
        of="GPU" if spec.resources.gpus else "CPU",
        steps=steps,
        full_steps=full,
        saved=1 - steps / full if full else 0.0,
    )


def _full_steps(spec: SweepSpec, row: TrialRow) -> int:
    steps = row.parameters.get("num_steps", spec.training.num_steps)
    assert isinstance(steps, int)
    return steps
