"""Jobs and sweeps as users write them."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from trainer.spec import CacheSpec, DataSpec, FeatureImitation, RankMimicking, TeacherSpec
from trainer.spec.paths import get_at, set_at
from workers.spec import JobSpec, SweepSpec

SPLIT = {"images": "digits/train", "annotations": "digits/train.json"}
RM_WEIGHT = "distillation.losses.rank_mimicking.weight"


def a_sweep(**changes: Any) -> dict[str, Any]:
    training = {
        "data": {"train": SPLIT, "val": SPLIT},
        "distillation": {"teacher": {"weights": "teacher.safetensors"}},
    }
    space = {RM_WEIGHT: {"kind": "uniform", "low": 0.01, "high": 10, "log": True}}
    return {"kind": "sweep", "name": "s", "training": training, "space": space, **changes}


def test_a_trial_is_the_training_with_its_parameters_set() -> None:
    sweep = SweepSpec.model_validate(a_sweep())
    training = sweep.trial_spec({RM_WEIGHT: 0.5, "optimizer.learning_rate": 0.001})
    assert training.distillation is not None
    rank_mimicking, imitation = training.distillation.losses
    assert isinstance(rank_mimicking, RankMimicking)
    assert isinstance(imitation, FeatureImitation)
    assert rank_mimicking.weight == 0.5
    assert imitation.weight == FeatureImitation().weight
    assert training.optimizer.learning_rate == 0.001


def cache_of(sweep: dict[str, Any], **data: Any) -> CacheSpec | None:
    sweep["training"]["data"] |= data
    distillation = SweepSpec.model_validate(sweep).trial_spec({RM_WEIGHT: 0.5}).distillation
    assert distillation is not None
    return distillation.cache


def test_trials_share_teacher_outputs_where_images_stay_the_same() -> None:
    assert cache_of(a_sweep(), horizontal_flip=0.5) == CacheSpec()
    assert cache_of(a_sweep(), scale_range=[0.5, 1.0]) is None
    assert cache_of(a_sweep(), photometric=0.5) is None
    assert cache_of(a_sweep(share_teacher_outputs=False)) is None
    own = a_sweep()
    own["training"]["distillation"]["cache"] = {"max_gb": 1}
    assert cache_of(own) == CacheSpec(max_gb=1)
    assert SweepSpec.model_validate(a_sweep()).baseline_spec(seed=1).distillation is None


def test_a_dimension_that_names_no_field_is_refused_with_what_there_is() -> None:
    space = {"distillation.losses.rank.weight": {"kind": "uniform", "low": 0, "high": 1}}
    with pytest.raises(ValidationError, match="'rank' was not found, there is: feature_imitation, rank_mimicking"):
        SweepSpec.model_validate(a_sweep(space=space))


def test_a_dimension_that_leaves_the_field_s_bounds_is_refused() -> None:
    space = {RM_WEIGHT: {"kind": "uniform", "low": -1, "high": 1}}
    with pytest.raises(ValidationError, match="greater than or equal to 0"):
        SweepSpec.model_validate(a_sweep(space=space))


@pytest.mark.parametrize(
    ("dimension", "complaint"),
    [
        ({"kind": "uniform", "low": 2, "high": 1}, "low must be below high, found low=2 and high=1"),
        ({"kind": "uniform", "low": 0, "high": 1, "log": True}, "needs low above 0, found 0"),
        ({"kind": "integer", "low": 2, "high": 2}, "low must be below high"),
        ({"kind": "choice", "values": []}, "at least 1 item"),
    ],
)
def test_a_dimension_without_room_is_refused(dimension: dict[str, Any], complaint: str) -> None:
    with pytest.raises(ValidationError, match=complaint):
        SweepSpec.model_validate(a_sweep(space={RM_WEIGHT: dimension}))


def test_list_items_are_addressed_by_name() -> None:
    document = {"losses": [{"name": "a", "weight": 1}, {"name": "b", "weight": 2}]}
    set_at(document, "losses.b.weight", 5)
    assert get_at(document, "losses.b.weight") == 5
    assert get_at(document, "losses.a.weight") == 1


@pytest.mark.parametrize(
    ("path", "dimension", "complaint"),
    [
        ("num_steps", {"kind": "uniform", "low": 100, "high": 200}, "valid integer"),
        ("student.fpn_channels", {"kind": "integer", "low": 16, "high": 64}, "multiple of 8"),
    ],
)
def test_a_dimension_whose_edges_alone_are_allowed_is_refused(
    path: str, dimension: dict[str, Any], complaint: str
) -> None:
    with pytest.raises(ValidationError, match=f"the dimension '{path}' reaches .*{complaint}"):
        SweepSpec.model_validate(a_sweep(space={path: dimension}))


def test_the_longest_trial_counts_where_steps_are_searched() -> None:
    space = {"num_steps": {"kind": "integer", "low": 100, "high": 900}}
    assert SweepSpec.model_validate(a_sweep(space=space)).max_steps == 900
    assert SweepSpec.model_validate(a_sweep()).max_steps == 800


@pytest.mark.parametrize("metric", ["val/ap", "AP", "teacher/AP", "train/loss/", ""])
def test_an_objective_that_no_training_logs_is_refused(metric: str) -> None:
    with pytest.raises(ValidationError, match=r"no training logs .*, wanted one of: val/AP, val/AP50"):
        SweepSpec.model_validate(a_sweep(objective={"metric": metric}))


@pytest.mark.parametrize("metric", ["val/AP", "val/AP50", "val/AP/hair drier", "train/loss/rank_mimicking"])
def test_an_objective_that_a_training_logs_is_taken(metric: str) -> None:
    assert SweepSpec.model_validate(a_sweep(objective={"metric": metric})).objective.metric == metric


@pytest.mark.parametrize(
    ("data", "complaint"),
    [
        ({"train": SPLIT}, "val missing; wanted train and val, or the name of a dataset"),
        ({}, "train and val missing"),
        ({"dataset": "digits", "val": SPLIT}, "train missing"),
        ({"dataset": "Digits/2"}, "should match pattern"),
        ({"dataset": "digits@"}, "should match pattern"),
    ],
)
def test_data_is_either_named_or_two_splits(data: dict[str, Any], complaint: str) -> None:
    with pytest.raises(ValidationError, match=complaint):
        DataSpec.model_validate(data)


def test_a_teacher_is_either_named_or_a_file() -> None:
    with pytest.raises(
        ValidationError, match="wanted the path of a weights file, the name of a model, or a detector of torchvision"
    ):
        TeacherSpec.model_validate({})
    assert TeacherSpec(model="digits-teacher@production").weights is None


def test_a_job_has_as_many_processes_on_each_of_its_nodes() -> None:
    def on(nodes: int, processes: int) -> JobSpec:
        training = {"data": {"train": SPLIT, "val": SPLIT}, "distributed": {"world_size": processes}, "batch_size": 12}
        return JobSpec.model_validate({"name": "wide", "nodes": nodes, "training": training})

    assert on(2, 4).nodes == 2
    with pytest.raises(ValidationError, match=r"nodes is 2 and training\.distributed\.world_size 3; wanted as many"):
        on(2, 3)
