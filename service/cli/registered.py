"""What the commands about data sets, models and webhooks have in common."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Annotated, Protocol

import typer
from pydantic import BaseModel
from rich.table import Table

from service.cli.output import hint, out, print_json
from service.sdk import CheckState

OfProject = Annotated[str | None, typer.Option("--project", help="Only this project.")]
Containing = Annotated[str | None, typer.Option("--text", help="Part of a name or description.")]
AtMost = Annotated[int, typer.Option("--limit", min=1, max=200, help="At most so many.")]
Version = Annotated[int | None, typer.Option(min=1, help="Version, else the newest.")]
STYLES = {CheckState.CHECKING: "cyan", CheckState.READY: "green", CheckState.REFUSED: "red"}


class Page(Protocol):
    @property
    def items(self) -> Sequence[BaseModel]: ...


def print_page(page: Page, fill: Callable[[], Table], *, nothing: str, as_json: bool) -> None:
    """Print a list as JSON, as the table that `fill` makes, or say that there is nothing."""
    if as_json:
        print_json(page)
    elif page.items:
        out().print(fill())
    else:
        hint(nothing)


def new_table(*headings: str, right: Sequence[str] = ()) -> Table:
    """A table without lines; the columns `right` hold numbers."""
    table = Table(box=None, pad_edge=False, header_style="dim")
    for heading in headings:
        table.add_column(heading, justify="right" if heading in right else "left")
    return table


def print_deleted(name: str, *, as_json: bool) -> None:
    if as_json:
        print_json({"deleted": name})
    else:
        out().print(f"{name} is deleted", markup=False)
