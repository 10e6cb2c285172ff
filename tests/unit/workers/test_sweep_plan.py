"""Which trial comes next: deterministic, bounded by the budget, and the same after any crash."""

from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.unit.workers.test_space import LOSSES, OPTIONS, RM_WEIGHT, WEIGHT, a_sweep
from workers.spec import Steering, SweepSpec, TrialRecord, TrialReport
from workers.sweeps.plan import NOTHING_ASKED, Finished, Planned, Wait, finalists, next_trial

START = datetime(2026, 1, 1, tzinfo=UTC)
TWO = {RM_WEIGHT: WEIGHT, "optimizer.learning_rate": {"kind": "uniform", "low": 1e-4, "high": 1e-1, "log": True}}


def objective_of(planned: Planned) -> float:
    """A hill with its top at a weight of 1; the baseline is 20."""
    if planned.role == "baseline":
        return 20.0 + planned.seed
    weight = planned.parameters.get(RM_WEIGHT, 1.0)
    assert isinstance(weight, float)
    return 40 - 5 * math.log10(weight) ** 2 + planned.seed


def ended(planned: Planned, *, state: str = "succeeded", **changes: Any) -> TrialRecord:
    begun = {"role": planned.role, "seed": planned.seed, "repeats": planned.repeats, "parameters": planned.parameters}
    value = objective_of(planned)
    at = START + timedelta(minutes=planned.number)
    record = {
        "number": planned.number,
        "state": state,
        "objective": value,
        "step": 100,
        "started_at": at,
        "ended_at": at,
    }
    return TrialRecord.model_validate({**begun, **record, "reports": [TrialReport(step=100, value=value)], **changes})


def running(planned: Planned) -> TrialRecord:
    return ended(planned, state="running", objective=None, ended_at=None, reports=[])


def run(
    spec: SweepSpec, *, killed_at: frozenset[int] = frozenset(), steering: Steering = NOTHING_ASKED, **changes: Any
) -> dict[int, TrialRecord]:
    """Run one trial after the other; at the numbers in `killed_at` the driver dies once while the trial runs."""
    records: dict[int, TrialRecord] = {}
    killed: set[int] = set()
    while True:
        now = START + timedelta(minutes=len(records))
        planned = next_trial(spec, records, live=frozenset(), now=now, steering=steering)
        if not isinstance(planned, Planned):
            assert isinstance(planned, Finished)
            return records
        if planned.number in killed_at - killed:
            killed.add(planned.number)
            records[planned.number] = running(planned)
            continue
        records[planned.number] = ended(planned, **changes)
        assert len(records) < 200


def roles(records: dict[int, TrialRecord]) -> list[str]:
    return [records[number].role for number in sorted(records)]


def test_the_baseline_comes_first_and_repeats_of_the_best_last() -> None:
    records = run(a_sweep(num_trials=5, controls={"num_finalists": 1, "num_seeds": 3}))
    assert roles(records) == ["baseline", *["search"] * 5, "baseline", "finalist", "baseline", "finalist"]
    best = max((record for record in records.values() if record.role == "search"), key=lambda r: r.objective or 0)
    assert [(r.repeats, r.seed, r.parameters) for r in records.values() if r.role == "finalist"] == [
        (best.number, 1, best.parameters),
        (best.number, 2, best.parameters),
    ]


@pytest.mark.parametrize(
    "search", [{"kind": "random"}, {"kind": "tpe", "num_startup_trials": 3}, {"kind": "grid", "points": 4}]
)
def test_a_search_that_was_killed_goes_on_as_if_it_had_not_been(search: dict[str, Any]) -> None:
    spec = a_sweep(num_trials=12, space=TWO, search=search)
    whole = run(spec)
    assert run(spec, killed_at=frozenset({1, 4, 9, 14})) == whole
    assert len({str(r.parameters) for r in whole.values() if r.role == "search"}) == 12


def test_another_seed_searches_elsewhere() -> None:
    first, second = (run(a_sweep(num_trials=3, search={"kind": "random"}, seed=seed)) for seed in (0, 1))
    assert first[2].parameters != second[2].parameters


def test_tpe_learns_and_comes_nearer_than_chance() -> None:
    def distance(search: dict[str, Any]) -> float:
        records = run(a_sweep(num_trials=30, search=search, controls={"baseline": False, "num_finalists": 0}))
        late = [records[number].parameters[RM_WEIGHT] for number in range(20, 31)]
        return sum(abs(math.log10(weight)) for weight in late if isinstance(weight, float)) / len(late)

    assert distance({"kind": "tpe", "num_startup_trials": 5}) < 0.75 * distance({"kind": "random"})


def test_fixed_trials_start_the_search() -> None:
    records = run(a_sweep(num_trials=4, space=TWO, fixed_trials=[{RM_WEIGHT: 4.0}], controls={"baseline": False}))
    assert roles(records)[:4] == ["fixed", "search", "search", "search"]
    assert records[1].parameters[RM_WEIGHT] == 4.0
    assert "optimizer.learning_rate" in records[1].parameters


def test_a_grid_visits_each_combination_once_and_ends() -> None:
    space = {LOSSES: OPTIONS, RM_WEIGHT: {**WEIGHT, "when": {LOSSES: ["RM", "RM + PFI"]}}}
    controls = {"baseline": False, "num_finalists": 0}
    records = run(a_sweep(num_trials=50, space=space, search={"kind": "grid", "points": 3}, controls=controls))
    found = [tuple(record.parameters.items()) for record in records.values()]
    assert len(found) == len(set(found)) == 3 + 1 + 3
    assert ((LOSSES, "PFI"),) in found


