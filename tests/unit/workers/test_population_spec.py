"""What a sweep must be for population based training, and how a schedule of values becomes a training."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from tests.unit.workers.test_population import RATE, SPACE, a_population
from tests.unit.workers.test_space import LOSSES, OPTIONS, RM_WEIGHT, WEIGHT
from workers.spec import Stretch

PBT = {"kind": "pbt", "perturbation_interval_steps": 10}
CHOICE = {"kind": "choice", "values": [1.0, 2.0]}
SCHEDULE = (
    Stretch(from_step=0, parameters={RM_WEIGHT: 1.0, RATE: 0.01}),
    Stretch(from_step=10, parameters={RM_WEIGHT: 2.0, RATE: 0.01}),
    Stretch(from_step=20, parameters={RM_WEIGHT: 2.0, RATE: 0.01}),
    Stretch(from_step=30, parameters={RM_WEIGHT: 4.0, RATE: 0.02}),
)


def with_training(**changes: Any) -> dict[str, Any]:
    return {"training": {**a_population().training.model_dump(mode="json"), **changes}}


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        ({"num_trials": 3}, "num_trials is 3; a population for pbt has at least 4"),
        ({"search": {"kind": "tpe"}}, "tpe has nothing to learn from or to order; wanted search: {kind: random}"),
        ({"search": {"kind": "grid"}}, "grid has nothing to learn from"),
        (
            {"further_objectives": [{"metric": "cost/student_gflops", "direction": "minimize"}]},
            "pbt copies the trials that are ahead by one objective",
        ),
        ({"objective": {"value": "best"}}, "may be of weights that pbt has replaced; wanted objective.value: last"),
        ({"objective": {"metric": "cost/student_gflops"}}, "is the same for every trial of pbt"),
        ({"budget": {"gpu_hours": 3}}, "budget.gpu_hours could end nothing"),
        ({"scheduler": {**PBT, "perturbation_interval_steps": 40}}, "there is no round; wanted a shorter interval"),
        (
            {"scheduler": {**PBT, "perturbation_interval_steps": 12}},
            "is 12, and training.evaluate_every_steps, which trials are compared by, is 5: wanted a multiple of it",
        ),
        (
            {"scheduler": {**PBT, "perturbation_interval_steps": 15}},
            "is 15, and training.checkpoint_every_steps, which trials go on from, is 10",
        ),
        ({"objective": {"metric": "train/loss/total"}, **with_training(log_every_steps=7)}, "log_every_steps, which"),
        ({"scheduler": {**PBT, "quantile_fraction": 0.6}}, "less than or equal to 0.5"),
        ({"scheduler": {**PBT, "perturbation_factors": [0.0]}}, "greater than 0"),
        (with_training(changes=[{"from_step": 5, "values": {RATE: 0.1}}]), "wanted a training without changes"),
        (
            {"space": {**SPACE, "num_steps": {"kind": "integer", "low": 20, "high": 40}}},
            "up to the last step",
        ),
        (
            {"space": {**SPACE, "student.backbone.norm": {"kind": "choice", "values": ["batch", "group"]}}},
            "pbt perturbs every dimension on the way, and 'student.backbone.norm' cannot change while a training runs: "
            "the weights of a checkpoint have the shape of its student",
        ),
        ({"space": {LOSSES: OPTIONS}}, "the adaptation to its own teacher and losses"),
        (
            {"space": {RATE: CHOICE, RM_WEIGHT: {**WEIGHT, "when": {RATE: [1.0]}}}},
            f"'{RM_WEIGHT}' does not always exist: wanted no when",
        ),
    ],
)
def test_what_cannot_be_a_population_is_refused_in_words(changes: dict[str, Any], complaint: str) -> None:
    with pytest.raises(ValidationError) as refused:
        a_population(**changes)
    assert complaint in str(refused.value)


def test_a_schedule_becomes_changes_of_a_training() -> None:
    training = a_population().trial_spec(SCHEDULE[-1].parameters, schedule=SCHEDULE)
    assert training.at(0).optimizer.learning_rate == 0.01
    assert [(change.from_step, change.values) for change in training.changes] == [
        (10, {RM_WEIGHT: 2.0}),
        (30, {RM_WEIGHT: 4.0, RATE: 0.02}),
    ]


@pytest.mark.parametrize(("num_steps", "steps"), [(400, [100, 300]), (20, [5, 15]), (4, [1, 3])])
def test_a_schedule_is_stretched_to_a_training_of_other_length(num_steps: int, steps: list[int]) -> None:
    training = a_population().trial_spec(SCHEDULE[-1].parameters, schedule=SCHEDULE, num_steps=num_steps)
    assert training.num_steps == num_steps
    assert [change.from_step for change in training.changes] == steps
    assert training.at(num_steps - 1).optimizer.learning_rate == 0.02


def test_changes_that_fall_together_in_a_short_training_become_one() -> None:
    training = a_population().trial_spec(SCHEDULE[-1].parameters, schedule=SCHEDULE, num_steps=2)
    assert [(change.from_step, change.values) for change in training.changes] == [(1, {RM_WEIGHT: 4.0, RATE: 0.02})]
