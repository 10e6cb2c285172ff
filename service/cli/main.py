"""The commands of `stillhouse`."""

from __future__ import annotations

from typing import Annotated

import typer

from service.cli import (
    backup,
    clone,
    compare,
    datasets,
    export,
    jobs,
    logs,
    models,
    projects,
    prune,
    stack,
    submit,
    sweeps,
    tokens,
    webhooks,
)
from service.cli.doctor.command import doctor
from service.cli.exits import Exit
from service.version import installed_version

app = typer.Typer(
    name="stillhouse",
    help="Distil heavy object detectors into small ones.",
    no_args_is_help=True,
    epilog=f"Exit codes: {', '.join(f'{one.value} {one.label}' for one in Exit)}.",
    pretty_exceptions_enable=False,
)


def _print_version(wanted: bool) -> None:
    if wanted:
        typer.echo(installed_version())
        raise typer.Exit


@app.callback()
def options(
    version: Annotated[bool, typer.Option("--version", callback=_print_version, is_eager=True)] = False,
) -> None:
    """Distil heavy object detectors into small ones."""


app.command("up")(stack.up)
app.command("demo")(stack.demo)
app.command("submit")(submit.submit)
app.command("sweep")(submit.sweep)
app.command("list")(jobs.list_jobs)
app.command("show")(jobs.show)
app.command("watch")(jobs.watch)
app.command("logs")(logs.logs)
app.command("cancel")(jobs.cancel)
app.command("pause")(jobs.pause)
app.command("resume")(jobs.resume)
app.command("retry")(jobs.retry)
app.command("clone")(clone.clone)
app.command("change")(clone.change)
app.command("trials")(jobs.trials)
app.command("answers")(jobs.answers)
app.command("compare")(compare.compare)
app.command("promote")(models.promote_student)
app.command("export")(export.export)
app.add_typer(sweeps.app, name="sweeps")
app.add_typer(datasets.app, name="datasets")
app.add_typer(models.app, name="models")
app.add_typer(projects.app, name="projects")
app.add_typer(tokens.app, name="tokens")
app.add_typer(webhooks.app, name="webhooks")
app.command("backup")(backup.backup)
app.command("restore")(backup.restore)
app.command("prune")(prune.prune)
app.command("signin")(tokens.signin)
app.command("doctor")(doctor)

if __name__ == "__main__":
    app()
