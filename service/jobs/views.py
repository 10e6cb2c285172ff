"""From rows to what the API says."""

from __future__ import annotations

from typing import Any

from service.jobs.models import JobRow
from service.jobs.schemas import AttemptView, Job, JobSummary, Progress


def mlflow_url(experiment_id: str | None, run_id: str | None) -> str | None:
    if experiment_id is None or run_id is None:
        return None
    return f"/mlflow/#/experiments/{experiment_id}/runs/{run_id}"


def summary(row: JobRow) -> JobSummary:
    return JobSummary.model_validate(_summary_fields(row))


def job_view(row: JobRow, attempts: list[AttemptView]) -> Job:
    return Job.model_validate({**_summary_fields(row), "spec": row.spec, "attempts": attempts})


def _summary_fields(row: JobRow) -> dict[str, Any]:
    names = set(JobSummary.model_fields) - {"progress", "mlflow_url"}
    fields = {name: getattr(row, name) for name in names}
    fields["progress"] = Progress.model_validate(row)
    fields["mlflow_url"] = mlflow_url(row.mlflow_experiment_id, row.mlflow_run_id)
    return fields
