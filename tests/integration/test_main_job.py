"""Jobs and sweeps through the real API, Ray, the trainer and MLflow."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import mlflow
import pandas as pd
import psutil
import pytest
import torch
from mlflow import MlflowClient
from safetensors.torch import load_file

from service.sdk import Client
from tests.factories import small_job, small_sweep, small_training
from tests.stack import ROOT, RunningStack, wait_for, wait_until
from workers.spec import JobFolder

pytestmark = pytest.mark.stack


@pytest.fixture
def client(stack: RunningStack) -> Iterator[Client]:
    with stack.client() as client:
        yield client


@pytest.fixture
def runs(stack: RunningStack, monkeypatch: pytest.MonkeyPatch) -> MlflowClient:
    monkeypatch.setenv("MLFLOW_TRACKING_TOKEN", stack.token)
    return MlflowClient(f"{stack.url}/mlflow")


def attempt_process(job_id: str) -> psutil.Process:
    """The process of a job's attempt, found by its command line."""
    [found] = [
        process
        for process in psutil.process_iter(["cmdline"])
        if job_id in (line := process.info["cmdline"] or []) and "workers.entrypoint" in line and "-m" in line
    ]
    return found


def test_a_job_goes_from_rest_to_a_student_in_mlflow(client: Client, runs: MlflowClient, stack: RunningStack) -> None:
    job = wait_for(client, client.jobs.submit(small_job("main job")).id, "succeeded")

    assert job.progress.step == job.progress.num_steps == 12
    assert job.mlflow_run_id is not None
    assert {"val/AP", "val/AP50", "teacher/AP"} <= set(job.metrics)
    assert job.metrics["teacher/AP"] > 20, "the shipped teacher detects nothing on its own data set"

    series = {found.key: found.points for found in client.jobs.metrics(job.id).series}
    assert [point.step for point in series["train/loss/rank_mimicking"]] == [2, 4, 6, 8, 10, 12]
    assert [point.step for point in series["val/AP"]] == [6, 12]
    assert series["val/AP"][-1].value == pytest.approx(job.metrics["val/AP"])

    assert "step 12" in client.jobs.logs(job.id).text
    path = [(event.from_state, event.to_state) for event in client.jobs.events(job.id).items]
    assert path == [(None, "queued"), ("queued", "starting"), ("starting", "running"), ("running", "succeeded")]

    run = runs.get_run(job.mlflow_run_id)
    assert run.info.status == "FINISHED"
    assert run.data.tags["stillhouse.job_id"] == job.id
    assert run.data.params["distillation.losses.rank_mimicking.weight"] == "4.0"
    assert {file.path for file in runs.list_artifacts(job.mlflow_run_id)} >= {
        "spec.json",
        "environment.json",
        "student",
    }


