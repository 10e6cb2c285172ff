"""What is kept of a training at MLflow."""

from __future__ import annotations

from pathlib import Path

import pytest
from mlflow import MlflowClient

from workers.runs import log_student_model


@pytest.fixture
def run(tmp_path: Path) -> tuple[MlflowClient, str, str, str]:
    """A client, its address, an experiment and a run in it."""
    uri = f"sqlite:///{tmp_path / 'mlflow.db'}"
    client = MlflowClient(uri)
    experiment_id = client.create_experiment("digits", artifact_location=(tmp_path / "artifacts").as_uri())
    return client, uri, experiment_id, client.create_run(experiment_id).info.run_id


def test_an_attempt_that_comes_after_a_killed_one_leaves_one_whole_model(
    run: tuple[MlflowClient, str, str, str], tmp_path: Path
) -> None:
    client, uri, experiment_id, run_id = run
    weights = tmp_path / "student.safetensors"
    weights.write_bytes(b"weights")
    client.create_logged_model(experiment_id, name="student", source_run_id=run_id)  # all that a killed one came to
    for _ in range(2):  # the second one was killed when its model was whole
        log_student_model(client, uri, run_id, weights)
    [model] = client.search_logged_models([experiment_id])
    assert model.status == "READY"
    assert [output.model_id for output in client.get_run(run_id).outputs.model_outputs] == [model.model_id]
