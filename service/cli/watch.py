"""Watching a job at a terminal: a progress bar while a person waits, plain lines otherwise."""

from __future__ import annotations

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from service.cli.render import ap, duration, progress
from service.jobs.schemas import Job
from service.sdk import Client


def watch_job(client: Client, job_id: str, *, quiet: bool = False) -> Job:
    """Return the job when it has ended. Speaks on standard error, so that output stays clean."""
    console = Console(stderr=True, highlight=False, soft_wrap=True)
    if quiet:
        return client.jobs.wait(job_id)
    if not console.is_terminal:
        return _watch_in_lines(client, job_id, console)
    columns = (
        TextColumn("{task.fields[state]}"),
        BarColumn(),
        TextColumn("{task.completed:.0f}/{task.total:.0f}"),
        TimeElapsedColumn(),
        TextColumn("{task.fields[note]}", markup=False),
    )
    with Progress(*columns, console=console) as bars:
        task = bars.add_task(job_id, total=1, state="", note="")

        def update(job: Job) -> None:
            bars.update(
                task, total=job.progress.num_steps or 1, completed=job.progress.step, state=job.state, note=_note(job)
            )

        return client.jobs.wait(job_id, on_update=update)


def _watch_in_lines(client: Client, job_id: str, console: Console) -> Job:
    """One line for each change of state, reason or metrics."""
    last: tuple[object, ...] = ()

    def update(job: Job) -> None:
        nonlocal last
        now = (job.state, job.progress.phase, job.reason, ap(job))
        if now != last:
            last = now
            parts = [job.id, job.state, progress(job), _note(job)]
            console.print("  ".join(part for part in parts if part), markup=False)

    return client.jobs.wait(job_id, on_update=update)


def _note(job: Job) -> str:
    score = f"AP {ap(job)}" if ap(job) else ""
    left = f"{duration(job.progress.eta_s)} left" if job.progress.eta_s else ""
    phase = job.progress.phase if job.state == "running" and job.progress.phase else ""
    return ", ".join(part for part in (phase, score, left, job.reason.splitlines()[0] if job.reason else "") if part)
