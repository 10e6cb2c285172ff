"""Search spaces: conditions, options, grids, fixed trials."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from trainer.spec import RankMimicking
from workers.spec import SweepSpec
from workers.spec.space import grid

SPLIT = {"images": "digits/train", "annotations": "digits/train.json"}
LOSSES = "distillation.losses"
RM_WEIGHT = "distillation.losses.rank_mimicking.weight"
OPTIONS = {
    "kind": "options",
    "options": [
        {"label": "RM", "value": [{"kind": "rank_mimicking"}]},
        {"label": "PFI", "value": [{"kind": "feature_imitation"}]},
        {"label": "RM + PFI", "value": [{"kind": "rank_mimicking"}, {"kind": "feature_imitation"}]},
    ],
}
WEIGHT = {"kind": "uniform", "low": 0.01, "high": 10, "log": True}


def a_sweep(**changes: Any) -> SweepSpec:
    training = {
        "data": {"train": SPLIT, "val": SPLIT},
        "distillation": {"teacher": {"weights": "teacher.safetensors"}},
    }
    return SweepSpec.model_validate(
        {"kind": "sweep", "name": "s", "training": training, "space": {RM_WEIGHT: WEIGHT}, **changes}
    )


def losses_space(**when: Any) -> dict[str, Any]:
    return {RM_WEIGHT: {**WEIGHT, "when": when["when"]}, LOSSES: OPTIONS}


def test_a_dimension_may_exist_only_beside_its_loss() -> None:
    sweep = a_sweep(space=losses_space(when={LOSSES: ["RM", "RM + PFI"]}))
    assert list(sweep.ordered_space) == [LOSSES, RM_WEIGHT]
    training = sweep.trial_spec({RM_WEIGHT: 0.5, LOSSES: "RM"})
    assert training.distillation is not None
    [loss] = training.distillation.losses
    assert isinstance(loss, RankMimicking)
    assert loss.weight == 0.5
    assert len(sweep.trial_spec({LOSSES: "PFI"}).distillation.losses) == 1  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("when", "complaint"),
    [
        ({}, "'rank_mimicking' was not found"),
        ({"optimizer": ["RM"]}, "which is no dimension; there is"),
        ({LOSSES: ["XY"]}, "can only be one of"),
        ({RM_WEIGHT: [1]}, "which is a range"),
    ],
)
def test_a_condition_that_cannot_hold_is_refused(when: dict[str, Any], complaint: str) -> None:
    with pytest.raises(ValidationError, match=complaint):
        a_sweep(space={LOSSES: OPTIONS, RM_WEIGHT: {**WEIGHT, "when": when}})


def test_conditions_in_a_circle_are_refused() -> None:
    two = {"kind": "choice", "values": [1, 2]}
    space = {
        "optimizer.warmup_steps": {**two, "when": {"log_every_steps": [1]}},
        "log_every_steps": {**two, "when": {"optimizer.warmup_steps": [1]}},
    }
    with pytest.raises(ValidationError, match="conditions run in a circle"):
        a_sweep(space=space)


def test_labels_are_unique() -> None:
    with pytest.raises(ValidationError, match="labels must be unique, found more than once: RM"):
        a_sweep(space={LOSSES: {"kind": "options", "options": [OPTIONS["options"][0]] * 2}})  # type: ignore[index]


def test_a_grid_is_evenly_spaced_and_ends_at_the_bounds() -> None:
    space = a_sweep().space
    assert grid(space[RM_WEIGHT], 4) == pytest.approx((0.01, 0.1, 1.0, 10.0))
    steps = a_sweep(space={"num_steps": {"kind": "integer", "low": 1, "high": 3}})
    assert grid(steps.space["num_steps"], 5) == (1, 2, 3)


@pytest.mark.parametrize(
    ("fixed", "complaint"),
    [
        ({"num_steps": 5}, "sets 'num_steps', which is no dimension"),
        ({RM_WEIGHT: 20.0}, "to 20.0, which is outside its dimension"),
        ({RM_WEIGHT: True}, "to True, which is outside its dimension"),
    ],
)
def test_a_fixed_trial_outside_the_space_is_refused(fixed: dict[str, Any], complaint: str) -> None:
    with pytest.raises(ValidationError, match=complaint):
        a_sweep(fixed_trials=[fixed])


def test_the_trainings_of_a_sweep_are_counted_with_its_controls() -> None:
    assert a_sweep(num_trials=10).num_trainings == 10 + 3 + 2 * 2
    assert a_sweep(num_trials=10, controls={"baseline": False, "num_finalists": 0}).num_trainings == 10


def test_a_baseline_is_the_student_without_distillation() -> None:
    baseline = a_sweep().baseline_spec(seed=7)
    assert (baseline.distillation, baseline.seed) == (None, 7)
    assert not a_sweep(
        training={"data": {"train": SPLIT, "val": SPLIT}}, space={"seed": {"kind": "integer", "low": 0, "high": 3}}
    ).has_baseline
