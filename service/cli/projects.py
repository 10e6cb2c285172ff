"""`stillhouse projects`: groups of jobs, and what they may hold at once."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.table import Table
from rich.text import Text

from service.cli.output import AsJson, Server, client_for, hint, out, print_json
from service.sdk import LimitsOfProject, Project

app = typer.Typer(help="Groups of jobs, and what they may hold at once.", no_args_is_help=True)
Name = Annotated[str, typer.Argument(metavar="NAME", help="Name of a project.")]


@app.command("list")
def list_projects(server: Server = None, as_json: AsJson = False) -> None:
    """List projects with their limits and jobs.

    Example: stillhouse projects list
    """
    with client_for(server, as_json=as_json) as client:
        found = client.projects.list()
    if as_json:
        print_json(found)
    elif found.items:
        out().print(_table(found.items))
    else:
        hint("no projects; one comes with the first job that names it")


@app.command("show")
def show(name: Name, server: Server = None, as_json: AsJson = False) -> None:
    """Show one project.

    Example: stillhouse projects show default
    """
    with client_for(server, as_json=as_json) as client:
        _show(client.projects.get(name), as_json=as_json)


@app.command("set")
def put(
    name: Name,
    description: Annotated[str, typer.Option(help="What it is for.")] = "",
    max_jobs: Annotated[int | None, typer.Option(help="Jobs and sweeps that run at once, else no limit.")] = None,
    max_cpus: Annotated[float | None, typer.Option(help="CPUs that they hold at once, else no limit.")] = None,
    max_gpus: Annotated[float | None, typer.Option(help="GPUs that they hold at once, else no limit.")] = None,
    server: Server = None,
    as_json: AsJson = False,
) -> None:
    """Describe and limit a project; what is left out is reset.

    Example: stillhouse projects set parking --max-gpus 2
    """
    limits = LimitsOfProject(max_jobs=max_jobs, max_cpus=max_cpus, max_gpus=max_gpus)
    with client_for(server, as_json=as_json) as client:
        _show(client.projects.put(name, description=description, **limits), as_json=as_json)


@app.command("remove")
def remove(name: Name, server: Server = None, as_json: AsJson = False) -> None:
    """Forget a project that has no jobs.

    Example: stillhouse projects remove parking
    """
    with client_for(server, as_json=as_json) as client:
        client.projects.remove(name)
    if as_json:
        print_json({"removed": name})
    else:
        out().print(f"{name} is forgotten", markup=False)


def _show(project: Project, *, as_json: bool) -> None:
    if as_json:
        print_json(project)
    else:
        out().print(_table([project]))
        if project.description:
            out().print(project.description, markup=False)


def _table(projects: list[Project]) -> Table:
    table = Table(box=None, pad_edge=False, header_style="dim")
    table.add_column("project", overflow="fold")
    for heading in ("max jobs", "max CPUs", "max GPUs"):
        table.add_column(heading, justify="right", no_wrap=True)
    table.add_column("jobs")
    for project in projects:
        limits = project.limits
        bounds = [_bound(value) for value in (limits.max_jobs, limits.max_cpus, limits.max_gpus)]
        jobs = ", ".join(f"{number} {state}" for state, number in project.jobs.items())
        table.add_row(Text(project.name), *bounds, jobs)
    return table


def _bound(value: float | None) -> str:
    return "" if value is None else f"{value:g}"
