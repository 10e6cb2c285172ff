"""What the driver brings to MLflow of trials in other processes. MLflow's store is real."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from mlflow import MlflowClient
from mlflow.exceptions import MlflowException
from mlflow.protos.databricks_pb2 import INVALID_PARAMETER_VALUE

from tests.unit.trainer.factories import make_training, training_document, write_data_root
from trainer.reporting import NullReporter, Reporter, Reporters
from trainer.training import train as train_alone
from workers.heartbeat import HeartbeatReporter
from workers.journal import Journal, JournalReporter
from workers.runs import CODE_TAG, ENVIRONMENT, code_version, training_parameters
from workers.spec import AttemptOrder, Exploit, JobFolder, SweepSpec, TrialRecord
from workers.spec.layout import JOURNAL
from workers.spec.space import Uniform
from workers.sweeps import trial_runs
from workers.sweeps.plan import Planned
from workers.sweeps.records import TrialRecorder
from workers.sweeps.run_writer import SETTLED
from workers.sweeps.trial_runs import TrialRuns

PARENT = "0" * 32
NOWHERE = "http://127.0.0.1:9"
AN_EXPLOIT = Exploit(
    step=10, objective=1.0, from_trial=2, from_step=10, from_objective=2.0,
    parameters_before={}, parameters_after={}, mlflow_run_id=None, at=datetime(2026, 11, 1, tzinfo=UTC),
)  # fmt: skip


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


def train(order: AttemptOrder, folder: JobFolder, number: int = 1, reporter: Reporter | None = None) -> Path:
    """Train a trial and tell nobody but its folder; returns that."""
    out = folder.trial(number)
    journal = JournalReporter(out / JOURNAL)
    reporters = Reporters([journal, reporter or NullReporter()])
    train_alone(make_training(), out=out, data_root=Path(order.data_root), reporter=reporters)
    journal.close()
    return out


def a_recorder(folder: JobFolder, order: AttemptOrder, **states: str) -> TrialRecorder:
    """Of a driver that finds trial 1 in this state."""
    assert isinstance(order.spec, SweepSpec)
    now = datetime.now(UTC)
    for number, state in states.items():
        ended_at = None if state == "running" else now
        document = {
            "number": int(number[1:]),
            "state": state,
            "parameters": {},
            "started_at": now,
            "ended_at": ended_at,
        }
        folder.write_trial(TrialRecord.model_validate(document))
    return TrialRecorder(order.spec, folder, HeartbeatReporter(folder, 1))


def settle(order: AttemptOrder, folder: JobFolder, recorder: TrialRecorder, *, patience_s: float = 30.0) -> TrialRuns:
    """Have a driver bring to MLflow what it finds."""
    runs = TrialRuns(order, folder, recorder, lambda client: PARENT)
    runs.start()
    runs.close(patience_s)
    return runs


def ended(order: AttemptOrder, folder: JobFolder, *, state: str = "succeeded", patience_s: float = 30.0) -> str | None:
    """The run of trial 1 in its record, once a driver found it in this state."""
    recorder = a_recorder(folder, order, t1=state)
    settle(order, folder, recorder, patience_s=patience_s)
    return recorder.records[1].mlflow_run_id


def following(order: AttemptOrder, folder: JobFolder, monkeypatch: pytest.MonkeyPatch) -> tuple[str, TrialRuns]:
    """A driver that brings to MLflow what trial 1 leaves while it trains, and the run that it has made."""
    monkeypatch.setattr(trial_runs, "FOLLOW_AFTER_S", 0.0)
    monkeypatch.setattr(trial_runs, "LOOK_EVERY_S", 0.05)
    recorder = a_recorder(folder, order, t1="running")
    runs = TrialRuns(order, folder, recorder, lambda client: PARENT)
    runs.start()
    wait_until(lambda: recorder.records[1].mlflow_run_id is not None)
    run_id = recorder.records[1].mlflow_run_id
    assert run_id is not None
    return run_id, runs


def the_run(order: AttemptOrder) -> Any:
    run = the_run_or_none(order)
    assert run is not None
    return run


def the_run_or_none(order: AttemptOrder) -> Any:
    client = MlflowClient(order.mlflow_tracking_uri)
    experiment = client.get_experiment_by_name(order.spec.project)
    assert experiment is not None
    return next(iter(client.search_runs([experiment.experiment_id])), None)


def wait_until(condition: Callable[[], bool], within_s: float = 20.0) -> None:
    deadline = time.monotonic() + within_s
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def student_of(order: AttemptOrder) -> list[str]:
    found = MlflowClient(order.mlflow_tracking_uri).list_artifacts(the_run(order).info.run_id, "student")
    return [item.path for item in found]


def test_the_run_of_a_trial_has_all_that_its_folder_has(order: AttemptOrder, folder: JobFolder) -> None:
    out = train(order, folder)
    (out / ENVIRONMENT).write_text("{}")
    run_id = ended(order, folder)
    run = the_run(order)
    assert (run.info.run_id, run.info.status) == (run_id, "FINISHED")
    assert run.data.tags["mlflow.parentRunId"] == PARENT
    assert run.data.tags[CODE_TAG] == code_version()
    assert run.data.params == {name: value for name, value in training_parameters(make_training()).items() if value}
    assert run.data.metrics["val/AP"] >= 0
    names = {item.path for item in MlflowClient(order.mlflow_tracking_uri).list_artifacts(run_id)}
    assert names >= {"spec.json", "environment.json", "student"}
    assert student_of(order) == ["student/student.safetensors"]
    assert (out / SETTLED).read_text() == run_id


def test_the_run_of_a_long_trial_grows_while_it_trains(
    order: AttemptOrder, folder: JobFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    train(order, folder)
    journal = Journal(folder.trial_journal(1))
    _, runs = following(order, folder, monkeypatch)
    for step in (1001, 1002):
        journal.append({"loss/total": float(step)}, step=step)
        wait_until(lambda step=step: the_run(order).data.metrics.get("loss/total") == step)  # type: ignore[misc]
    runs.close(10.0)
    history = MlflowClient(order.mlflow_tracking_uri).get_metric_history(the_run(order).info.run_id, "loss/total")
    points = [(point.step, point.value) for point in history]
    assert len(points) == len(set(points)), "each once"
    assert [step for step, _ in points][-2:] == [1001, 1002]
    assert the_run(order).info.status == "RUNNING"


def test_it_is_done_once(order: AttemptOrder, folder: JobFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    train(order, folder)
    run_id = ended(order, folder)
    monkeypatch.setattr(trial_runs, "RunWriter", None)  # nothing is sent any more
    assert ended(order, folder) == run_id is not None


def test_the_run_of_a_stopped_trial_ends_without_a_student(order: AttemptOrder, folder: JobFolder) -> None:
    class Stopping(NullReporter):
        def log_metrics(self, metrics: object, *, step: int) -> None:
            if step:
                raise SystemExit  # as Tune does

    with pytest.raises(SystemExit):
        train(order, folder, reporter=Stopping())
    ended(order, folder, state="stopped")
    assert the_run(order).info.status == "KILLED"
    assert student_of(order) == []


def test_a_trial_that_goes_on_has_its_run_opened_again(
    order: AttemptOrder, folder: JobFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(trial_runs, "FOLLOW_AFTER_S", 0.0)
    train(order, folder)
    ended(order, folder, state="failed")
    assert the_run(order).info.status == "FAILED"
    ended(order, folder, state="running")
    assert the_run(order).info.status == "RUNNING"
    (folder.trial(1) / SETTLED).unlink()  # as its new process does
    ended(order, folder)
    assert the_run(order).info.status == "FINISHED"


def test_a_server_that_stays_away_costs_no_more_than_patience(
    order: AttemptOrder, folder: JobFolder, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(trial_runs, "RETRY_EVERY_S", 0.05)
    away = order.model_copy(update={"mlflow_tracking_uri": NOWHERE})
    train(order, folder)
    assert ended(away, folder, patience_s=0.3) is None
    assert "what it lacks is in storage" in caplog.text
    assert ended(order, folder) is not None
    assert the_run(order).info.status == "FINISHED"


def test_a_trial_that_never_began_has_no_run(order: AttemptOrder, folder: JobFolder) -> None:
    assert ended(order, folder, state="failed") is None


def test_after_an_exploit_the_run_waits_until_the_folder_says_what_is_trained(
    order: AttemptOrder, folder: JobFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(trial_runs, "FOLLOW_AFTER_S", 0.0)
    train(order, folder)
    recorder = a_recorder(folder, order, t1="running")
    recorder.records[1] = recorder.records[1].model_copy(update={"exploits": (AN_EXPLOIT,)})
    branched = folder.trial(1, exploits=1)
    branched.mkdir()
    shutil.copy(folder.trial(1) / "spec.json", branched)  # what the other one trained
    settle(order, folder, recorder)
    assert recorder.records[1].mlflow_run_id is None
    Journal(branched / JOURNAL).append({"loss/total": 1.0}, step=1)
    settle(order, folder, recorder)
    assert recorder.records[1].mlflow_run_id is not None


def test_a_trial_that_mlflow_refuses_does_not_keep_the_next_from_ending(
    order: AttemptOrder, folder: JobFolder, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    log_batch, refused = MlflowClient.log_batch, []

    def refuse_the_first(self: MlflowClient, run_id: str, **named: Any) -> Any:
        refused[:] = refused or [run_id]
        if run_id in refused:
            raise MlflowException("no more of it", error_code=INVALID_PARAMETER_VALUE)
        return log_batch(self, run_id, **named)

    monkeypatch.setattr(MlflowClient, "log_batch", refuse_the_first)
    for number in (1, 2):
        train(order, folder, number)
    recorder = a_recorder(folder, order, t1="succeeded", t2="succeeded")
    settle(order, folder, recorder)
    assert [recorder.records[number].mlflow_run_id is None for number in (1, 2)] == [True, False]
    assert "MLflow refuses the run of trial 1, it stays in storage: " in caplog.text


def test_a_run_that_a_person_deleted_meanwhile_is_restored(
    order: AttemptOrder, folder: JobFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    train(order, folder)
    run_id, runs = following(order, folder, monkeypatch)
    MlflowClient(order.mlflow_tracking_uri).delete_run(run_id)
    journal = Journal(folder.trial_journal(1))
    journal.append({"loss/total": 7.0}, step=1001)
    wait_until(lambda: the_run_or_none(order) is not None)
    wait_until(lambda: the_run(order).data.metrics.get("loss/total") == 7.0)
    runs.close(10.0)


def test_a_run_whose_creation_was_not_answered_is_found_again(
    order: AttemptOrder, folder: JobFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(trial_runs, "RETRY_EVERY_S", 0.05)
    create, asked = MlflowClient.create_run, []

    def unanswered(self: MlflowClient, *arguments: Any, **named: Any) -> Any:
        asked.append(create(self, *arguments, **named))
        raise ConnectionError("the answer was lost")

    monkeypatch.setattr(MlflowClient, "create_run", unanswered)
    recorder = a_recorder(folder, order)
    train(order, folder)
    folder.write_trial(
        recorder.begin(Planned(1, "search", 0, {})).model_copy(
            update={"state": "succeeded", "ended_at": datetime.now(UTC)}
        )
    )
    recorder.records = {record.number: record for record in folder.read_trials()}
    settle(order, folder, recorder)
    assert len(asked) == 1
    assert the_run(order).info.status == "FINISHED"


def test_the_runs_of_both_parts_of_a_trial_become_known_whenever_mlflow_answers(
    order: AttemptOrder, folder: JobFolder
) -> None:
    recorder = a_recorder(folder, order, t1="running")
    before = recorder.records[1]
    recorder.set_run(1, 0, "first")
    assert folder.read_trials()[0].mlflow_run_id == "first"
    recorder._write(before.model_copy(update={"exploits": (AN_EXPLOIT,)}))  # read before its run was known
    recorder.set_run(1, 1, "second")
    [record] = folder.read_trials()
    assert (record.exploits[0].mlflow_run_id, record.mlflow_run_id) == ("first", "second")
