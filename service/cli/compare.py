"""`stillhouse compare`: in what the specs of jobs differ, and their metrics side by side."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Annotated, Any

import typer
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from service.cli.complete import job_ids
from service.cli.output import AsJson, Server, client_for, out, print_json
from service.cli.render import duration, state_text
from service.sdk import Job

Ids = Annotated[list[str], typer.Argument(metavar="A B...", help="Ids of two or more jobs.", autocompletion=job_ids)]
# Names and places say nothing about what was trained.
_NOT_COMPARED = frozenset({"name", "project", "tags", "priority"})


def compare(ids: Ids, server: Server = None, as_json: AsJson = False) -> None:
    """Show where the specs of jobs differ, and their metrics side by side.

    Example: stillhouse compare job-k3v9x2m7qa job-w5t2c6n4zd
    """
    if len(ids) < 2:
        raise typer.BadParameter("one job cannot be compared; wanted two or more ids", param_hint="A B...")
    with client_for(server, as_json=as_json) as client:
        jobs = [client.jobs.get(job_id) for job_id in ids]
    differences, metrics = spec_differences(jobs), metrics_of(jobs)
    if as_json:
        print_json({"jobs": [_head(job) for job in jobs], "spec": differences, "metrics": metrics})
    else:
        out().print(_tables(jobs, differences, metrics))


def spec_differences(jobs: Sequence[Job]) -> dict[str, list[Any]]:
    """Dotted path to the value in each job, for all paths at which the specs differ; None where a spec has none."""
    specs = [dict(_flat(job.spec.model_dump(mode="json"), ())) for job in jobs]
    paths = list(dict.fromkeys(path for spec in specs for path in spec))
    found = {path: [spec.get(path) for spec in specs] for path in paths}
    return {
        path: values
        for path, values in found.items()
        if path not in _NOT_COMPARED and any(value != values[0] for value in values)
    }


def metrics_of(jobs: Sequence[Job]) -> dict[str, list[float | None]]:
    """Metric to its latest value in each job."""
    return {key: [job.metrics.get(key) for job in jobs] for key in sorted({key for job in jobs for key in job.metrics})}


def _flat(node: Any, path: tuple[str, ...]) -> Iterable[tuple[str, Any]]:
    if isinstance(node, dict) and node:
        for key, value in node.items():
            yield from _flat(value, (*path, key))
    elif isinstance(node, list) and any(isinstance(item, dict) for item in node):
        for index, item in enumerate(node):
            name = item.get("name") if isinstance(item, dict) else None
            yield from _flat(item, (*path, str(name or index)))
    else:
        yield ".".join(path), node


def _head(job: Job) -> dict[str, Any]:
    return {"id": job.id, "name": job.name, "state": job.state, "took_s": _took_s(job)}


def _took_s(job: Job) -> float | None:
    if job.started_at is None or job.ended_at is None:
        return None
    return (job.ended_at - job.started_at).total_seconds()


def _tables(
    jobs: Sequence[Job], differences: dict[str, list[Any]], metrics: dict[str, list[float | None]]
) -> RenderableType:
    heads = _table("", jobs)
    heads.add_row("name", *(Text(job.name) for job in jobs))
    heads.add_row("state", *(state_text(job.state) for job in jobs))
    heads.add_row("took", *(duration(_took_s(job)) for job in jobs))
    parts: list[RenderableType] = [heads, Text()]
    if differences:
        specs = _table("spec", jobs)
        for path, values in differences.items():
            specs.add_row(Text(path.removeprefix("training.")), *(Text(_shown(value)) for value in values))
        parts += [specs, Text()]
    else:
        parts += [Text("the specs are the same", style="dim"), Text()]
    if metrics:
        table = _table("metric", jobs, justify="right")
        if len(jobs) == 2:
            table.add_column("difference", justify="right", no_wrap=True)
        for key, numbers in metrics.items():
            table.add_row(Text(key), *map(_number, numbers), *(_gap(numbers) if len(jobs) == 2 else ()))
        parts.append(table)
    return Group(*parts)


def _table(first: str, jobs: Sequence[Job], *, justify: Any = "left") -> Table:
    table = Table(box=None, pad_edge=False, header_style="dim")
    table.add_column(first, overflow="fold")
    for job in jobs:
        table.add_column(job.id, overflow="fold", justify=justify)
    return table


def _shown(value: Any) -> str:
    return "" if value is None else f"{value:g}" if isinstance(value, float) else str(value)


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:.2f}"


def _gap(numbers: Sequence[float | None]) -> tuple[str]:
    first, second = numbers
    return ("" if first is None or second is None else f"{second - first:+.2f}",)
