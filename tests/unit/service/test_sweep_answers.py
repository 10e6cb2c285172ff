"""What a sweep answers: the verdict and its noise, importances, history, front, cost."""

from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta
from typing import Any

import optuna
import pytest
from optuna.importance import PedAnovaImportanceEvaluator

from service.sweeps.answers import answer
from service.sweeps.models import TrialRow
from service.sweeps.verdict import judge
from workers.spec import SweepSpec

WEIGHT = "distillation.losses.feature_imitation.weight"
TEMPERATURE = "distillation.losses.rank_mimicking.temperature"
START = datetime(2026, 1, 1, tzinfo=UTC)


def a_spec(**changes: Any) -> SweepSpec:
    split = {"images": "a", "annotations": "b"}
    training = {
        "data": {"train": split, "val": split},
        "distillation": {"teacher": {"weights": "teacher.safetensors"}},
    }
    log = {"kind": "uniform", "low": 0.1, "high": 1e4, "log": True}
    space = {WEIGHT: log, TEMPERATURE: {**log, "high": 10}}
    return SweepSpec.model_validate({"name": "s", "kind": "sweep", "training": training, "space": space, **changes})


def a_trial(number: int, value: float | None, **changes: Any) -> TrialRow:
    at = START + timedelta(minutes=number)
    fields: dict[str, Any] = {
        "job_id": "sweep-aaaaaaaaaa", "number": number, "state": "succeeded", "role": "search", "seed": 0,
        "repeats": None,
        "parameters": {}, "schedule": [], "exploits": [], "metrics": {}, "objective": value,
        "further_objectives": [], "reports": [], "seconds": 60.0,
        "step": 800, "started_at": at, "ended_at": at, "reason": "", "mlflow_run_id": None,
    }  # fmt: skip
    return TrialRow(**{**fields, **changes})


def arms(baseline: list[float], winner: list[float]) -> list[TrialRow]:
    rows = [a_trial(1 + seed, value, role="baseline", seed=seed) for seed, value in enumerate(baseline)]
    rows.append(a_trial(50, winner[0]))
    rows += [
        a_trial(50 + seed, value, role="finalist", repeats=50, seed=seed)
        for seed, value in enumerate(winner[1:], start=1)
    ]
    return rows


def test_a_gain_outside_the_noise_is_a_gain() -> None:
    verdict = judge(a_spec(), arms([30.0, 31.0, 29.0], [40.0, 40.0, 40.0]))
    assert verdict.outcome == "better"
    assert verdict.gain is not None
    # the interval of three differences 10, 9, 11: t(0.975, 2) = 4.3027, standard error 1/sqrt(3)
    assert (verdict.gain.mean, verdict.gain.low) == (
        pytest.approx(10),
        pytest.approx(10 - 4.30265 / math.sqrt(3), abs=1e-3),
    )
    assert verdict.text == "trial 50 gains 10.0 AP over the baseline (95% interval 7.5 to 12.5, 3 seeds)"


def test_no_winner_is_called_inside_the_noise() -> None:
    verdict = judge(a_spec(), arms([30.0, 40.0, 20.0], [35.0, 38.0, 33.0]))
    assert verdict.outcome == "unclear"
    assert "inside the noise" in verdict.text


def test_a_best_trial_below_the_baseline_is_said_to_lose() -> None:
    verdict = judge(a_spec(), arms([30.0, 30.0, 30.0], [20.0, 20.5, 20.0]))
    assert verdict.outcome == "worse"
    assert "no trial beats the baseline" in verdict.text


def test_one_seed_proves_nothing() -> None:
    assert judge(a_spec(), arms([30.0], [40.0])).outcome == "unclear"


def test_without_trials_or_baseline_the_verdict_says_so() -> None:
    assert judge(a_spec(), []).outcome == "too_early"
    assert judge(a_spec(), [a_trial(1, 40.0)]).outcome == "no_baseline"


def test_the_seed_of_the_search_is_left_out_when_there_are_enough_fresh_ones() -> None:
    verdict = judge(a_spec(), arms([30.0] * 6, [90.0, 35.0, 36.0, 34.0, 35.0, 35.0]))
    assert verdict.gain is not None
    assert verdict.gain.seeds == [1, 2, 3, 4, 5]
    assert verdict.gain.mean == pytest.approx(5.0)


def test_the_finalist_with_the_best_mean_wins_not_the_luckiest() -> None:
    rows = [
        *arms([30.0, 30.0], [50.0, 20.0]),
        a_trial(60, 45.0),
        a_trial(61, 45.0, role="finalist", repeats=60, seed=1),
    ]
    verdict = judge(a_spec(), rows)
    assert verdict.winner is not None
    assert verdict.winner.trial == 60


def test_the_share_of_the_gap_to_the_teacher_is_given() -> None:
    rows = arms([30.0, 30.0], [40.0, 40.0])
    rows[-1].metrics = {"teacher/AP": 80.0}
    verdict = judge(a_spec(), rows)
    assert (verdict.teacher, verdict.gap_closed) == (80.0, pytest.approx(0.2))


def test_a_smaller_loss_is_a_gain_where_the_objective_is_minimised() -> None:
    spec = a_spec(objective={"metric": "train/loss/total", "direction": "minimize"})
    assert judge(spec, arms([3.0, 3.1, 2.9], [1.0, 1.0, 1.0])).outcome == "better"