def test_conditional_dimensions_are_sampled_only_where_they_exist() -> None:
    space = {LOSSES: OPTIONS, RM_WEIGHT: {**WEIGHT, "when": {LOSSES: ["RM", "RM + PFI"]}}}
    records = run(a_sweep(num_trials=25, space=space, controls={"baseline": False, "num_finalists": 0}))
    assert {record.parameters[LOSSES] for record in records.values()} == {"RM", "PFI", "RM + PFI"}
    assert all((RM_WEIGHT in r.parameters) == (r.parameters[LOSSES] != "PFI") for r in records.values())


@pytest.mark.parametrize(
    ("budget", "num_searched"),
    [
        ({"patience_trials": 4, "min_improvement": 1000.0}, 5),
        ({"gpu_hours": 1.0}, 4),
        ({"wall_s": 180}, 4),
        ({}, 20),
    ],
)
def test_the_search_ends_when_its_budget_is_spent(budget: dict[str, Any], num_searched: int) -> None:
    spec = a_sweep(num_trials=20, budget=budget, resources={"cpus": 2}, search={"kind": "random"})
    records = run(spec, seconds=450.0)
    assert roles(records).count("search") == num_searched
    assert roles(records).count("finalist") == 4


@pytest.mark.parametrize(
    ("budget", "more"), [({"wall_s": 180}, {"more_wall_s": 240}), ({"gpu_hours": 1.0}, {"more_gpu_hours": 1.0})]
)
def test_a_budget_that_was_raised_lasts_longer(budget: dict[str, Any], more: dict[str, Any]) -> None:
    spec = a_sweep(num_trials=20, budget=budget, resources={"cpus": 2}, search={"kind": "random"})
    asked = (Steering(), Steering(**more))
    before, after = (roles(run(spec, seconds=450.0, steering=each)).count("search") for each in asked)
    assert before < after < 20


def test_repeats_wait_for_the_last_of_the_search() -> None:
    spec = a_sweep(num_trials=2, controls={"baseline": False})
    first = next_trial(spec, {}, live=frozenset(), now=START)
    assert isinstance(first, Planned)
    second = next_trial(spec, {1: running(first)}, live=frozenset({1}), now=START)
    assert isinstance(second, Planned)
    records = {1: running(first), 2: ended(second)}
    assert isinstance(next_trial(spec, records, live=frozenset({1}), now=START), Wait)


def test_a_trial_beyond_a_constraint_is_no_finalist() -> None:
    spec = a_sweep(constraints=[{"metric": "cost/student_parameters", "at_most": 1000}])
    small, large, unknown = (
        ended(Planned(number, "search", 0, {RM_WEIGHT: weight}), metrics=metrics)
        for number, weight, metrics in [
            (1, 0.1, {"cost/student_parameters": 900.0}),
            (2, 1.0, {"cost/student_parameters": 2000.0}),
            (3, 1.0, {}),
        ]
    )
    assert finalists(spec, [small, large, unknown]) == [small]


def test_several_objectives_are_searched_together() -> None:
    further = [{"metric": "cost/student_latency_ms", "direction": "minimize"}]
    records = run(a_sweep(num_trials=12, further_objectives=further), further_objectives=(3.0,))
    assert roles(records).count("search") == 12


def test_added_trials_and_more_trials_are_run_besides() -> None:
    steering = Steering(added_trials=({RM_WEIGHT: 3.0},), more_trials=2)
    records = run(a_sweep(num_trials=3, controls={"baseline": False, "num_finalists": 0}), steering=steering)
    assert roles(records) == ["added", *["search"] * 5]
    assert records[1].parameters == {RM_WEIGHT: 3.0}


def test_a_search_that_was_asked_to_end_goes_on_to_its_repeats() -> None:
    spec = a_sweep(num_trials=9, controls={"baseline": False})
    first = ended(Planned(1, "search", 0, {RM_WEIGHT: 1.0}))
    planned = next_trial(spec, {1: first}, live=frozenset(), now=START, steering=Steering(end_search=True))
    assert isinstance(planned, Planned)
    assert (planned.role, planned.repeats) == ("finalist", 1)


def test_a_search_starts_from_what_an_earlier_sweep_found() -> None:
    def first_weights(**changes: Any) -> list[float]:
        controls = {"baseline": False, "num_finalists": 0}
        tpe = {"kind": "tpe", "num_startup_trials": 5}
        records = run(a_sweep(num_trials=6, search=tpe, controls=controls, **changes))
        return [float(record.parameters[RM_WEIGHT]) for record in records.values()]  # type: ignore[arg-type]

    past = [
        {"parameters": {RM_WEIGHT: 10**power}, "objective": 40 - 5 * power**2}
        for power in (-1.8, -1.2, -0.6, -0.3, -0.1, 0.0, 0.1, 0.2, 0.5, 0.9)
    ]
    outside = {"parameters": {RM_WEIGHT: 1e6}, "objective": 99.0}
    assert max(abs(math.log10(weight)) for weight in first_weights(past_trials=[*past, outside])) < max(
        abs(math.log10(weight)) for weight in first_weights()
    )