def test_the_student_loads_from_mlflow_and_detects(
    client: Client, runs: MlflowClient, stack: RunningStack, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = wait_for(client, client.jobs.submit(small_job("loadable", distil=False)).id, "succeeded")
    assert job.mlflow_run_id is not None
    run = runs.get_run(job.mlflow_run_id)
    mlflow.set_tracking_uri(f"{stack.url}/mlflow")
    [model] = [output.model_id for output in run.outputs.model_outputs]
    student = mlflow.pyfunc.load_model(f"models:/{model}")
    image = next((stack.state / "data/digit-scenes/val").iterdir()).read_bytes()
    [found] = student.predict(
        pd.DataFrame(
            {
                "image": [
                    image,
                ]
            }
        )
    ).to_dict("records")
    assert len(found["boxes_xyxy"]) == len(found["scores"]) == len(found["labels"])


def test_bad_data_fails_with_a_reason_that_names_it(client: Client) -> None:
    spec = small_job("no data")
    document = spec.model_dump(mode="json")
    document["training"]["data"]["val"]["annotations"] = "digit-scenes/annotations/nowhere.json"
    job = wait_for(client, client.jobs.submit(type(spec).model_validate(document)).id, "failed")
    assert job.cause == "bad_input"
    assert "nowhere.json" in job.reason
    assert job.attempt == 1, "bad input is not tried again"


def test_a_running_job_is_cancelled_long_before_its_training_would_end(client: Client) -> None:
    job = wait_for(client, client.jobs.submit(small_job("long", steps=100_000)).id, "running")
    client.jobs.cancel(job.id)
    cancelled = wait_for(client, job.id, "cancelled")
    assert cancelled.ended_at is not None
    assert client.jobs.get(job.id).progress.step < 100_000


def test_a_killed_attempt_is_tried_again_and_ends_as_if_nothing_had_happened(
    client: Client, runs: MlflowClient
) -> None:
    steps = 60
    whole = client.jobs.submit(small_job("whole", steps=steps, distil=False))
    broken = client.jobs.submit(small_job("broken", steps=steps, distil=False))
    wait_until(lambda: client.jobs.get(broken.id).progress.step >= steps // 2 + 2, lambda: client.jobs.get(broken.id))
    attempt_process(broken.id).send_signal(signal.SIGKILL)

    ended = wait_for(client, broken.id, "succeeded")
    expected = wait_for(client, whole.id, "succeeded")
    assert ended.attempt == 2
    assert ended.metrics == expected.metrics
    assert ended.mlflow_run_id is not None
    logged = [point.step for point in runs.get_metric_history(ended.mlflow_run_id, "train/loss/total")]
    assert logged == list(range(2, steps + 1, 2))


def test_a_sweep_searches_and_nests_its_trials(client: Client, runs: MlflowClient) -> None:
    sweep = wait_for(client, client.sweeps.submit(small_sweep(trials=3)).id, "succeeded")
    trials = client.sweeps.trials(sweep.id).items
    assert [trial.number for trial in trials] == [1, 2, 3]
    assert {trial.state for trial in trials} == {"succeeded"}
    assert len({str(trial.parameters) for trial in trials}) == 3
    best = max(trials, key=lambda trial: trial.objective or 0)
    assert sweep.metrics["val/AP"] == pytest.approx(best.metrics["val/AP"])
    for trial in trials:
        assert trial.mlflow_run_id is not None
        run = runs.get_run(trial.mlflow_run_id)
        assert run.data.tags["mlflow.parentRunId"] == sweep.mlflow_run_id
        assert run.info.status == "FINISHED"


def test_an_actor_that_trained_before_gives_the_same_student_as_a_fresh_process(
    client: Client, stack: RunningStack, tmp_path: Path
) -> None:
    """Nothing of a trial, be it random states, caches or settings of torch, reaches the one after it."""
    spec = small_sweep("reused", trials=2, max_concurrent_trials=1)
    sweep = wait_for(client, client.sweeps.submit(spec).id, "succeeded")
    log = client.jobs.logs(sweep.id, limit_bytes=2**20).text
    processes = {found[1] for found in re.finditer(r"run_trial pid=(\d+)\) .*trial [12]:", log)}
    assert len(processes) == 1, "the second trial was to train in the actor of the first"

    [_, second] = client.sweeps.trials(sweep.id).items
    training = tmp_path / "training.json"
    training.write_text(spec.trial_spec(second.parameters, seed=second.seed).model_dump_json())
    command = [sys.executable, "-m", "trainer", str(training), "--out", str(tmp_path / "fresh")]
    subprocess.run([*command, "--data-root", str(stack.state / "data")], check=True, cwd=ROOT, capture_output=True)
    fresh = load_file(tmp_path / "fresh" / "student.safetensors")
    reused = load_file(JobFolder(stack.state / "storage", sweep.id).trial(2) / "student.safetensors")
    assert fresh.keys() == reused.keys()
    assert all(torch.equal(fresh[name], reused[name]) for name in fresh)


def test_a_trial_trains_in_several_processes(client: Client) -> None:
    training = small_training(steps=4, distributed={"world_size": 2})
    spec = small_sweep("two ranks", trials=1, training=training, resources={"cpus": 2}, max_concurrent_trials=1)
    sweep = wait_for(client, client.sweeps.submit(spec).id, "succeeded")
    [trial] = client.sweeps.trials(sweep.id).items
    assert (trial.state, trial.step) == ("succeeded", 4)


def test_successive_halving_stops_the_weaker_trials(client: Client) -> None:
    scheduler = {"kind": "asha", "grace_steps": 6, "reduction_factor": 2}
    spec = small_sweep("halving", trials=4, scheduler=scheduler, max_concurrent_trials=1)
    sweep = wait_for(client, client.sweeps.submit(spec).id, "succeeded")
    trials = client.sweeps.trials(sweep.id).items
    assert len(trials) == 4
    assert {trial.state for trial in trials} <= {"succeeded", "stopped"}
    for trial in trials:
        assert trial.step == (12 if trial.state == "succeeded" else 6)
