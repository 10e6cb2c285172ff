"""Values that change while a training runs, and checkpoints that another training goes on from."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import torch
from pydantic import ValidationError

from tests.unit.trainer.factories import make_training
from tests.unit.trainer.test_resume import StopsAfter, require_same_end
from trainer import folders
from trainer.detectors import load_detector
from trainer.errors import InputError
from trainer.folders import branch, checkpoint_path
from trainer.reporting import NullReporter
from trainer.training import train

RM_WEIGHT = "distillation.losses.rank_mimicking.weight"
RM_TEMPERATURE = "distillation.losses.rank_mimicking.temperature"
EVERYTHING = {
    RM_WEIGHT: 0.5,
    RM_TEMPERATURE: 3.0,
    "optimizer.learning_rate": 0.05,
    "optimizer.weight_decay": 0.1,
    "optimizer.momentum": 0.5,
    "optimizer.max_gradient_norm": 0.5,
    "ema_decay": 0.1,
}


def a_training(changes: list[dict[str, Any]] | None = None, **other: Any) -> Any:
    sgd = {"kind": "sgd", "learning_rate": 0.01, "warmup_steps": 2, "schedule": "step"}
    return make_training(distil=True, **{"optimizer": sgd, "ema_decay": 0.9, "changes": changes or [], **other})


def run(spec: Any, out: Path, data_root: Path, *, until: int | None = None) -> Path:
    train(spec, out=out, data_root=data_root, reporter=NullReporter() if until is None else StopsAfter(until))
    return out


def test_what_holds_in_a_step_is_the_sum_of_the_changes_before_it() -> None:
    spec = a_training([{"from_step": 2, "values": {RM_WEIGHT: 0.5}}, {"from_step": 4, "values": {RM_TEMPERATURE: 3.0}}])

    def losses(step: int) -> tuple[float, float]:
        assert spec.at(step).changes == ()
        loss = spec.at(step).distillation.losses[0]
        return loss.weight, loss.temperature

    assert [losses(step) for step in (0, 1, 2, 3, 4, 5)] == [(4, 1), (4, 1), (0.5, 1), (0.5, 1), (0.5, 3), (0.5, 3)]
    assert spec.until(4).changes == spec.changes[:1]


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory, data_root: Path) -> Path:
    """A training without changes."""
    return run(a_training(), tmp_path_factory.mktemp("plain"), data_root)


@pytest.mark.parametrize("path", EVERYTHING)
def test_each_change_makes_another_student(tmp_path: Path, data_root: Path, plain: Path, path: str) -> None:
    out = run(a_training([{"from_step": 4, "values": {path: EVERYTHING[path]}}]), tmp_path, data_root)
    found, wanted = (load_detector(folder / "student.safetensors")[0].state_dict() for folder in (out, plain))
    assert not all(torch.equal(value, wanted[name]) for name, value in found.items())


def test_a_training_goes_on_with_changed_values_as_if_they_had_been_known_from_the_start(
    tmp_path: Path, data_root: Path
) -> None:
    changed = a_training([{"from_step": 4, "values": EVERYTHING}])
    known = run(changed, tmp_path / "known", data_root)
    found = run(a_training(), tmp_path / "found", data_root, until=4)
    require_same_end(run(changed, found, data_root), known)


def test_another_training_goes_on_from_a_checkpoint_and_the_first_one_is_not_touched(
    tmp_path: Path, data_root: Path, plain: Path
) -> None:
    first = run(a_training(), tmp_path / "first", data_root, until=4)
    changed = a_training([{"from_step": 4, "values": EVERYTHING}])
    branch(first, tmp_path / "second", step=4)
    second = run(changed, tmp_path / "second", data_root)
    require_same_end(second, run(changed, tmp_path / "known", data_root))
    require_same_end(run(a_training(), first, data_root), plain)


def test_a_branch_keeps_its_checkpoint_when_the_source_lets_go_of_it(
    tmp_path: Path, data_root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_links(*paths: Path) -> None:
        raise OSError("operation not supported")

    first = run(a_training(), tmp_path / "first", data_root, until=4)
    content = checkpoint_path(first, step=4).read_bytes()
    branch(first, tmp_path / "linked", step=4)
    monkeypatch.setattr(folders.os, "link", no_links)
    branch(first, tmp_path / "copied", step=4)
    checkpoint_path(first, step=4).unlink()
    for out in (tmp_path / "linked", tmp_path / "copied"):
        assert checkpoint_path(out, step=4).read_bytes() == content
    with pytest.raises(InputError, match="has no checkpoint of step 4"):
        branch(first, tmp_path / "late", step=4)


@pytest.mark.parametrize(
    "changed",
    [
        {"changes": [{"from_step": 2, "values": {RM_WEIGHT: 0.5}}]},
        {"batch_size": 1},
        {"optimizer": {"kind": "sgd", "learning_rate": 0.5}},
    ],
)
def test_a_checkpoint_whose_steps_were_made_with_other_values_is_refused(
    tmp_path: Path, data_root: Path, changed: dict[str, Any]
) -> None:
    found = run(a_training(), tmp_path / "found", data_root, until=4)
    with pytest.raises(InputError, match="holds checkpoints of another training"):
        run(a_training(**changed), found, data_root)


@pytest.mark.parametrize(
    ("values", "complaint"),
    [
        (
            {"student.fpn_channels": 32},
            "the weights of a checkpoint have the shape of its student; what can: ",
        ),
        ({"distillation.losses.cross.num_teacher_convs": 2}, "the adaptation to its own teacher and losses"),
        ({"batch_size": 4}, "a place in a fixed order of images"),
        ({"num_steps": 4}, "scheduled up to the last step"),
        ({"optimizer.warmup_steps": 4}, "scheduled from the first step on"),
        ({"log_every_steps": 4}, "it decides how a training runs"),
        ({"distillation.losses.soft_labels.weight": 1}, "'soft_labels' was not found, there is"),
        ({"optimizer.learning_rate": 100}, "the change at step 2: Input should be less than or equal to 10"),
    ],
)
def test_a_change_that_cannot_be_made_is_refused_with_the_reason(values: dict[str, float], complaint: str) -> None:
    with pytest.raises(ValidationError, match=complaint):
        a_training([{"from_step": 2, "values": values}])


def test_changes_come_in_order_and_before_the_end() -> None:
    def at(*steps: int) -> None:
        a_training([{"from_step": step, "values": {RM_WEIGHT: 1.0}} for step in steps])

    with pytest.raises(ValidationError, match=r"changes are at the steps \[4, 2\]"):
        at(4, 2)
    with pytest.raises(ValidationError, match="a change is at step 6, and num_steps is 6"):
        at(6)
    with pytest.raises(ValidationError, match="a training runs that has no moving average"):
        a_training([{"from_step": 2, "values": {"ema_decay": 0.5}}], ema_decay=None)
