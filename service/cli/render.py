"""Tables and lines for people."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from service.sdk import Answers, Event, Job, JobSummary, Trial
from workers.spec import Stretch

_STYLES = {
    "queued": "dim",
    "starting": "cyan",
    "running": "bold cyan",
    "succeeded": "green",
    "failed": "red",
    "cancelled": "yellow",
    "cancelling": "yellow",
    "pausing": "magenta",
    "paused": "magenta",
}


def state_text(state: str) -> Text:
    return Text(state, style=_STYLES.get(state, ""))


def duration(seconds: float | None) -> str:
    if seconds is None:
        return ""
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60}:{whole % 60:02d} min"
    return f"{whole // 3600}:{whole % 3600 // 60:02d} h"


def ago(at: datetime) -> str:
    return f"{duration((datetime.now(UTC) - at).total_seconds())} ago"


def ap(job: JobSummary) -> str:
    value = job.metrics.get("val/AP")
    return "" if value is None else f"{value:.1f}"


def progress(job: JobSummary) -> str:
    at = job.progress
    return f"{at.step}/{at.num_steps}" if at.num_steps and job.attempt else ""


def job_table(jobs: Sequence[JobSummary]) -> Table:
    table = Table(box=None, pad_edge=False, header_style="dim")
    for heading in ("id", "name", "project", "state", "progress", "left", "AP", "submitted"):
        right = heading in ("progress", "left", "AP")
        # Where a terminal is narrow, names give way: Rich takes room from columns that may wrap first.
        table.add_column(heading, justify="right" if right else "left", no_wrap=heading not in ("name", "project"))
    for job in jobs:
        left = duration(job.progress.eta_s)
        cells = (progress(job), left, ap(job), ago(job.created_at))
        table.add_row(Text(job.id), _cut(job.name), _cut(job.project), state_text(job.state), *cells)
    return table


def job_details(job: Job) -> RenderableType:
    facts = Table(box=None, show_header=False, pad_edge=False)
    facts.add_column(style="dim")
    facts.add_column(overflow="fold")
    rows: Iterable[tuple[str, str]] = (
        ("name", job.name),
        ("project", job.project),
        ("reason", job.reason),
        ("cause", job.cause or ""),
        ("progress", progress(job) + (f", {job.progress.phase}" if job.progress.phase else "")),
        ("left", duration(job.progress.eta_s)),
        ("needs", _needs(job)),
        ("submitted", f"{job.created_at:%Y-%m-%d %H:%M:%S} UTC"),
        ("took", _took(job)),
        ("MLflow", job.mlflow_url or ""),
    )
    facts.add_row("state", state_text(job.state))
    for label, value in rows:
        if value:
            facts.add_row(label, Text(value))
    parts: list[RenderableType] = [Text(job.id, style="bold"), facts]
    if job.metrics:
        parts.append(metric_table(job.metrics))
    if job.attempts:
        parts.append(_attempt_table(job))
    return Group(*parts)


def metric_table(metrics: dict[str, float]) -> Table:
    table = Table(box=None, header_style="dim", pad_edge=False)
    table.add_column("metric")
    table.add_column("value", justify="right")
    for key in sorted(metrics):
        table.add_row(Text(key), f"{metrics[key]:.2f}")
    return table


def trial_table(trials: Sequence[Trial]) -> Table:
    """Best objective first where the sweep has any, with the sampled values in columns, and what was taken over."""
    takes_over = any(trial.exploits for trial in trials)
    paths = sorted({path for trial in trials for path in trial.parameters})
    table = Table(box=None, header_style="dim", pad_edge=False)
    for heading in ("trial", "role", "seed", "state", "step", "objective"):
        table.add_column(heading, justify="left" if heading in ("role", "state") else "right", no_wrap=True)
    for path in paths:
        table.add_column(path.replace("distillation.losses.", ""), justify="right", overflow="fold")
    if takes_over:
        table.add_column("took over", overflow="fold")
    for trial in trials:
        objective = "" if trial.objective is None else f"{trial.objective:.2f}"
        values = [_value(trial.parameters.get(path)) for path in paths]
        role = f"repeats {trial.repeats}" if trial.repeats is not None else str(trial.role)
        head = (str(trial.number), role, str(trial.seed), state_text(trial.state), str(trial.step))
        taken = ", ".join(f"{exploit.from_trial} at {exploit.from_step}" for exploit in trial.exploits)
        table.add_row(*head, objective, *values, *([taken] if takes_over else []))
    return table


def answers_details(answers: Answers) -> RenderableType:
    """The verdict, which dimensions matter, and what it took."""
    cost = answers.cost
    spent = f"{cost.hours:.2g} {cost.of} hours, {cost.steps} steps; early stopping saved {cost.saved:.0%} of the steps"
    parts: list[RenderableType] = [Text(answers.verdict.text, style="bold"), Text(spent, style="dim")]
    if answers.verdict.winner is not None and answers.verdict.winner.schedule:
        parts += [Text(), _schedule_table(answers.verdict.winner.schedule)]
    if answers.importances:
        table = Table(box=None, header_style="dim", pad_edge=False)
        table.add_column("dimension", overflow="fold")
        for heading in ("importance", "trials"):
            table.add_column(heading, justify="right", no_wrap=True)
        for one in answers.importances:
            share = "too few" if one.importance is None else f"{one.importance:.0%}"
            table.add_row(Text(one.path), share, str(one.num_trials))
        parts += [Text(), table]
    return Group(*parts)


def _schedule_table(schedule: Sequence[Stretch]) -> Table:
    """The winner's values, where they changed on the way."""
    table = Table(box=None, header_style="dim", pad_edge=False)
    table.add_column("winner from step", justify="right", no_wrap=True)
    for path in schedule[0].parameters:
        table.add_column(path.replace("distillation.losses.", ""), justify="right", overflow="fold")
    for stretch in schedule:
        table.add_row(str(stretch.from_step), *(_value(value) for value in stretch.parameters.values()))
    return table


def event_table(events: Sequence[Event]) -> Table:
    table = Table(box=None, header_style="dim", pad_edge=False)
    for heading in ("at", "state", "who", "what happened"):
        table.add_column(heading, overflow="fold", no_wrap=heading == "at")
    for event in events:
        at = f"{event.at:%Y-%m-%d %H:%M:%S}"
        table.add_row(at, state_text(event.to_state), Text(event.actor), Text(event.cause))
    return table


def _attempt_table(job: Job) -> Table:
    table = Table(box=None, header_style="dim", pad_edge=False)
    for heading in ("attempt", "state", "submitted", "reason"):
        table.add_column(heading, overflow="fold")
    for attempt in job.attempts:
        at = "" if attempt.submitted_at is None else f"{attempt.submitted_at:%H:%M:%S}"
        table.add_row(str(attempt.number), Text(attempt.state), at, Text(attempt.reason))
    return table


def _needs(job: Job) -> str:
    """What a job holds in all: its resources for each node, or for each of the trials that run at once."""
    shares = job.spec.num_shares
    return f"CPUs: {job.resources.cpus * shares:g}, GPUs: {job.resources.gpus * shares:g}"


def _cut(text: str) -> Text:
    return Text(text, no_wrap=True, overflow="ellipsis")


def _took(job: JobSummary) -> str:
    if job.started_at is None:
        return ""
    return duration(((job.ended_at or datetime.now(UTC)) - job.started_at).total_seconds())


def _value(value: object) -> str:
    return f"{value:.4g}" if isinstance(value, float) else str(value)
