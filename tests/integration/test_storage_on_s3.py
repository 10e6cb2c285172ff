"""The same work with its storage on S3: killed on the way, gone on with elsewhere, the same students in the end."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import psutil
import pytest
from mlflow import MlflowClient
from safetensors.torch import load_file

from service.sdk import Client
from tests.crash.trainings import TIMED_METRICS
from tests.factories import small_job, small_sweep, small_training
from tests.integration.test_main_job import attempt_process
from tests.integration.test_sweep_kills import Driver, a_population, an_asha_sweep, check_runs
from tests.s3 import S3
from tests.stack import ROOT, RunningStack, make_data, start_stack, wait_for, wait_until
from workers.spec import AttemptOrder, Fence, JobFolder, JobSpec, SweepSpec, Terminal
from workers.storage.manifest import newest_manifest
from workers.storage.near import Near
from workers.storage.objects import Objects
from workers.storage.reading import fetch

pytestmark = [pytest.mark.stack, pytest.mark.slow]
STEPS = 100


@dataclass(frozen=True)
class OnS3:
    """A stack whose storage is a bucket."""

    stack: RunningStack
    objects: Objects
    scratch: Path
    secret: str


@pytest.fixture
def on_s3(s3: S3, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[OnS3]:
    uri = f"{s3.bucket()}/stillhouse"
    for name, value in s3.environment.items():
        monkeypatch.setenv(name, value)
    scratch = tmp_path / "scratch"
    state = tmp_path / "state"
    make_data(state / "data")
    stack = start_stack(state, {"STILLHOUSE_STORAGE": uri, "STILLHOUSE_SCRATCH": str(scratch)})
    yield OnS3(stack, Objects(uri), scratch, s3.environment["AWS_SECRET_ACCESS_KEY"])
    left = stack.stop()
    assert left == [], f"these processes outlived the stack: {left}"


def killed_with_a_checkpoint(on_s3: OnS3, client: Client, job_id: str) -> int:
    """Kill the job's attempt some steps after a checkpoint of it was uploaded; returns the step of that."""
    deadline = time.monotonic() + 240
    while True:
        assert time.monotonic() < deadline, client.jobs.logs(job_id).text
        manifest = newest_manifest(on_s3.objects, job_id)
        steps = [int(name[-11:-3]) for name in manifest.files if "/step-" in name] if manifest else []
        if steps and client.jobs.get(job_id).progress.step > max(steps) + 2:
            attempt_process(job_id).send_signal(signal.SIGKILL)
            return max(steps)
        time.sleep(0.1)


def with_a_folder(on_s3: OnS3, spec: JobSpec, storage: Path) -> tuple[JobFolder, Terminal]:
    """The same attempt, never killed, with a folder as its storage."""
    mlflow_url = json.loads((on_s3.stack.state / "stack.json").read_text())["mlflow_url"]
    folder = JobFolder(storage, "job-folder")
    order = AttemptOrder(
        job_id="job-folder",
        attempt=1,
        spec=spec,
        mlflow_tracking_uri=mlflow_url,
        data_root=str(on_s3.stack.state / "data"),
    )
    folder.write_order(order)
    command = [sys.executable, "-m", "workers.entrypoint", str(storage), order.job_id, "1"]
    done = subprocess.run(command, cwd=ROOT, check=False, timeout=400, env={**os.environ, "OMP_NUM_THREADS": "1"})
    terminal = folder.read_terminal(1)
    assert done.returncode == 0, folder.log(1).read_text()
    assert terminal is not None
    return folder, terminal


def untimed(metrics: Mapping[str, float]) -> dict[str, float]:
    return {key: value for key, value in metrics.items() if key not in TIMED_METRICS}


