"""The demo's table: its numbers are those of the jobs."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from service.demo.table import rows
from service.jobs.schemas import Job
from tests.unit.service.factories import job_spec

START = datetime(2026, 1, 1, tzinfo=UTC)


def a_job(name: str, metrics: dict[str, float], **changes: Any) -> Job:
    document: dict[str, Any] = {
        "id": "job-aaaaaaaaaa",
        "kind": "job",
        "name": name,
        "project": "default",
        "tags": [],
        "priority": 0,
        "state": "succeeded",
        "reason": "",
        "cause": None,
        "resources": {},
        "progress": {"phase": None, "step": 1, "num_steps": 1, "eta_s": None},
        "metrics": metrics,
        "teacher": None,
        "student": "retinanet resnet",
        "best_ap": None,
        "attempt": 1,
        "mlflow_run_id": "abc",
        "mlflow_url": None,
        "created_at": START,
        "revision": 5,
        "updated_at": START,
        "started_at": START,
        "ended_at": START + timedelta(seconds=90),
        "spec": {"kind": "job", **job_spec()},
        "attempts": [],
    }
    return Job.model_validate({**document, **changes})


def test_gain_and_gap_are_measured_against_baseline_and_teacher() -> None:
    baseline = a_job("baseline", {"val/AP": 30.0, "val/AP50": 50.0})
    tuned = a_job("tuned", {"val/AP": 40.0, "val/AP50": 60.0, "teacher/AP": 80.0}, id="job-bbbbbbbbbb")
    first, second = rows([baseline, tuned], baseline)
    assert (first.ap, first.gain, first.gap_closed) == (30.0, None, None)
    assert (second.gain, second.ap50, second.seconds, second.run_id) == (10.0, 60.0, 90.0, "abc")
    assert second.gap_closed == pytest.approx(0.2)


def test_a_student_that_failed_has_no_numbers_instead_of_wrong_ones() -> None:
    baseline = a_job("baseline", {}, state="failed", ended_at=None)
    tuned = a_job("tuned", {"val/AP": 40.0, "teacher/AP": 80.0}, id="job-bbbbbbbbbb")
    first, second = rows([baseline, tuned], baseline)
    assert (first.ap, first.seconds) == (None, None)
    assert (second.ap, second.gain, second.gap_closed) == (40.0, None, None)