def test_trials_beyond_a_constraint_do_not_win() -> None:
    spec = a_spec(constraints=[{"metric": "cost/student_parameters", "at_most": 10}])
    rows = [
        a_trial(1, 50.0, metrics={"cost/student_parameters": 20.0}),
        a_trial(2, 40.0, metrics={"cost/student_parameters": 5.0}),
    ]
    winner = judge(spec, rows).winner
    assert winner is not None
    assert winner.trial == 2


def many(num: int = 40) -> list[TrialRow]:
    """Only the weight matters."""
    rows = []
    for number in range(1, num + 1):
        weight, temperature = 0.1 * 1e5 ** ((number * 0.618) % 1), 0.1 * 100 ** ((number * 0.7548) % 1)
        value = 40 - 3 * abs(math.log10(weight) - 2)
        rows.append(a_trial(number, value, parameters={WEIGHT: weight, TEMPERATURE: temperature}))
    return rows


def test_the_dimension_that_decides_is_the_most_important() -> None:
    found = answer(a_spec(), many()).importances
    assert [item.path for item in found] == [WEIGHT, TEMPERATURE]
    assert (found[0].importance or 0) > 0.8
    assert sum(item.importance or 0 for item in found) == pytest.approx(1)


def test_importances_are_those_of_a_study_of_optuna() -> None:
    trials, study = many(), optuna.create_study(direction="maximize")
    log = optuna.distributions.FloatDistribution(0.1, 1e4, log=True)
    distributions = {WEIGHT: log, TEMPERATURE: optuna.distributions.FloatDistribution(0.1, 10, log=True)}
    for row in trials:
        study.add_trial(
            optuna.trial.create_trial(value=row.objective, params=row.parameters, distributions=distributions)
        )
    wanted = optuna.importance.get_param_importances(study, evaluator=PedAnovaImportanceEvaluator())
    assert {item.path: item.importance for item in answer(a_spec(), trials).importances} == wanted


def test_too_few_trials_have_no_importances() -> None:
    assert {item.importance for item in answer(a_spec(), many(7)).importances} == {None}


def test_the_history_holds_each_new_best() -> None:
    history = answer(a_spec(), [a_trial(1, 10.0), a_trial(2, 30.0), a_trial(3, 20.0), a_trial(4, 31.0)]).history
    assert [(item.trial, item.value) for item in history] == [(1, 10.0), (2, 30.0), (4, 31.0)]


def test_the_front_holds_what_nothing_beats_in_everything() -> None:
    spec = a_spec(further_objectives=[{"metric": "cost/student_latency_ms", "direction": "minimize"}])
    rows = [
        a_trial(number, value, further_objectives=[latency])
        for number, value, latency in [(1, 40.0, 9.0), (2, 30.0, 3.0), (3, 29.0, 4.0), (4, 40.0, 10.0)]
    ]
    rows.append(a_trial(5, 99.0, further_objectives=[None]))
    assert [point.trial for point in answer(spec, rows).front] == [1, 2]


def test_the_cost_counts_what_early_stopping_saved() -> None:
    cost = answer(a_spec(), [a_trial(1, 10.0), a_trial(2, 1.0, state="stopped", step=200)]).cost
    assert (cost.steps, cost.full_steps, cost.of) == (1000, 1600, "CPU")
    assert cost.saved == pytest.approx(0.375)
    assert cost.hours == pytest.approx(120 / 3600)


def test_an_ablation_over_seeds_compares_the_means_of_its_options() -> None:
    seeds = {"kind": "choice", "values": [0, 1]}
    spec = a_spec(space={"seed": seeds, TEMPERATURE: {"kind": "choice", "values": [1.0, 2.0]}})
    values = {(1.0, 0): 50.0, (1.0, 1): 20.0, (2.0, 0): 40.0, (2.0, 1): 42.0}
    rows = [
        a_trial(number, value, seed=seed, parameters={"seed": seed, TEMPERATURE: temperature})
        for number, ((temperature, seed), value) in enumerate(values.items(), start=10)
    ]
    verdict = judge(spec, [*rows, a_trial(1, 30.0, role="baseline"), a_trial(2, 31.0, role="baseline", seed=1)])
    assert [(arm.parameters, arm.values) for arm in verdict.finalists] == [
        ({TEMPERATURE: 2.0}, [40.0, 42.0]),
        ({TEMPERATURE: 1.0}, [50.0, 20.0]),
    ]
    assert verdict.gain is not None
    assert verdict.gain.seeds == [0, 1]


def exploited(row: TrialRow) -> TrialRow:
    row.exploits = [{"step": 400, "from_trial": 1}]
    row.schedule = [{"from_step": 0, "parameters": {WEIGHT: 1.0}}, {"from_step": 400, "parameters": {WEIGHT: 2.0}}]
    return row


def test_a_winner_that_changed_on_the_way_is_shown_with_all_its_values() -> None:
    rows = arms([30.0, 31.0], [40.0, 41.0])
    for row in rows[2:]:
        exploited(row)
    winner = judge(a_spec(), rows).winner
    assert winner is not None
    assert [(stretch.from_step, stretch.parameters) for stretch in winner.schedule] == [
        (0, {WEIGHT: 1.0}),
        (400, {WEIGHT: 2.0}),
    ]


def test_trials_that_changed_on_the_way_say_nothing_of_a_dimension() -> None:
    found = answer(a_spec(), [exploited(row) for row in many()])
    assert {one.importance for one in found.importances} == {None}