def test_a_job_killed_on_the_way_ends_with_the_student_that_a_shared_folder_gives(
    on_s3: OnS3, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MLFLOW_TRACKING_TOKEN", on_s3.stack.token)
    spec = small_job("on S3", steps=STEPS, distil=False, checkpoint_every_steps=10)
    with on_s3.stack.client() as client:
        job = client.jobs.submit(spec)
        step = killed_with_a_checkpoint(on_s3, client, job.id)
        job = wait_for(client, job.id, "succeeded")

        assert job.attempt == 2
        log = client.jobs.logs(job.id, limit_bytes=2**20).text
        assert "took over what attempt 1 has left" in log
        first = re.search(r"training \(step (\d+) of", log)
        assert first is not None
        resumed_at = int(first[1]) - 1
        assert resumed_at >= step, "it begins from what was up, or from what came up while it was killed"
        assert resumed_at % 10 == 0
        assert client.jobs.logs(job.id, attempt=1).text, "the log of the attempt that was killed is there"
        series = {found.key: [point.step for point in found.points] for found in client.jobs.metrics(job.id).series}
        assert series["train/loss/total"] == list(range(2, STEPS + 1, 2))

        assert job.mlflow_run_id is not None
        runs = MlflowClient(f"{on_s3.stack.url}/mlflow")
        logged = [point.step for point in runs.get_metric_history(job.mlflow_run_id, "train/loss/total")]
        assert logged == list(range(2, STEPS + 1, 2))

        folder, terminal = with_a_folder(on_s3, spec, tmp_path / "folder")
        assert untimed(job.metrics) == untimed(terminal.metrics)
        fetch(on_s3.objects, f"jobs/{job.id}/student.safetensors", tmp_path / "student.safetensors")
        same_weights(tmp_path / "student.safetensors", folder.work / "student.safetensors")

        teacher = {"weights": f"{on_s3.objects.uri}/jobs/{job.id}/student.safetensors"}
        taught = small_job("taught", steps=2, distillation={"teacher": teacher})
        assert wait_for(client, client.jobs.submit(taught).id, "succeeded").metrics["teacher/AP"] >= 0
    leaves_nothing_behind(on_s3)


def a_folder_of_its_own(scratch: Path) -> tuple[str, ...]:
    """What a command begins with whose scratch folder nobody else sees, and which is gone with it; nothing where that
    takes rights that we have not."""
    scratch.mkdir()
    found = ("unshare", "--mount", "sh", "-c", 'mount -t tmpfs none "$STILLHOUSE_SCRATCH" && exec "$@"', "sh")
    possible = subprocess.run([*found, "true"], check=False, env={**os.environ, "STILLHOUSE_SCRATCH": str(scratch)})
    return found if possible.returncode == 0 else ()


class RemoteDriver(Driver):
    """Attempts of a sweep on S3; the folder is a copy."""

    def __init__(self, on_s3: OnS3, copy: Path, job_id: str, spec: SweepSpec) -> None:
        super().__init__(on_s3.stack, copy, job_id, spec)
        self.objects = on_s3.objects
        self.near = Near(on_s3.objects, copy)
        self.storage_at = on_s3.objects.uri

    def write_order(self, order: AttemptOrder) -> None:
        content = order.model_dump_json().encode()
        self.objects.put(f"jobs/{self.job_id}/attempts/{order.attempt}/order.json", content)
        self.objects.put(f"jobs/{self.job_id}/fence.json", Fence(attempt=order.attempt).model_dump_json().encode())

    def look(self) -> None:
        self.near.fetch_records(self.folder)

    def log(self) -> str:
        self.near.fetch(self.folder.log(self.attempt))
        return super().log()

    def student(self, number: int, exploits: int) -> Path:
        path = self.folder.trial(number, exploits=exploits) / "student.safetensors"
        self.near.fetch(path)
        return path


@pytest.mark.parametrize("spec", [an_asha_sweep(), a_population()], ids=["asha", "population"])
def test_a_sweep_killed_on_the_way_ends_with_the_trials_that_a_shared_folder_gives(
    spec: SweepSpec, on_s3: OnS3, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MLFLOW_TRACKING_TOKEN", on_s3.stack.token)
    whole = Driver(on_s3.stack, tmp_path / "folder", "sweep-folder", spec)
    whole.run()
    killed = RemoteDriver(on_s3, tmp_path / "copy", "sweep-bucket", spec)
    monkeypatch.setenv("STILLHOUSE_SCRATCH", str(tmp_path / "the driver's"))
    killed.on_its_own = a_folder_of_its_own(tmp_path / "the driver's")
    killed.run(kill_at=whole.num_reports() // 2)
    killed.run()
    assert killed.found() == whole.found()

    runs = check_runs(on_s3.stack, killed)
    trials = {int(run.data.tags["stillhouse.trial"]) for run in runs}
    assert trials == {record.number for record in whole.folder.read_trials()}
    for record in whole.folder.read_trials():
        if record.state == "succeeded":
            wanted = whole.folder.trial(record.number, exploits=len(record.exploits)) / "student.safetensors"
            found = killed.student(record.number, len(record.exploits))
            same_weights(found, wanted)
    leaves_nothing_behind(on_s3)


def pid_of_trial(client: Client, sweep_id: str, number: int) -> int:
    """The process that trains a trial, as its lines in the log say."""
    log = client.jobs.logs(sweep_id, limit_bytes=2**20).text
    return int(re.findall(rf"run_trial pid=(\d+)\) .*trial {number}:", log)[-1])


def trial_step(client: Client, sweep_id: str, number: int) -> int:
    if number not in [trial.number for trial in client.sweeps.trials(sweep_id).items]:
        return 0
    series = client.sweeps.trial_metrics(sweep_id, number, keys=["train/loss/total"]).series
    return max((point.step for one in series for point in one.points), default=0)


def test_a_sweep_that_loses_a_trial_and_is_paused_goes_on_and_its_trials_are_of_use(
    on_s3: OnS3, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MLFLOW_TRACKING_TOKEN", on_s3.stack.token)
    steps = 40
    with on_s3.stack.client() as client:
        client.models.upload("digits", on_s3.stack.state / "data" / "teachers" / "digits.safetensors")
        client.models.wait("digits")
        training = small_training(steps=steps, distillation={"teacher": {"model": "digits"}}, checkpoint_every_steps=4)
        sweep = client.sweeps.submit(small_sweep(trials=2, training=training, max_concurrent_trials=1))
        wait_until(lambda: trial_step(client, sweep.id, 1) > 8, lambda: client.jobs.logs(sweep.id).text)
        os.kill(pid_of_trial(client, sweep.id, 1), signal.SIGKILL)
        client.sweeps.steer(sweep.id, more_trials=1)
        wait_until(lambda: trial_step(client, sweep.id, 2) > 8, lambda: client.jobs.logs(sweep.id).text)
        client.jobs.pause(sweep.id)
        wait_for(client, sweep.id, "paused")
        client.jobs.resume(sweep.id)
        wait_for(client, sweep.id, "succeeded")

        trials = client.sweeps.trials(sweep.id).items
        assert [(trial.number, trial.state, trial.step) for trial in trials] == [
            (number, "succeeded", steps) for number in (1, 2, 3)
        ]
        runs = MlflowClient(f"{on_s3.stack.url}/mlflow")
        for trial in trials:
            assert trial.mlflow_run_id is not None
            logged = [point.step for point in runs.get_metric_history(trial.mlflow_run_id, "train/loss/total")]
            assert logged == list(range(2, steps + 1, 2)), trial.number
            assert trial_step(client, sweep.id, trial.number) == steps
            assert "student" in {item.path for item in runs.list_artifacts(trial.mlflow_run_id)}
        promoted = client.models.promote_trial(sweep.id, 3, alias="production", model="small")
        assert promoted.version.weights == f"{on_s3.objects.uri}/jobs/{sweep.id}/trials/00003/student.safetensors"
        taught = small_job("taught by a trial", steps=2, distillation={"teacher": {"model": "small"}})
        assert wait_for(client, client.jobs.submit(taught).id, "succeeded").metrics["teacher/AP"] >= 0
    leaves_nothing_behind(on_s3)


def same_weights(one: Path, other: Path) -> None:
    found, wanted = load_file(one), load_file(other)
    assert found.keys() == wanted.keys()
    assert all(found[name].equal(wanted[name]) for name in found)


def leaves_nothing_behind(on_s3: OnS3) -> None:
    deadline = time.monotonic() + 30
    while found := [path for path in on_s3.scratch.rglob("*") if path.is_file() and "cache" not in path.parts]:
        assert time.monotonic() < deadline, found
        time.sleep(0.2)
    for path in on_s3.stack.state.rglob("*"):
        if path.is_file() and path.suffix in (".log", ".txt", ".json"):
            assert on_s3.secret not in path.read_text(errors="replace"), path
    for process in psutil.Process(on_s3.stack.process.pid).children(recursive=True):
        assert on_s3.secret not in " ".join(process.cmdline())
