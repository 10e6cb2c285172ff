"""What is kept of a training at MLflow."""

from __future__ import annotations

from pathlib import Path

import mlflow
import pytest
from mlflow import MlflowClient
from mlflow.entities import LoggedModelOutput

from workers.runs import log_student_model

STEPS = ("create_logged_model", "log_outputs", "log_model_artifacts", "finalize_logged_model")


class Killed(BaseException):
    """Ends an attempt as SIGKILL does: nothing of ours catches it."""


@pytest.fixture
def run(tmp_path: Path) -> tuple[MlflowClient, str, str]:
    """A client, an experiment and a run in it."""
    client = MlflowClient(f"sqlite:///{tmp_path / 'mlflow.db'}")
    experiment_id = client.create_experiment("digits", artifact_location=(tmp_path / "artifacts").as_uri())
    return client, experiment_id, client.create_run(experiment_id).info.run_id


@pytest.fixture
def weights(tmp_path: Path) -> Path:
    path = tmp_path / "student.safetensors"
    path.write_bytes(b"weights")
    return path


def one_whole_model(client: MlflowClient, experiment_id: str, run_id: str) -> str:
    """The id of the run's model, which is there once, whole, and named by the run."""
    [model] = client.search_logged_models([experiment_id])
    assert model.status == "READY"
    assert [output.model_id for output in client.get_run(run_id).outputs.model_outputs] == [model.model_id]
    path = Path(mlflow.artifacts.download_artifacts(f"{model.artifact_location}/artifacts/student.safetensors"))
    assert path.read_bytes() == b"weights"
    saved = mlflow.models.Model.load(str(path.parents[1]))
    assert (saved.model_id, saved.run_id) == (model.model_id, run_id)
    return str(model.model_id)


@pytest.mark.parametrize("done", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("step", STEPS)
def test_an_attempt_that_comes_after_a_killed_one_leaves_one_whole_model(
    run: tuple[MlflowClient, str, str], weights: Path, monkeypatch: pytest.MonkeyPatch, step: str, done: bool
) -> None:
    client, experiment_id, run_id = run
    real = getattr(client, step)

    def die(*args: object, **kwargs: object) -> None:
        if done:
            real(*args, **kwargs)
        raise Killed

    monkeypatch.setattr(client, step, die)
    with pytest.raises(Killed):
        log_student_model(client, run_id, weights)
    monkeypatch.setattr(client, step, real)
    log_student_model(client, run_id, weights)
    one_whole_model(client, experiment_id, run_id)


def test_a_model_that_is_whole_is_not_kept_again(run: tuple[MlflowClient, str, str], weights: Path) -> None:
    client, experiment_id, run_id = run
    log_student_model(client, run_id, weights)
    first = one_whole_model(client, experiment_id, run_id)
    log_student_model(client, run_id, weights)
    assert one_whole_model(client, experiment_id, run_id) == first


def test_of_two_begun_models_the_one_that_the_run_names_is_finished(
    run: tuple[MlflowClient, str, str], weights: Path
) -> None:
    client, experiment_id, run_id = run
    begun = [client.create_logged_model(experiment_id, "student", source_run_id=run_id) for _ in range(3)]
    client.log_outputs(run_id, [LoggedModelOutput(begun[1].model_id, step=0)])
    log_student_model(client, run_id, weights)
    assert one_whole_model(client, experiment_id, run_id) == begun[1].model_id
