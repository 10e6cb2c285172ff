"""`stillhouse backup` and `restore`: all state in a folder, and back. What they need is imported when called."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.text import Text

from service.cli.exits import Exit
from service.cli.output import AsJson, err, out, print_json, readable_errors
from service.cli.stack import needing_everything, settings_of

if TYPE_CHECKING:
    from service.backup import Manifest

State = Annotated[
    Path | None, typer.Option("--state", help="State folder of `stillhouse up`, else what the environment says.")
]
MlflowStore = Annotated[
    str | None, typer.Option("--mlflow-store", metavar="URL", help="MLflow's database, else mlflow.db in the state.")
]
MlflowArtifacts = Annotated[
    Path | None, typer.Option("--mlflow-artifacts", metavar="FOLDER", help="Else mlartifacts in the state.")
]


def backup(
    target: Annotated[Path, typer.Argument(metavar="TARGET", help="Folder to make; must not be there, or be empty.")],
    state: State = None,
    with_data: Annotated[bool, typer.Option("--with-data", help="Also the data root, with the images.")] = False,
    mlflow_store: MlflowStore = None,
    mlflow_artifacts: MlflowArtifacts = None,
    as_json: AsJson = False,
) -> None:
    """Save databases, storage and secrets with their hashes in a folder, also while the stack runs.

    Example: stillhouse backup /srv/backups/monday
    """
    with _readable(as_json):
        from service.backup import Places, back_up

        places = Places.of(
            settings_of(state), mlflow_url=mlflow_store, mlflow_artifacts=mlflow_artifacts, with_data=with_data
        )
        manifest = back_up(places, target, tell=_tell)
    _report(manifest, f"saved in {target}", {"target": str(target)}, as_json=as_json)


def restore(
    source: Annotated[Path, typer.Argument(metavar="SOURCE", help="Folder that `stillhouse backup` made.")],
    state: State = None,
    check: Annotated[bool, typer.Option("--check", help="Only compare the backup with its hashes.")] = False,
    mlflow_store: MlflowStore = None,
    mlflow_artifacts: MlflowArtifacts = None,
    as_json: AsJson = False,
) -> None:
    """Bring a backup back into an empty place, all of it or nothing; the stack must not run there yet.

    Example: stillhouse restore /srv/backups/monday --state ~/restored
    """
    with _readable(as_json):
        from service.backup import Places, verify
        from service.backup import restore as bring_back

        if check:
            manifest, words = verify(source), f"{source} is whole"
        else:
            places = Places.of(
                settings_of(state), mlflow_url=mlflow_store, mlflow_artifacts=mlflow_artifacts, with_data=True
            )
            manifest, words = bring_back(source, places, tell=_tell), f"restored into {places.state}"
    _report(manifest, words, {"source": str(source)}, as_json=as_json)


def _tell(line: str) -> None:
    err().print(Text(line, style="dim"))


def _report(manifest: Manifest, words: str, where: dict[str, Any], *, as_json: bool) -> None:
    if as_json:
        print_json({**where, **manifest.model_dump(mode="json", exclude={"files"}), "num_files": len(manifest.files)})
    else:
        out().print(Text(f"{words}: {len(manifest.files)} files, {manifest.size_bytes / 1e6:.1f} MB"))


@contextmanager
def _readable(as_json: bool) -> Iterator[None]:
    with readable_errors(as_json=as_json), needing_everything():
        from service.backup import BackupError, NotEmpty

        try:
            yield
        except BackupError as error:
            if as_json:
                print_json({"error": str(error)})
            else:
                err().print(Text(str(error), style="red"))
            raise typer.Exit(Exit.CONFLICT if isinstance(error, NotEmpty) else Exit.FAILED) from error
