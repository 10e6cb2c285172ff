"""What a trial tells Tune, and what the driver makes of it."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
from ray import cloudpickle
from ray.exceptions import ActorUnavailableError
from ray.tune.experiment import Trial

from trainer.training import TrainingResult
from workers.heartbeat import HeartbeatReporter
from workers.place import Place
from workers.spec import JobFolder, Objective, Steering, SweepSpec
from workers.sweeps import trial as trial_module
from workers.sweeps.plan import Planned
from workers.sweeps.records import MAX_LOSSES, TrialRecorder
from workers.sweeps.stopping import DurableAsha, scheduler
from workers.sweeps.trial import TuneReporter

SPLIT = {"images": "digits/train", "annotations": "digits/train.json"}


@pytest.fixture
def reports(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    monkeypatch.setattr(trial_module.tune, "report", found.append)
    return found


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "trial" / "reports.json"


def a_reporter(path: Path) -> TuneReporter:
    return TuneReporter((Objective(),), num_steps=200, path=path)


def a_result() -> TrainingResult:
    return TrainingResult({"val/AP": 30.0}, Path("student"), 1, 1.0, 200, finished=True)


def test_the_last_step_is_reported_only_when_the_training_is_over(reports: list[dict[str, Any]], path: Path) -> None:
    reporter = a_reporter(path)
    reporter.log_metrics({"val/AP": 10.0}, step=100)
    reporter.log_metrics({"val/AP": 30.0}, step=200)
    assert [report["step"] for report in reports] == [100]
    reporter.finish(a_result())
    assert [(report["step"], report["objective"]) for report in reports] == [(100, 10.0), (200, 30.0)]


def test_a_trial_that_had_ended_before_a_restart_reports_its_end_again(
    reports: list[dict[str, Any]], path: Path
) -> None:
    a_reporter(path).finish(a_result())
    assert [(report["step"], report["objective"]) for report in reports] == [(200, 30.0)]


def test_an_interrupted_trial_reports_anew_what_it_had_reported(reports: list[dict[str, Any]], path: Path) -> None:
    a_reporter(path).log_metrics({"val/AP": 10.0}, step=100)
    again = a_reporter(path)
    again.replay()
    again.log_metrics({"val/AP": 10.0}, step=100)  # the checkpoint was older than the report
    again.finish(a_result())
    assert [(report["step"], report["objective"]) for report in reports] == [(100, 10.0), (100, 10.0), (200, 30.0)]


def test_the_best_value_and_further_objectives_are_told(reports: list[dict[str, Any]], path: Path) -> None:
    latency = Objective(metric="cost/student_latency_ms", direction="minimize")
    best = Objective(value="best")
    reporter = TuneReporter((best, latency), num_steps=200, path=path)
    reporter.log_metrics({"cost/student_latency_ms": 3.0}, step=0)
    for step, value in ((50, 40.0), (100, 10.0)):
        reporter.log_metrics({"val/AP": value}, step=step)
    assert [(report["objective"], report["further_objectives"]) for report in reports] == [(40.0, [3.0]), (40.0, [3.0])]
    assert reports[-1]["val/AP"] == 10.0


def test_a_trial_interrupted_before_its_first_report_still_tells_its_costs(
    reports: list[dict[str, Any]], path: Path
) -> None:
    a_reporter(path).log_metrics({"cost/student_latency_ms": 3.0, "cost/teacher_latency_ms": 9.0}, step=0)
    a_reporter(path).log_metrics({"val/AP": 10.0}, step=100)
    assert reports[0]["cost/student_latency_ms"] == 3.0
    assert "cost/teacher_latency_ms" not in reports[0]


def a_spec(**changes: Any) -> SweepSpec:
    space = {"num_steps": {"kind": "integer", "low": 100, "high": 900}}
    training = {"data": {"train": SPLIT, "val": SPLIT}}
    return SweepSpec.model_validate({"kind": "sweep", "name": "s", "training": training, "space": space, **changes})


def a_recorder(tmp_path: Path) -> TrialRecorder:
    folder = JobFolder(tmp_path, "sweep-aaaaaaaaaa")
    return TrialRecorder(a_spec(), folder, HeartbeatReporter(folder, 1))


def a_trial(number: int = 1, *, role: str = "search", pickled: Path | None = None, text: Path | None = None) -> Trial:
    given = {"number": number, "role": role, "seed": 0, "parameters": {"num_steps": 300}}
    files = {"pickled_error_file": pickled and str(pickled), "error_file": text and str(text)}
    return cast(Trial, SimpleNamespace(config=given, trial_id=f"tune-{number}", **files))


def ended(recorder: TrialRecorder, **result: Any) -> tuple[str, str]:
    recorder.begin(Planned(1, "search", 0, {"num_steps": 300}))
    if result:
        recorder.on_trial_result(0, [], a_trial(), result)
    recorder.on_trial_complete(0, [], a_trial())
    return recorder.records[1].state, recorder.records[1].reason


def test_a_trial_with_fewer_steps_than_the_others_succeeds_at_its_own_end(tmp_path: Path) -> None:
    assert ended(a_recorder(tmp_path), objective=30.0, step=300) == ("succeeded", "")


def test_a_trial_that_ended_early_was_stopped(tmp_path: Path) -> None:
    assert ended(a_recorder(tmp_path), objective=3.0, step=100) == ("stopped", "stopped at step 100: others were ahead")


def test_a_trial_without_its_objective_failed(tmp_path: Path) -> None:
    assert ended(a_recorder(tmp_path)) == ("failed", "the training never logged val/AP")


def test_a_trial_whose_machine_was_lost_stays_open_and_fails_at_last(tmp_path: Path) -> None:
    recorder = a_recorder(tmp_path)
    recorder.begin(Planned(1, "search", 0, {"num_steps": 300}))
    lost = tmp_path / "error.pkl"
    lost.write_bytes(cloudpickle.dumps(ActorUnavailableError("socket closed", b"0" * 16)))
    for losses in range(1, MAX_LOSSES + 1):
        recorder.on_trial_error(0, [], a_trial(pickled=lost))
        assert (recorder.records[1].state, recorder.records[1].losses) == ("running", losses)
    recorder.on_trial_error(0, [], a_trial(pickled=lost))
    assert recorder.records[1].state == "failed"


def test_a_trial_that_failed_says_why_before_tune_has_its_files_in_the_storage(tmp_path: Path) -> None:
    recorder = a_recorder(tmp_path)
    recorder.begin(Planned(1, "search", 0, {"num_steps": 300}))
    told = tmp_path / "error.txt"
    told.write_text("Traceback\nRuntimeError: bad_input: there is no folder /data/train")
    recorder.on_trial_error(0, [], a_trial(text=told))
    assert (recorder.records[1].cause, recorder.records[1].reason) == ("bad_input", "there is no folder /data/train")


def test_reports_are_kept_once_for_each_step(tmp_path: Path) -> None:
    recorder = a_recorder(tmp_path)
    recorder.begin(Planned(1, "search", 0, {"num_steps": 300}))
    for step, value in ((100, 1.0), (200, float("nan")), (100, 1.0), (300, 3.0)):
        recorder.on_trial_result(0, [], a_trial(), {"objective": value, "step": step, "val/AP": value, "pid": 7})
    [record] = recorder._folder.read_trials()
    assert [(report.step, report.value) for report in record.reports] == [(100, 1.0), (200, None), (300, 3.0)]
    assert (record.step, record.metrics) == (300, {"val/AP": 3.0})


def an_asha(path: Path) -> DurableAsha:
    asha = DurableAsha(a_spec(scheduler={"kind": "asha", "grace_steps": 100, "reduction_factor": 3}), path)
    asha.set_search_properties("objective", "max")
    return asha


def judged(asha: DurableAsha, number: int, value: float, *, role: str = "search") -> str:
    trial = a_trial(number, role=role)
    asha.on_trial_add(None, trial)
    return asha.on_trial_result(None, trial, {"objective": value, "step": 100})


def test_rungs_outlive_their_process(tmp_path: Path) -> None:
    path = tmp_path / "rungs.json"
    whole, first = an_asha(path), None
    values = [5.0, 1.0, 6.0, 4.0, 9.0, 2.0]
    verdicts = [judged(whole, number, value) for number, value in enumerate(values)]
    assert {"STOP", "CONTINUE"} == set(verdicts)
    again = tmp_path / "again.json"
    for number, value in enumerate(values):
        first = an_asha(again)  # a new process for each trial
        assert judged(first, number, value) == verdicts[number]
    assert again.read_text() == path.read_text()


def test_a_trial_that_starts_again_passes_the_rungs_that_it_had_passed(tmp_path: Path) -> None:
    path = tmp_path / "rungs.json"
    judged(an_asha(path), 1, 1.0)
    for number in (2, 3, 4, 5):
        judged(an_asha(path), number, 10.0)
    assert judged(an_asha(path), 1, 1.0) == "CONTINUE"


def test_controls_are_not_judged(tmp_path: Path) -> None:
    asha = an_asha(tmp_path / "rungs.json")
    for number in range(1, 5):
        judged(asha, number, 10.0)
    assert judged(asha, 9, 0.0, role="baseline") == "CONTINUE"
    assert judged(asha, 10, 0.0) == "STOP"


@pytest.mark.parametrize("kind", ["none", "asha"])
def test_a_trial_that_a_person_stops_ends_at_its_next_evaluation(tmp_path: Path, kind: str) -> None:
    asked = Steering(stop_trials=(2,))
    judge = scheduler(a_spec(scheduler={"kind": kind}), tmp_path / "rungs.json", lambda: asked)
    judge.set_search_properties("objective", "max")
    verdicts = []
    for number in (1, 2):
        judge.on_trial_add(None, a_trial(number))
        verdicts.append(judge.on_trial_result(None, a_trial(number), {"objective": 5.0, "step": 10}))
    assert verdicts == ["CONTINUE", "STOP"]


def test_each_start_of_a_trial_takes_the_place_of_the_one_before(tmp_path: Path) -> None:
    recorder = a_recorder(tmp_path)
    starts = [recorder.begin(Planned(1, "search", 0, {"num_steps": 300})).starts for _ in range(2)]
    assert starts == [1, 2]
    folder = JobFolder(tmp_path, "sweep-aaaaaaaaaa")
    assert Place(folder, 1, trial=1, start=1).why_lost() == "trial 1 was started again elsewhere"
    assert a_recorder(tmp_path).begin(Planned(1, "search", 0, {"num_steps": 300})).starts == 3, "also by a new driver"
