"""`stillhouse up`: the embedded stack until Ctrl-C."""

from __future__ import annotations

import time
import webbrowser
from pathlib import Path

from rich.console import Console

from service.settings import Settings
from service.stack.interrupts import interrupts
from service.stack.stack import Stack, StackError

TEND_EVERY_S = 0.5


def up(
    state: Path | None = None,
    host: str = "127.0.0.1",
    port: int | None = None,
    cpus: int | None = None,
    gpus: int | None = None,
    *,
    open_browser: bool = False,
) -> int:
    """Serve until Ctrl-C; returns the exit code."""
    console = Console(stderr=True)
    settings = Settings.from_environment()
    started = time.monotonic()
    with interrupts() as asked:
        try:
            with Stack(
                state or settings.state,
                host=host,
                port=port,
                cpus=cpus,
                gpus=gpus,
                storage=settings.storage_uri,
                tell=console.print,
            ) as stack:
                with console.status("starting Ray, MLflow, the reconciler and the API"):
                    stack.wait_until_ready(asked.is_set)
                if not asked.is_set():
                    _greet(console, stack, time.monotonic() - started, open_browser=open_browser)
                while not asked.wait(TEND_EVERY_S):
                    stack.tend()
        except StackError as error:
            console.print(f"[red]{error}[/red]", soft_wrap=True)
            return 1
    return 0


def _greet(console: Console, stack: Stack, seconds: float, *, open_browser: bool) -> None:
    layout = stack.layout
    console.print(f"ready after {seconds:.0f} s", highlight=False)
    link = stack.sign_in_link()
    console.print(f"  sign in    [bold]{link}[/bold]", soft_wrap=True)
    console.print("             (works once, for ten minutes; `stillhouse signin` prints another)")
    console.print(f"  dashboard  {layout.url}")
    console.print(f"  MLflow     {layout.url}/mlflow/")
    console.print(f"  state      {layout.state}", soft_wrap=True)
    console.print("Ctrl-C stops everything; jobs go on at the next start")
    if open_browser:
        webbrowser.open(link)
