"""`stillhouse demo`: starts the stack, makes the data, submits three students over REST and compares them."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Sequence
from pathlib import Path

import yaml
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

from service.demo.data import DemoError, finish_making_data, provide_teacher, start_making_data
from service.demo.table import table
from service.jobs.lifecycle import FINAL
from service.jobs.schemas import Job
from service.presets.logic import recipes_folder
from service.sdk import Client, StillhouseError
from service.settings import Settings
from service.stack.cli import TEND_EVERY_S
from service.stack.interrupts import interrupts
from service.stack.stack import Stack, StackError
from workers.spec import JobSpec

# the longest first: on two cores that ends soonest
RECIPES = ("tuned", "paper", "baseline")
SHOWN = ("baseline", "paper", "tuned")
ASK_EVERY_S = 1.0


def demo(state: Path | None = None, port: int | None = None) -> int:
    """Run the demo; at a terminal it serves on until Ctrl-C. Returns the exit code."""
    console = Console(soft_wrap=False)
    with interrupts() as asked:
        try:
            folder = state or Settings.from_environment().state
            with Stack(folder, port=port, tell=console.print) as stack:
                code = _run(console, stack, asked)
                if sys.stdout.isatty() and not asked.is_set():
                    console.print("serving on; Ctrl-C stops everything")
                    while not asked.wait(TEND_EVERY_S):
                        stack.tend()
        except (StackError, DemoError, StillhouseError) as error:
            console.print(f"[red]{error}[/red]", soft_wrap=True)
            return 1
    return code


def _run(console: Console, stack: Stack, asked: threading.Event) -> int:
    started = time.monotonic()
    making = start_making_data(stack.layout.data)
    with console.status("starting Ray, MLflow, the reconciler and the API; making the digit scenes"):
        stack.wait_until_ready(asked.is_set)
    if asked.is_set():
        making.terminate()
        return 130
    finish_making_data(making)
    provide_teacher(stack.layout.data)
    console.print(f"ready after {time.monotonic() - started:.0f} s; dashboard: [bold]{stack.layout.url}[/bold]")
    console.print(f"sign in with: {stack.sign_in_link()} (works once, for ten minutes)", soft_wrap=True)
    with Client(stack.layout.url, token=stack.token) as client:
        jobs = {name: client.jobs.submit(_recipe(name)) for name in RECIPES}
        ended = _watch(console, stack, client, jobs, asked)
    if asked.is_set():
        return 130
    console.print(table([ended[name] for name in SHOWN], ended["baseline"]))
    console.print(f"took {_duration(time.monotonic() - started)} in all; dashboard: {stack.layout.url}")
    return _verdict(console, list(ended.values()))


def _recipe(name: str) -> JobSpec:
    path = recipes_folder() / "digits" / f"{name}.yaml"
    return JobSpec.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))


def _watch(
    console: Console, stack: Stack, client: Client, jobs: dict[str, Job], asked: threading.Event
) -> dict[str, Job]:
    """Show the jobs' progress until all have ended or Ctrl-C; at no terminal one line for each change."""
    progress = Progress(
        TextColumn("{task.fields[name]}", justify="left"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[state]}"),
        TimeElapsedColumn(),
        console=console,
        disable=not console.is_terminal,
    )
    seen: dict[str, str] = {}
    with progress:
        bars = {
            name: progress.add_task("", name=jobs[name].name, total=jobs[name].progress.num_steps or None, state="")
            for name in SHOWN
        }
        while not asked.wait(ASK_EVERY_S):
            stack.tend()
            jobs = {name: client.jobs.get(job.id) for name, job in jobs.items()}
            for name, job in jobs.items():
                _show(progress, bars[name], job)
                if not console.is_terminal and seen.get(name) != job.state:
                    seen[name] = job.state
                    said = job.reason if job.reason.startswith(job.state) else f"{job.state} {job.reason}"
                    console.print(f"{job.name}: {said}".rstrip(), soft_wrap=True)
            if all(job.state in FINAL for job in jobs.values()):
                break
    return jobs


def _show(progress: Progress, bar: TaskID, job: Job) -> None:
    state = str(job.state)
    if "val/AP" in job.metrics:
        state += f", AP {job.metrics['val/AP']:.1f}"
    if job.progress.phase not in (None, "training") and job.state == "running":
        state += f" ({job.progress.phase})"
    progress.update(bar, completed=job.progress.step, total=job.progress.num_steps or None, state=state)
    if job.started_at is None:
        progress.reset(bar, start=False, total=job.progress.num_steps or None)
    elif not progress.tasks[bar].started:
        progress.start_task(bar)
    if job.state in FINAL:
        progress.stop_task(bar)


def _verdict(console: Console, jobs: Sequence[Job]) -> int:
    failed = [job for job in jobs if job.state != "succeeded"]
    for job in failed:
        console.print(f"[red]{job.name} {job.state}: {job.reason}[/red] (stillhouse logs {job.id})", soft_wrap=True)
    return 1 if failed else 0


def _duration(seconds: float) -> str:
    return f"{int(seconds) // 60} min {int(seconds) % 60} s"
