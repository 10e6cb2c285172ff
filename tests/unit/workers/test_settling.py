"""Runs of trials that end at MLflow while the next trial trains, or that the driver ends. MLflow's store is real."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from mlflow import MlflowClient

from tests.unit.trainer.factories import make_training, training_document, write_data_root
from trainer.reporting import NullReporter, Reporter
from workers import mlflow_sink
from workers.mlflow_sink import MlflowSink, RunKey
from workers.spec import AttemptOrder, JobFolder, SweepSpec, TrialRecord
from workers.spec.space import Uniform
from workers.sweeps.settling import Settler, run_key, settle_ended
from workers.training_run import SETTLED, settle_training, train_and_settle_later

PARENT = "0" * 32
NOWHERE = "http://127.0.0.1:9"


@pytest.fixture(scope="module")
def data_root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_data_root(tmp_path_factory.mktemp("data"))


@pytest.fixture(scope="module")
def empty_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Making MLflow's tables takes seconds."""
    path = tmp_path_factory.mktemp("mlflow") / "mlflow.db"
    MlflowClient(f"sqlite:///{path}").search_experiments()
    return path


@pytest.fixture
def uri(tmp_path: Path, empty_store: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.chdir(tmp_path)  # where MLflow puts artifacts
    return f"sqlite:///{shutil.copy(empty_store, tmp_path)}"


@pytest.fixture
def order(uri: str, data_root: Path) -> AttemptOrder:
    spec = SweepSpec.model_validate(
        {
            "name": "sweep",
            "training": training_document(),
            "space": {"optimizer.learning_rate": Uniform(low=1e-4, high=1e-2).model_dump()},
            "num_trials": 2,
        }
    )
    return AttemptOrder(
        job_id="job-aaaaaaaaaa", attempt=1, spec=spec, mlflow_tracking_uri=uri, data_root=str(data_root)
    )


@pytest.fixture
def folder(tmp_path: Path, order: AttemptOrder) -> JobFolder:
    return JobFolder(tmp_path / "storage", order.job_id)


Later = Callable[[Callable[[], object]], None]


def train(order: AttemptOrder, folder: JobFolder, later: Later, *, reporter: Reporter | None = None) -> Path:
    """Train trial 1; returns its folder."""
    train_and_settle_later(
        make_training(),
        out=folder.trial(1),
        data_root=Path(order.data_root),
        tracking_uri=order.mlflow_tracking_uri,
        key=key_of(order),
        reporters=[],
        before=lambda sink: [reporter or NullReporter()],
        later=later,
    )
    return folder.trial(1)


def train_and_be_killed(order: AttemptOrder, folder: JobFolder) -> Path:
    """Train trial 1 in a process that is killed before it comes to its run."""
    sinks: list[MlflowSink] = []

    def note(sink: MlflowSink) -> list[Reporter]:
        sinks.append(sink)
        return []

    train_and_settle_later(
        make_training(),
        out=folder.trial(1),
        data_root=Path(order.data_root),
        tracking_uri=NOWHERE,
        key=key_of(order),
        reporters=[],
        before=note,
        later=lambda action: None,
    )
    sinks[0].close(0, needs_run=False)
    return folder.trial(1)


def key_of(order: AttemptOrder) -> RunKey:
    return run_key(order, 1, "search", PARENT, exploits=0)


def a_record(state: str = "succeeded") -> TrialRecord:
    now = datetime.now(UTC)
    return TrialRecord.model_validate(
        {"number": 1, "state": state, "parameters": {}, "started_at": now, "ended_at": now}
    )


def ended(order: AttemptOrder, folder: JobFolder, *, state: str = "succeeded", patience_s: float = 30.0) -> list[str]:
    """What the driver finds of trial 1: the ids of runs that are in order."""
    found: list[str] = []
    settle_ended(
        order, folder, [a_record(state)], PARENT, patience_s=patience_s, on_run=lambda _, run: found.append(run)
    )
    return found


def the_run(order: AttemptOrder) -> Any:
    client = MlflowClient(order.mlflow_tracking_uri)
    experiment = client.get_experiment_by_name(order.spec.project)
    assert experiment is not None
    [run] = client.search_runs([experiment.experiment_id])
    return run


def student_of(order: AttemptOrder) -> list[str]:
    found = MlflowClient(order.mlflow_tracking_uri).list_artifacts(the_run(order).info.run_id, "student")
    return [item.path for item in found]


def test_the_run_of_a_trial_ends_after_its_training(order: AttemptOrder, folder: JobFolder) -> None:
    settler = Settler()
    out = train(order, folder, settler.put)
    settler.wait()
    run = the_run(order)
    assert run.info.status == "FINISHED"
    assert run.data.metrics["val/AP"] >= 0
    assert student_of(order) == ["student/student.safetensors"]
    assert (out / SETTLED).read_text() == run.info.run_id


def test_what_a_killed_process_left_undone_is_done_from_storage(order: AttemptOrder, folder: JobFolder) -> None:
    train_and_be_killed(order, folder)
    [run_id] = ended(order, folder)
    run = the_run(order)
    assert (run.info.run_id, run.info.status) == (run_id, "FINISHED")
    assert run.data.metrics["val/AP"] >= 0
    assert student_of(order) == ["student/student.safetensors"]


def test_it_is_done_once(order: AttemptOrder, folder: JobFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    train_and_be_killed(order, folder)
    [run_id] = ended(order, folder)
    monkeypatch.setattr("workers.training_run.MlflowSink", None)  # nothing is sent any more
    assert ended(order, folder) == [run_id]


def test_the_run_of_a_stopped_trial_ends_without_a_student(order: AttemptOrder, folder: JobFolder) -> None:
    settler = Settler()

    class Stopping(NullReporter):
        def log_metrics(self, metrics: object, *, step: int) -> None:
            if step:
                raise SystemExit  # as Tune does

    with pytest.raises(SystemExit):
        train(order, folder, settler.put, reporter=Stopping())
    settler.wait()
    assert the_run(order).info.status == "KILLED"
    assert student_of(order) == []


def test_a_trial_that_goes_on_is_not_taken_for_one_that_was_settled(order: AttemptOrder, folder: JobFolder) -> None:
    train_and_be_killed(order, folder)
    [_] = ended(order, folder, state="stopped")
    assert the_run(order).info.status == "KILLED"
    out = train_and_be_killed(order, folder)
    assert not (out / SETTLED).exists()
    [_] = ended(order, folder)
    assert the_run(order).info.status == "FINISHED"


def test_a_server_that_stays_away_costs_no_more_than_patience(
    order: AttemptOrder, folder: JobFolder, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(mlflow_sink, "RETRY_EVERY_S", 0.05)
    away = order.model_copy(update={"mlflow_tracking_uri": NOWHERE})
    train_and_be_killed(order, folder)
    assert ended(away, folder, patience_s=0.3) == []
    assert "what it lacks is in storage" in caplog.text
    [_] = ended(order, folder)
    assert the_run(order).info.status == "FINISHED"


def test_a_trial_that_never_began_has_nothing_to_settle(order: AttemptOrder, folder: JobFolder) -> None:
    assert ended(order, folder, state="failed") == []
    assert (
        settle_training(folder.trial(1), tracking_uri="none", key=key_of(order), status="FAILED", patience_s=1) is None
    )


def test_one_run_that_cannot_be_ended_does_not_keep_the_next_from_ending(caplog: pytest.LogCaptureFixture) -> None:
    settler, done = Settler(), []

    def broken() -> None:
        raise RuntimeError("the disk is gone")

    settler.put(broken)
    settler.put(lambda: done.append(1))
    settler.wait()
    assert done == [1]
    assert "the disk is gone" in caplog.text


def test_a_run_whose_creation_was_not_answered_is_found_again(
    order: AttemptOrder, folder: JobFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mlflow_sink, "RETRY_EVERY_S", 0.05)
    create, asked = MlflowClient.create_run, []

    def unanswered(self: MlflowClient, *arguments: Any, **named: Any) -> Any:
        asked.append(create(self, *arguments, **named))
        raise ConnectionError("the answer was lost")

    monkeypatch.setattr(MlflowClient, "create_run", unanswered)
    settler = Settler()
    train(order, folder, settler.put)
    settler.wait()
    assert len(asked) == 1
    assert the_run(order).info.status == "FINISHED"
