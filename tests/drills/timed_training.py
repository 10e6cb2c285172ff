"""`python -m tests.drills.timed_training FOLDER DATA MLFLOW_URL NAME`: a training with its run, as an attempt has it.

It goes on until SIGTERM, and then writes when each step ended.
"""

from __future__ import annotations

import json
import logging
import signal
import sys
import threading
import time
from pathlib import Path

from tests.factories import small_training
from trainer.reporting import NullReporter
from trainer.spec import TrainingSpec
from workers.heartbeat import HeartbeatReporter
from workers.log_reporter import LogReporter
from workers.mlflow_sink import RunKey
from workers.spec import JobFolder
from workers.training_run import run_training

EXPERIMENT = "drill"
STEPS = "steps.json"


class StepClock(NullReporter):
    """Notes when each step ended, with all that the other reporters did for it."""

    def __init__(self) -> None:
        self.ended_at: list[float] = []

    def log_progress(self, phase: str, *, step: int, num_steps: int) -> None:
        if phase == "training":
            self.ended_at.append(time.time())


def main(folder: Path, data: Path, mlflow_url: str, name: str) -> None:
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s", datefmt="%H:%M:%S")
    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    spec = TrainingSpec.model_validate(
        small_training(
            steps=10**6, distil=False, device="cpu", seed=1, log_every_steps=2, evaluate_every_steps=10**6,
            checkpoint_every_steps=500, preflight=False, diagnostics={"enabled": False},
        )
    )  # fmt: skip
    job = JobFolder(folder, f"job-{name}")
    heartbeat, clock = HeartbeatReporter(job, 1), StepClock()
    heartbeat.start()
    run_training(
        spec, out=job.work, data_root=data, tracking_uri=mlflow_url, key=RunKey(EXPERIMENT, name, {"drill": name}),
        reporters=[heartbeat, LogReporter(stop.is_set), clock], on_run=heartbeat.set_run,
    )  # fmt: skip
    heartbeat.close()
    (job.work / STEPS).write_text(json.dumps(clock.ended_at))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3], sys.argv[4])
