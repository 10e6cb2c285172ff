"""`stillhouse models`: registered teachers and students."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.table import Table
from rich.text import Text

from service.cli.complete import job_ids
from service.cli.exits import Exit
from service.cli.output import AsJson, Server, client_for, out, print_json
from service.cli.registered import STYLES, AtMost, Containing, OfProject, Version, new_table, print_deleted, print_page
from service.cli.render import ago
from service.cli.transfers import transfer
from service.sdk import CheckState, Model, ModelSummary

app = typer.Typer(help="Registered teachers and students: checked, versioned, promoted.", no_args_is_help=True)
Name = Annotated[str, typer.Argument(metavar="NAME", help="Name of a model.")]
Alias = Annotated[str, typer.Option(help="The alias.")]
Note = Annotated[str, typer.Option(help="Why, for the model's history.")]


@app.command("list")
def list_models(
    project: OfProject = None,
    text: Containing = None,
    limit: AtMost = 50,
    server: Server = None,
    as_json: AsJson = False,
) -> None:
    """List models with their newest versions and aliases.

    Example: stillhouse models list
    """
    with client_for(server, as_json=as_json) as client:
        page = client.models.list(limit=limit, project=project, text=text)
    nothing = "no models; register one with: stillhouse models register, or promote a student"
    print_page(page, lambda: _table(page.items), nothing=nothing, as_json=as_json)


def _table(models: Sequence[ModelSummary]) -> Table:
    table = new_table("model", "state", "aliases", "architecture", "made", "reason")
    for one in models:
        newest = one.version
        aliases = ", ".join(f"{alias}: {version}" for alias, version in one.aliases.items())
        state = Text(newest.state, style=STYLES[newest.state])
        cells = (aliases, newest.architecture or "", ago(newest.created_at), Text(newest.reason))
        table.add_row(f"{one.name}@{newest.version}", state, *cells)
    return table


@app.command("register")
def register(
    name: Name,
    path: Annotated[
        str | None, typer.Option(help="Safetensors file that Stillhouse wrote, as the cluster sees it.")
    ] = None,
    upload: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Such a file that lies here; it is sent.", exists=True, dir_okay=False),
    ] = None,
    job: Annotated[str | None, typer.Option(help="Job whose student it is.", autocompletion=job_ids)] = None,
    torchvision: Annotated[
        str | None, typer.Option(help="A COCO detector of torchvision, by the name of its weights.")
    ] = None,
    evaluate_on: Annotated[str | None, typer.Option(metavar="DATASET", help="Measure its AP on this data set.")] = None,
    project: Annotated[str, typer.Option(help="Project that it belongs to.")] = "default",
    description: Annotated[str, typer.Option(help="What it is.")] = "",
    wait: Annotated[bool, typer.Option("--wait", help="Wait for the check; exit code 1 where it is refused.")] = False,
    server: Server = None,
    as_json: AsJson = False,
) -> None:
    """Register a teacher or student, or its next version: from a file there or here, a job, or torchvision.

    Example: stillhouse models register digits-teacher --upload student.safetensors --wait
    """
    given = {"path": path, "job": job, "torchvision": torchvision}
    weights = {key: value for key, value in given.items() if value is not None}
    if len(weights) + (upload is not None) != 1:
        raise typer.BadParameter("say where the weights are: one of --path, --upload, --job and --torchvision")
    document: dict[str, Any] = {"name": name, "project": project, "description": description, "weights": weights}
    if evaluate_on is not None:
        document["evaluate_on"] = {"dataset": evaluate_on}
    with client_for(server, as_json=as_json) as client:
        if upload is None:
            found = client.models.register(document)
        else:
            with transfer(f"sending {upload.name}") as on_progress:
                found = client.models.upload(
                    name,
                    upload,
                    project=project,
                    description=description,
                    evaluate_on=evaluate_on,
                    on_progress=on_progress,
                )
        if wait:
            found = client.models.wait(name, version=found.version.version)
    show_model(found, as_json=as_json)


@app.command("show")
def show(name: Name, version: Version = None, server: Server = None, as_json: AsJson = False) -> None:
    """Show a model: one version in full, and all its versions.

    Example: stillhouse models show digits-teacher
    """
    with client_for(server, as_json=as_json) as client:
        found = client.models.get(name, version=version)
    show_model(found, as_json=as_json, tell=False)


@app.command("check")
def check(name: Name, version: Version = None, server: Server = None, as_json: AsJson = False) -> None:
    """Check a version again, and wait for the result.

    Example: stillhouse models check coco-teacher
    """
    with client_for(server, as_json=as_json) as client:
        found = client.models.check(name, version=version)
        found = client.models.wait(name, version=found.version.version)
    show_model(found, as_json=as_json)


@app.command("promote")
def promote(
    name: Name,
    version: Annotated[int, typer.Argument(metavar="VERSION", help="The version that gets the alias.")],
    alias: Alias = "production",
    note: Note = "",
    server: Server = None,
    as_json: AsJson = False,
) -> None:
    """Give a version an alias, here and in MLflow's registry. `stillhouse promote` does so with a job's student.

    Example: stillhouse models promote digits 3 --note "2 AP more"
    """
    with client_for(server, as_json=as_json) as client:
        show_model(client.models.promote(name, version, alias=alias, note=note), as_json=as_json, tell=False)


@app.command("rollback")
def roll_back(
    name: Name, alias: Alias = "production", note: Note = "", server: Server = None, as_json: AsJson = False
) -> None:
    """Give an alias back to the version that had it before.

    Example: stillhouse models rollback digits
    """
    with client_for(server, as_json=as_json) as client:
        show_model(client.models.roll_back(name, alias=alias, note=note), as_json=as_json, tell=False)


@app.command("delete")
def delete(name: Name, server: Server = None, as_json: AsJson = False) -> None:
    """Forget a model with all its versions. Refused while a job needs it.

    Example: stillhouse models delete digits
    """
    with client_for(server, as_json=as_json) as client:
        client.models.delete(name)
    print_deleted(name, as_json=as_json)


def promote_student(
    job_id: Annotated[str, typer.Argument(metavar="ID", help="Job that has succeeded.", autocompletion=job_ids)],
    model: Annotated[str | None, typer.Option(help="Name of the model, new or known.")] = None,
    alias: Alias = "production",
    note: Note = "",
    server: Server = None,
    as_json: AsJson = False,
) -> None:
    """Give a job's student an alias, under the name of a model that may be new.

    Example: stillhouse promote job-k3v9x2m7qa --model digits
    """
    with client_for(server, as_json=as_json) as client:
        found = client.models.promote_student(job_id, model=model, alias=alias, note=note)
    show_model(found, as_json=as_json, tell=False)


def show_model(found: Model, *, as_json: bool, tell: bool = True) -> None:
    """Print a model; with `tell`, the exit code says whether the check refused it."""
    if as_json:
        print_json(found)
    else:
        headings = ("version", "state", "aliases", "architecture", "parameters", "AP", "made", "reason")
        table = new_table(*headings, right=("version", "parameters", "AP"))
        for one in found.versions:
            ap = one.metrics.get("val/AP", one.metrics.get("sample/AP"))
            parameters = "" if one.num_parameters is None else f"{one.num_parameters / 1e6:.2f} M"
            state = Text(one.state, style=STYLES[one.state])
            cells = (", ".join(one.aliases), one.architecture or "", parameters, "" if ap is None else f"{ap:.1f}")
            table.add_row(str(one.version), state, *cells, ago(one.created_at), Text(one.reason))
        out().print(Text(found.name, style="bold"))
        out().print(table)
    if tell and found.version.state == CheckState.REFUSED:
        raise typer.Exit(Exit.FAILED)
