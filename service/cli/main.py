"""The commands of `stillhouse`."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.text import Text

from service.cli import jobs, stack
from service.cli.doctor import examine
from service.cli.output import JOB_FAILED, AsJson, Server, out, print_json, readable_errors
from service.sdk import Client
from service.settings import Settings
from service.version import installed_version

app = typer.Typer(
    name="stillhouse",
    help="Distil heavy object detectors into small ones.",
    no_args_is_help=True,
    add_completion=False,
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


def doctor(server: Server = None, as_json: AsJson = False) -> None:
    """Look at this installation and at the server, and say what is missing."""
    with readable_errors(as_json=as_json), Client(server, timeout_s=10) as client:
        findings = list(examine(client, Settings.from_environment()))
    if as_json:
        print_json([finding.as_dict() for finding in findings])
    else:
        for finding in findings:
            mark = ("ok     ", "green") if finding.ok else ("missing", "red")
            out().print(Text.assemble(mark, f"  {finding.name}: {finding.detail}"))
    if not all(finding.ok for finding in findings):
        raise typer.Exit(JOB_FAILED)


app.command("up")(stack.up)
app.command("demo")(stack.demo)
app.command("submit")(jobs.submit)
app.command("sweep")(jobs.sweep)
app.command("list")(jobs.list_jobs)
app.command("show")(jobs.show)
app.command("watch")(jobs.watch)
app.command("logs")(jobs.logs)
app.command("cancel")(jobs.cancel)
app.command("trials")(jobs.trials)
app.command("doctor")(doctor)

if __name__ == "__main__":
    app()
