"""Ray over HTTP whose attempts are threads: they log to MLflow as a training does, and every second has a student."""

from __future__ import annotations

import os
import shutil
import time
from dataclasses import dataclass
from datetime import UTC, datetime

from tests.contract.processes import PretendedCluster
from tests.stack import ROOT
from trainer.folders import STUDENT
from workers.mlflow_sink import MlflowSink, RunKey
from workers.spec import Heartbeat, JobFolder, Terminal

STEP_S = 0.1
_SENT_WITHIN_S = 60.0


@dataclass
class LoggedAttempts(PretendedCluster):
    """`work_s` is how long an attempt trains; what it logs goes to `mlflow_url`."""

    mlflow_url: str = ""

    def __post_init__(self) -> None:
        self._student = self.storage / ".student"
        self._student.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(ROOT / "recipes/digits/teacher.safetensors", self._student)

    def _work(self, submission_id: str, job_id: str, number: int) -> None:
        folder = JobFolder(self.storage, job_id)
        key = RunKey("soak", job_id, {"stillhouse.job_id": job_id})
        sink = MlflowSink(self.mlflow_url, key, journal=folder.journal, parameters={"num_steps": "100"})
        num_steps = round(self.work_s / STEP_S)
        for step in range(1, num_steps + 1):
            sink.log_metrics({"train/loss/total": 1 / step}, step=step)
            beat = Heartbeat(
                at=datetime.now(UTC), phase="training", step=step, num_steps=num_steps, mlflow_run_id=sink.run_id(0)
            )
            folder.write_heartbeat(number, beat)
            time.sleep(STEP_S)
        run_id = sink.run_id(_SENT_WITHIN_S)
        sink.close(_SENT_WITHIN_S)
        if len(self.submitted) % 2:
            os.link(self._student, folder.work / STUDENT)
        end = Terminal(at=datetime.now(UTC), outcome="succeeded", reason="done", mlflow_run_id=run_id)
        folder.write_terminal(number, end)
        self.end(submission_id, "SUCCEEDED", "")
