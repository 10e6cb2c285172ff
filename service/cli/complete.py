"""What the shell offers when Tab is pressed. A server that does not answer quickly offers nothing."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from service.cli.spec_files import recipe_names
from service.sdk import Client, StillhouseError

_PATIENCE_S = 2.0


def job_ids(incomplete: str) -> Iterator[tuple[str, str]]:
    """Ids of the newest jobs and sweeps, with their names."""
    return _ids(incomplete, kind=None)


def sweep_ids(incomplete: str) -> Iterator[tuple[str, str]]:
    return _ids(incomplete, kind="sweep")


def specs(incomplete: str) -> Iterator[str]:
    """Recipes, and spec files and folders on disk."""
    yield from (name for name in recipe_names() if name.startswith(incomplete))
    folder = incomplete.rpartition("/")[0]
    for path in sorted(Path(folder or ("/" if incomplete.startswith("/") else ".")).glob("*")):
        name = str(path)
        if name.startswith(incomplete) and (path.is_dir() or path.suffix in (".yaml", ".yml", ".json")):
            yield f"{name}/" if path.is_dir() else name


def _ids(incomplete: str, kind: str | None) -> Iterator[tuple[str, str]]:
    try:
        with Client(timeout_s=_PATIENCE_S, tries=1) as client:
            page = client.sweeps.list(limit=200) if kind == "sweep" else client.jobs.list(limit=200)
    except StillhouseError:
        return  # a shell that completes has no place for an error
    for job in page.items:
        if job.id.startswith(incomplete):
            yield job.id, f"{job.name}, {job.state}"
