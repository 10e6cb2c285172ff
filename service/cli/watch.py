"""Watching a job: a progress bar while a person waits, plain lines or JSON lines otherwise."""

from __future__ import annotations

import time
from collections.abc import Iterator

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from service.cli.output import err, hint, print_json_line
from service.cli.render import ap, duration, progress, state_text
from service.sdk import FINAL, Client, Job, JobSummary, StillhouseError

_LOSS = "train/loss/total"
_ASK_LOSS_EVERY_S = 5.0


def watch_job(client: Client, job_id: str, *, timeout_s: float | None = None, as_json: bool = False) -> Job:
    """Return the job when it has ended. People are spoken to on standard error, so that output stays clean.

    As JSON, each change is one line on standard output.
    """
    updates = client.jobs.watch(job_id, timeout_s=timeout_s)
    console = err()
    try:
        if as_json:
            for job in updates:
                print_json_line(job)
        elif console.is_terminal:
            _with_bar(client, updates, console)
        else:
            _in_lines(updates, console)
    except KeyboardInterrupt:
        if not as_json:
            hint(f"the job goes on; watch it again with: stillhouse watch {job_id}")
        raise
    return client.jobs.get(job_id)


def _in_lines(updates: Iterator[JobSummary], console: Console) -> None:
    """One line for each change of state, phase, reason or AP."""
    last: tuple[object, ...] = ()
    for job in updates:
        now = (job.state, job.progress.phase, job.reason, ap(job))
        if now != last:
            last = now
            parts = [job.id, job.state, progress(job), _note(job)]
            console.print("  ".join(part for part in parts if part), markup=False)


def _with_bar(client: Client, updates: Iterator[JobSummary], console: Console) -> None:
    columns = (
        TextColumn("{task.fields[state]}"),
        BarColumn(bar_width=None),
        TextColumn("{task.completed:.0f}/{task.total:.0f}"),
        TimeElapsedColumn(),
        TextColumn("{task.fields[note]}", markup=False),
    )
    loss = _Loss(client)
    with Progress(*columns, console=console, expand=True) as bars:
        task = bars.add_task("", total=1, state="", note="", start=False)
        for job in updates:
            if job.started_at is not None:
                bars.start_task(task)
            bars.update(
                task,
                total=job.progress.num_steps or 1,
                completed=job.progress.step,
                state=state_text(job.state).markup,
                note=_note(job, loss.of(job)),
            )


class _Loss:
    """The newest training loss, asked for now and then: it is kept by MLflow and not with the job."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self._asked_at = -_ASK_LOSS_EVERY_S
        self._value: float | None = None

    def of(self, job: JobSummary) -> float | None:
        now = time.monotonic()
        if job.kind == "job" and job.state not in FINAL and job.attempt and now - self._asked_at >= _ASK_LOSS_EVERY_S:
            self._asked_at = now
            try:
                found = self._client.jobs.metrics(job.id, keys=[_LOSS], max_points=2).series
            except StillhouseError:
                return self._value  # MLflow is away: the bar does without
            values = [point.value for one in found for point in one.points if point.value is not None]
            self._value = values[-1] if values else self._value
        return self._value


def _note(job: JobSummary, loss: float | None = None) -> str:
    phase = job.progress.phase if job.state == "running" and job.progress.phase else ""
    left = f"{duration(job.progress.eta_s)} left" if job.progress.eta_s else ""
    losses = "" if loss is None or job.state in FINAL else f"loss {loss:.3g}"
    score = f"AP {ap(job)}" if ap(job) else ""
    reason = job.reason.splitlines()[0] if job.reason else ""
    return ", ".join(part for part in (phase, left, losses, score, reason) if part)
