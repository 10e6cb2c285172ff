"""Commands that start processes. What starts them is imported when they are called: nobody else waits for it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from service.cli.exits import Exit
from service.cli.output import err, readable_errors
from service.settings import Settings
from workers.storage.objects import is_uri

State = Annotated[Path | None, typer.Option("--state", help="Folder that keeps everything, else STILLHOUSE_STATE.")]
Port = Annotated[int | None, typer.Option("--port", min=1, max=65535, help="Port of API and dashboard, else 8470.")]


def up(
    state: State = None,
    host: Annotated[str, typer.Option(help="Address of API and dashboard.")] = "127.0.0.1",
    port: Port = None,
    cpus: Annotated[int | None, typer.Option(min=1, help="CPUs for jobs, else all.")] = None,
    gpus: Annotated[int | None, typer.Option(min=0, help="GPUs for jobs, else all.")] = None,
    open_browser: Annotated[bool, typer.Option("--open", help="Open the dashboard in a browser.")] = False,
) -> None:
    """Start the embedded stack on this machine and serve until Ctrl-C.

    Example: stillhouse up --open
    """
    with readable_errors(), needing_everything():
        from service.stack.cli import up as run

        code = run(state, host, port, cpus, gpus, open_browser=open_browser)
    raise typer.Exit(code)


def demo(state: State = None, port: Port = None) -> None:
    """Run the main job: distil digits on the embedded stack and print what it gained.

    Example: stillhouse demo
    """
    with readable_errors(), needing_everything():
        from service.demo.cli import demo as run

        code = run(state, port)
    raise typer.Exit(code)


def settings_of(state: Path | None) -> Settings:
    """Those of the environment; a state folder that is named is that of `stillhouse up`: all parts lie in it but a
    storage that is a URI."""
    if state is None:
        return Settings.from_environment()
    storage = os.environ.get("STILLHOUSE_STORAGE", "")
    kept = {"STILLHOUSE_STORAGE": storage} if is_uri(storage) else {}
    return Settings.from_environment({"STILLHOUSE_STATE": str(state), **kept})


@contextmanager
def needing_everything() -> Iterator[None]:
    """Say which package is missing where the embedded stack cannot be imported."""
    try:
        yield
    except ModuleNotFoundError as error:
        err().print(
            f"the embedded stack needs the package {error.name!r}; install everything with: "
            "pip install 'stillhouse[workers,service]'",
            markup=False,
        )
        raise typer.Exit(Exit.WRONG_USE) from error
