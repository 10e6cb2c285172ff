"""A deterministic sweep whose driver is killed ends as one that was left alone: same trials, rungs and best."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import mlflow
import pytest
from mlflow import MlflowClient
from mlflow.entities import Run

from tests.factories import PFI_WEIGHT, RM_WEIGHT, small_training
from tests.stack import PATIENCE_S, ROOT, RunningStack
from workers.spec import AttemptOrder, JobFolder, SweepSpec

pytestmark = pytest.mark.stack
RATE = "optimizer.learning_rate"
JOB = "sweep-aaaaaaaaa{}"


def an_asha_sweep() -> SweepSpec:
    """Six trials one after the other under ASHA, with a baseline and one finalist under two seeds."""
    training = small_training(steps=8, evaluate_every_steps=2, checkpoint_every_steps=4)
    space = {
        path: {"kind": "uniform", "low": low, "high": high, "log": True}
        for path, low, high in ((RM_WEIGHT, 0.01, 10), (PFI_WEIGHT, 0.1, 1e4))
    }
    return SweepSpec.model_validate(
        {
            "name": "deterministic",
            "training": training,
            "space": space,
            "num_trials": 6,
            "max_concurrent_trials": 1,
            # the direction in which most trials fall behind the first: ASHA has to have something to stop
            "objective": {"metric": "train/loss/total", "direction": "maximize"},
            "search": {"kind": "tpe", "num_startup_trials": 3},
            "scheduler": {"kind": "asha", "grace_steps": 2, "reduction_factor": 2},
            "controls": {"num_finalists": 1, "num_seeds": 2},
        }
    )


def a_population() -> SweepSpec:
    """Four trials side by side under PBT, compared at two steps; the best is repeated under a second seed."""
    training = small_training(steps=6, evaluate_every_steps=2, checkpoint_every_steps=2)
    rate = {"kind": "uniform", "low": 1e-4, "high": 1e-2, "log": True}
    weight = {"kind": "uniform", "low": 0.01, "high": 10, "log": True}
    return SweepSpec.model_validate(
        {
            "name": "population",
            "training": training,
            "space": {RM_WEIGHT: weight, RATE: rate},
            "num_trials": 4,
            "max_concurrent_trials": 2,
            "objective": {"metric": "train/loss/total", "direction": "minimize"},
            "search": {"kind": "random"},
            "scheduler": {"kind": "pbt", "perturbation_interval_steps": 2},
            "controls": {"baseline": False, "num_finalists": 1, "num_seeds": 2},
        }
    )


class Driver:
    """Attempts of one sweep, started as Ray would start them."""

    def __init__(self, stack: RunningStack, storage: Path, job_id: str, spec: SweepSpec) -> None:
        self.spec = spec
        self.stack = stack
        self.storage = storage
        self.folder = JobFolder(storage, job_id)
        self.job_id = job_id
        self.attempt = 0
        self.storage_at = str(storage)
        self.on_its_own: tuple[str, ...] = ()

    def write_order(self, order: AttemptOrder) -> None:
        self.folder.write_order(order)

    def look(self) -> None:
        """Have in the folder what the driver has left."""

    def log(self) -> str:
        return self.folder.log(self.attempt).read_text()[-4000:]

    def start(self) -> subprocess.Popen[bytes]:
        self.attempt += 1
        record = json.loads((self.stack.state / "stack.json").read_text())
        order = AttemptOrder(
            job_id=self.job_id,
            attempt=self.attempt,
            spec=self.spec,
            mlflow_tracking_uri=record["mlflow_url"],
            data_root=str(self.stack.state / "data"),
        )
        self.write_order(order)
        command = [
            *self.on_its_own,
            sys.executable,
            "-m",
            "workers.entrypoint",
            self.storage_at,
            self.job_id,
            str(self.attempt),
        ]
        environment = {
            **os.environ,
            "RAY_ADDRESS": record["ray_address"],
            "RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER": "0",
            "RAY_AUTH_MODE": "disabled",
            "OMP_NUM_THREADS": "1",
        }
        return subprocess.Popen(command, cwd=ROOT, env=environment, start_new_session=True)

    def num_reports(self) -> int:
        """Evaluations of all trials so far."""
        self.look()
        return sum(len(record.reports) for record in self.folder.read_trials())

    def run(self, *, kill_at: int | None = None) -> None:
        """Run one attempt to its end, or kill it as soon as so many evaluations are known."""
        process = self.start()
        deadline = time.monotonic() + PATIENCE_S
        while process.poll() is None:
            assert time.monotonic() < deadline, self.log()
            if kill_at is not None and self.num_reports() >= kill_at:
                os.kill(process.pid, signal.SIGKILL)
                process.wait()
                return
            time.sleep(0.05)
        assert kill_at is None, "the sweep ended before it was killed"
        assert process.returncode == 0, self.log()

    def found(self) -> dict[str, object]:
        """What must not depend on kills."""
        self.look()
        keys = {"number", "state", "role", "seed", "repeats", "parameters", "schedule", "objective", "reports", "step"}
        records = [record.model_dump(include=keys) for record in self.folder.read_trials()]
        if self.folder.rungs.exists():
            return {"trials": records, "rungs": json.loads(self.folder.rungs.read_text())}
        rounds = json.loads(self.folder.rounds.read_text())["rounds"]
        for exploit in (taken["exploit"] for done in rounds for taken in done["taken"].values()):
            del exploit["at"], exploit["mlflow_run_id"]
        return {"trials": records, "rounds": rounds}


def test_a_killed_sweep_ends_as_one_never_killed(stack: RunningStack, tmp_path: Path) -> None:
    whole = Driver(stack, tmp_path, JOB.format("a"), an_asha_sweep())
    whole.run()
    num_reports = whole.num_reports()
    assert len(whole.folder.read_trials()) == 6 + 2 + 1
    assert {record.state for record in whole.folder.read_trials()} == {"succeeded", "stopped"}

    killed = Driver(stack, tmp_path, JOB.format("b"), an_asha_sweep())
    for share in (0.1, 0.5, 0.9):
        killed.run(kill_at=max(1, round(share * num_reports)))
    killed.run()
    assert killed.found() == whole.found()
    runs = check_runs(stack, killed)
    assert sorted(int(run.data.tags["stillhouse.trial"]) for run in runs) == list(range(1, 10))


def test_a_killed_population_ends_as_one_never_killed(stack: RunningStack, tmp_path: Path) -> None:
    whole = Driver(stack, tmp_path, JOB.format("c"), a_population())
    whole.run()
    records = {record.number: record for record in whole.folder.read_trials()}
    assert [(record.role, record.state) for record in records.values()] == [
        *[("search", "succeeded")] * 4,
        ("finalist", "succeeded"),
    ]
    assert records[5].schedule == records[records[5].repeats or 0].schedule

    killed = Driver(stack, tmp_path, JOB.format("d"), a_population())
    killed.run(kill_at=6)
    killed.run()
    assert killed.found() == whole.found()
    runs = {
        (int(run.data.tags["stillhouse.trial"]), int(run.data.tags.get("stillhouse.exploits", 0))): run
        for run in check_runs(stack, killed)
    }
    took_over = [record for record in killed.folder.read_trials() if record.exploits]
    assert sum(len(record.exploits) for record in took_over) == 2, "one in each round"
    assert len(runs) == 5 + 2
    for record in took_over:
        [*given_up, last] = [runs[record.number, count] for count in range(len(record.exploits) + 1)]
        assert {run.info.status for run in given_up} == {"KILLED"}
        changes = [name for name in last.data.params if name.endswith("from_step")]
        assert last.data.params[RATE] == str(record.schedule[0].parameters[RATE])
        assert [int(last.data.params[name]) for name in sorted(changes)] == [
            stretch.from_step for stretch in record.schedule[1:]
        ]
        points = client_of(stack).get_metric_history(last.info.run_id, "train/loss/total")
        assert min(point.step for point in points) > record.exploits[-1].step


def client_of(stack: RunningStack) -> MlflowClient:
    return MlflowClient(tracking_uri=json.loads((stack.state / "stack.json").read_text())["mlflow_url"])


def check_runs(stack: RunningStack, driver: Driver) -> list[Run]:
    """The runs of the trials: below one parent, each evaluation once, none left running."""
    client = client_of(stack)
    experiment = client.get_experiment_by_name("default")
    assert experiment is not None
    query = f"tags.`stillhouse.job_id` = '{driver.job_id}'"
    runs = client.search_runs([experiment.experiment_id], query, max_results=100)
    parents = [run for run in runs if run.data.tags["stillhouse.kind"] == "sweep"]
    trials = [run for run in runs if run.data.tags["stillhouse.kind"] == "trial"]
    assert len(parents) == 1
    assert all(run.data.tags["mlflow.parentRunId"] == parents[0].info.run_id for run in trials)
    assert {run.info.status for run in trials} <= {"FINISHED", "KILLED"}
    assert mlflow.entities.RunStatus.is_terminated(mlflow.entities.RunStatus.from_string(parents[0].info.status))
    for run in trials:
        steps = [point.step for point in client.get_metric_history(run.info.run_id, "val/AP")]
        assert len(steps) == len(set(steps))
    return trials
