"""What a trial tells Tune, and what the driver makes of it."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
from ray.tune.experiment import Trial

from trainer.training import TrainingResult
from workers.heartbeat import HeartbeatReporter
from workers.mlflow_sink import MlflowSink
from workers.spec import JobFolder, Objective, SweepSpec
from workers.sweeps import trial as trial_module
from workers.sweeps.records import TrialRecorder
from workers.sweeps.trial import TuneReporter

SPLIT = {"images": "digits/train", "annotations": "digits/train.json"}


class Sink:
    def flush(self, timeout_s: float) -> bool:
        return True

    def run_id(self, timeout_s: float) -> str:
        return "run"


@pytest.fixture
def reports(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    monkeypatch.setattr(trial_module.tune, "report", found.append)
    return found


def a_reporter() -> TuneReporter:
    return TuneReporter(Objective(), cast(MlflowSink, Sink()), num_steps=200)


def a_result() -> TrainingResult:
    return TrainingResult({"val/AP": 30.0}, Path("student"), 1, 1.0, 200, finished=True)


def test_the_last_step_is_reported_only_when_the_training_is_over(reports: list[dict[str, Any]]) -> None:
    reporter = a_reporter()
    reporter.log_metrics({"val/AP": 10.0}, step=100)
    reporter.log_metrics({"val/AP": 30.0}, step=200)
    assert [report["step"] for report in reports] == [100]
    reporter.finish(a_result())
    assert [(report["step"], report["objective"]) for report in reports] == [(100, 10.0), (200, 30.0)]


def test_a_trial_that_had_ended_before_a_restart_reports_its_end_again(reports: list[dict[str, Any]]) -> None:
    a_reporter().finish(a_result())
    assert [(report["step"], report["objective"]) for report in reports] == [(200, 30.0)]


def a_recorder(tmp_path: Path) -> TrialRecorder:
    space = {"num_steps": {"kind": "integer", "low": 100, "high": 900}}
    training = {"data": {"train": SPLIT, "val": SPLIT}}
    spec = SweepSpec.model_validate({"kind": "sweep", "name": "s", "training": training, "space": space})
    folder = JobFolder(tmp_path, "sweep-aaaaaaaaaa")
    return TrialRecorder(spec, folder, HeartbeatReporter(folder, 1))


def ended(recorder: TrialRecorder, **result: Any) -> tuple[str, str]:
    trial = cast(Trial, SimpleNamespace(config={"num_steps": 300}, path="tune/00001", local_path=None))
    recorder.on_trial_start(0, [], trial)
    if result:
        recorder.on_trial_result(0, [], trial, result)
    recorder.on_trial_complete(0, [], trial)
    return recorder.records[1].state, recorder.records[1].reason


def test_a_trial_with_fewer_steps_than_the_others_succeeds_at_its_own_end(tmp_path: Path) -> None:
    assert ended(a_recorder(tmp_path), objective=30.0, step=300) == ("succeeded", "")


def test_a_trial_that_ended_early_was_stopped(tmp_path: Path) -> None:
    assert ended(a_recorder(tmp_path), objective=3.0, step=100) == ("stopped", "stopped at step 100: others were ahead")


def test_a_trial_without_its_objective_failed(tmp_path: Path) -> None:
    assert ended(a_recorder(tmp_path)) == ("failed", "the training never logged val/AP")
