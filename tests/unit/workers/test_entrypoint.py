"""The entry point of an attempt, without a cluster."""

from __future__ import annotations

import threading
from pathlib import Path

from workers.entrypoint import run
from workers.heartbeat import HeartbeatReporter
from workers.spec import AttemptOrder, JobFolder, JobSpec

NOWHERE = "http://127.0.0.1:9"


def an_order(tmp_path: Path, training: dict[str, object]) -> AttemptOrder:
    spec = JobSpec.model_validate({"name": "j", "training": training})
    return AttemptOrder(
        job_id="job-aaaaaaaaaa", attempt=1, spec=spec, mlflow_tracking_uri=NOWHERE, data_root=str(tmp_path)
    )


def test_missing_data_becomes_a_terminal_marker_that_names_the_file(tmp_path: Path) -> None:
    split = {"images": "nothing", "annotations": "nothing.json"}
    order = an_order(tmp_path, {"data": {"train": split, "val": split}})
    folder = JobFolder(tmp_path / "storage", order.job_id)
    terminal = run(order, folder, HeartbeatReporter(folder, 1), threading.Event())
    assert terminal.outcome == "failed"
    assert terminal.cause == "bad_input"
    assert str(tmp_path / "nothing.json") in terminal.reason
