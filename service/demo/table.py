"""The demo's closing table: how much distillation helped."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rich.table import Table

from service.jobs.schemas import Job


@dataclass(frozen=True)
class Row:
    """The numbers of one student; AP in percent, all from the job's own row."""

    name: str
    ap: float | None
    ap50: float | None
    gain: float | None
    gap_closed: float | None
    seconds: float | None
    run_id: str | None


def rows(jobs: Sequence[Job], baseline: Job) -> list[Row]:
    """One row per job. The gain is over `baseline`; the gap is that between the baseline and the teacher."""
    base = baseline.metrics.get("val/AP")
    teacher = _teacher_ap(jobs)
    return [_row(job, base, teacher, is_baseline=job.id == baseline.id) for job in jobs]


def table(jobs: Sequence[Job], baseline: Job) -> Table:
    """What `rows` says, for a terminal; the teacher's AP in the caption."""
    teacher = _teacher_ap(jobs)
    shown = Table(title="Digit scenes, 400 validation images", title_justify="left", title_style="bold")
    shown.add_column("student", no_wrap=True)
    for name in ("AP", "AP50", "gain", "gap closed", "time"):
        shown.add_column(name, justify="right", no_wrap=True)
    shown.add_column("MLflow run", overflow="fold")
    for row in rows(jobs, baseline):
        shown.add_row(
            row.name,
            _number(row.ap, "{:.1f}"),
            _number(row.ap50, "{:.1f}"),
            _number(row.gain, "{:+.1f}"),
            _number(row.gap_closed, "{:.0%}"),
            _number(row.seconds, "{:.0f} s"),
            row.run_id or "none",
        )
    if teacher is not None:
        shown.caption = f"teacher: {teacher:.1f} AP; gap closed: share of teacher minus baseline"
        shown.caption_justify = "left"
    return shown


def _teacher_ap(jobs: Sequence[Job]) -> float | None:
    return next((job.metrics["teacher/AP"] for job in jobs if "teacher/AP" in job.metrics), None)


def _row(job: Job, base: float | None, teacher: float | None, *, is_baseline: bool) -> Row:
    ap = job.metrics.get("val/AP")
    gain = ap - base if ap is not None and base is not None and not is_baseline else None
    closed = gain / (teacher - base) if gain is not None and base is not None and teacher not in (None, base) else None
    seconds = (job.ended_at - job.started_at).total_seconds() if job.ended_at and job.started_at else None
    return Row(job.name, ap, job.metrics.get("val/AP50"), gain, closed, seconds, job.mlflow_run_id)


def _number(value: float | None, form: str) -> str:
    return "" if value is None else form.format(value)
