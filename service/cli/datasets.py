"""`stillhouse datasets`: registered data sets."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from typing import Annotated

import typer
from rich.table import Table
from rich.text import Text

from service.cli.exits import Exit
from service.cli.output import AsJson, Server, client_for, out, print_json
from service.cli.registered import STYLES, AtMost, Containing, OfProject, Version, new_table, print_deleted, print_page
from service.cli.render import ago
from service.sdk import CheckState, Dataset, DatasetSummary

app = typer.Typer(help="Registered data sets: checked, versioned, named by jobs.", no_args_is_help=True)
Name = Annotated[str, typer.Argument(metavar="NAME", help="Name of a data set.")]


class Format(StrEnum):
    """How the boxes of a data set are written down."""

    COCO = "coco"
    VOC = "voc"


@app.command("list")
def list_datasets(
    project: OfProject = None,
    text: Containing = None,
    limit: AtMost = 50,
    server: Server = None,
    as_json: AsJson = False,
) -> None:
    """List data sets with their newest versions.

    Example: stillhouse datasets list
    """
    with client_for(server, as_json=as_json) as client:
        page = client.datasets.list(limit=limit, project=project, text=text)
    nothing = "no data sets; register one with: stillhouse datasets register"
    print_page(page, lambda: _table(page.items), nothing=nothing, as_json=as_json)


def _table(datasets: Sequence[DatasetSummary]) -> Table:
    numbers_of = ("classes", "train", "val", "boxes")
    table = new_table("data set", "state", *numbers_of, "made", "reason", right=numbers_of)
    for one in datasets:
        counts = (one.num_classes, one.num_train_images, one.num_val_images, one.num_instances)
        numbers = ["" if number is None else str(number) for number in counts]
        state = Text(one.state, style=STYLES[one.state])
        table.add_row(f"{one.name}@{one.version}", state, *numbers, ago(one.created_at), Text(one.reason))
    return table


@app.command("register")
def register(
    name: Name,
    train: Annotated[
        str,
        typer.Option(
            metavar="IMAGES:ANNOTATIONS",
            help="For training: folder of images and COCO's JSON; with --format voc the folder of XML files, and "
            "where there is one, the list of images after another colon.",
        ),
    ],
    val: Annotated[str, typer.Option(metavar="IMAGES:ANNOTATIONS", help="The same for validation.")],
    layout: Annotated[Format, typer.Option("--format", help="How the boxes are written down.")] = Format.COCO,
    classes: Annotated[
        str | None, typer.Option(metavar="NAME,...", help="VOC: class names in order, else those that occur.")
    ] = None,
    project: Annotated[str, typer.Option(help="Project that it belongs to.")] = "default",
    description: Annotated[str, typer.Option(help="What it is.")] = "",
    wait: Annotated[bool, typer.Option("--wait", help="Wait for the check; exit code 1 where it is refused.")] = False,
    server: Server = None,
    as_json: AsJson = False,
) -> None:
    """Register a data set, or its next version. Paths are those that the cluster sees.

    Example: stillhouse datasets register parts --train parts/train:parts/train.json --val parts/val:parts/val.json
    """
    more = {} if classes is None else {"classes": [name.strip() for name in classes.split(",")]}
    document = {
        "name": name,
        "project": project,
        "description": description,
        "train": {**_split(train, "--train", layout), **more},
        "val": {**_split(val, "--val", layout), **more},
    }
    with client_for(server, as_json=as_json) as client:
        found = client.datasets.register(document)
        if wait:
            found = client.datasets.wait(name, version=found.version)
    _show(found, as_json=as_json)


@app.command("show")
def show(name: Name, version: Version = None, server: Server = None, as_json: AsJson = False) -> None:
    """Show one version of a data set, and what its check found.

    Example: stillhouse datasets show parts
    """
    with client_for(server, as_json=as_json) as client:
        found = client.datasets.get(name, version=version)
    _show(found, as_json=as_json, tell=False)


@app.command("check")
def check(name: Name, version: Version = None, server: Server = None, as_json: AsJson = False) -> None:
    """Check a version again, and wait for the result.

    Example: stillhouse datasets check parts
    """
    with client_for(server, as_json=as_json) as client:
        found = client.datasets.check(name, version=version)
        found = client.datasets.wait(name, version=found.version)
    _show(found, as_json=as_json)


@app.command("delete")
def delete(name: Name, server: Server = None, as_json: AsJson = False) -> None:
    """Forget a data set with all its versions; its files stay. Refused while a job needs it.

    Example: stillhouse datasets delete parts
    """
    with client_for(server, as_json=as_json) as client:
        client.datasets.delete(name)
    print_deleted(name, as_json=as_json)


def _split(text: str, option: str, layout: Format) -> dict[str, str]:
    fields = ("images", "annotations", "image_list") if layout == Format.VOC else ("images", "annotations")
    parts = text.split(":")
    if not 2 <= len(parts) <= len(fields) or not all(parts):
        wanted = {Format.COCO: "FOLDER:JSON", Format.VOC: "FOLDER:FOLDER or FOLDER:FOLDER:LIST"}[layout]
        raise typer.BadParameter(f"{text!r} is not understood, wanted {wanted}", param_hint=option)
    return {"format": layout.value, **dict(zip(fields, parts, strict=False))}


def _show(found: Dataset, *, as_json: bool, tell: bool = True) -> None:
    """With `tell`, the exit code says whether the check refused it."""
    if as_json:
        print_json(found)
    else:
        console = out()
        line = Text.assemble((f"{found.name}@{found.version}", "bold"), "  ", (found.state, STYLES[found.state]))
        console.print(line)
        if found.reason:
            console.print(Text(found.reason))
        for label, split in (("train", found.train), ("val", found.val)):
            places = [place for place in (split.images, split.annotations, split.image_list) if place is not None]
            console.print(Text(f"{label:<6} {', '.join(places)}", style="dim"))
        if found.hash:
            console.print(Text(f"{'hash':<6} {found.hash}", style="dim"))
    if tell and found.state == CheckState.REFUSED:
        raise typer.Exit(Exit.FAILED)
