"""The command itself."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Annotated

import typer
from rich.console import Group, RenderableType
from rich.text import Text

from service.cli.doctor import installation, machine, nodes, remote
from service.cli.doctor.finding import Finding
from service.cli.exits import Exit
from service.cli.output import AsJson, Server, client_for, out, print_json
from service.sdk import Client
from service.settings import Settings

_MARKS = {"ok": ("ok  ", "green"), "warn": ("warn", "yellow"), "fail": ("fail", "bold red")}


def doctor(
    quick: Annotated[
        bool, typer.Option("--quick", help="Leave out what takes seconds: importing torch, looking at all nodes.")
    ] = False,
    server: Server = None,
    as_json: AsJson = False,
) -> None:
    """Look at this installation and at the service, and say what to do. Exit code 1 where something has to be mended.

    Example: stillhouse doctor --json
    """
    with client_for(server, as_json=as_json) as client:
        findings = []
        for finding in examine(client, Settings.from_environment(), quick=quick):
            findings.append(finding)
            if not as_json:
                out().print(_shown(finding))
    counts = Counter(finding.status for finding in findings)
    if as_json:
        print_json({"findings": [finding.as_dict() for finding in findings], "counts": dict(counts)})
    else:
        out().print(Text(f"{counts['ok']} ok, {counts['warn']} to look at, {counts['fail']} to mend", style="dim"))
    if counts["fail"]:
        raise typer.Exit(Exit.FAILED)


def examine(client: Client, settings: Settings, *, quick: bool) -> Iterator[Finding]:
    """All findings. What belongs to the stack is looked at where more than the client is installed."""
    yield from installation.examine(settings.worker_python, quick=quick)
    if installation.can_run_the_stack():
        yield from machine.examine(settings)
    yield from remote.examine(client)
    yield from remote.clock(client.url)
    if not quick:
        yield from nodes.examine(client)


def _shown(finding: Finding) -> RenderableType:
    line = Text.assemble(_MARKS[finding.status], f"  {finding.name:<20}  {finding.detail}")
    return Group(line, Text(f"{'':26}  do: {finding.remedy}", style="bold")) if finding.remedy else line
