"""Making a backup, also of an installation that runs.

The database is taken first and the storage after MLflow: what a row names is then in the backup, and what the storage
has beyond it is what the reconciler settles after any crash.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

from service.backup import databases
from service.backup.copying import copy_file, files_below, hash_file, is_empty_place
from service.backup.errors import BackupError, NotEmpty
from service.backup.manifest import Entry, Manifest
from service.backup.places import CACHE, DATABASE, MLFLOW, SECRETS, Places
from service.version import installed_version


def back_up(places: Places, target: Path, *, tell: Callable[[str], None] = lambda line: None) -> Manifest:
    """Write everything to `target`, which appears when it is whole.

    Raises:
        NotEmpty: there is something at `target`.
        BackupError: there is nothing to save, or a part cannot be read.
    """
    if not is_empty_place(target):
        raise NotEmpty(f"{target} is not empty; a backup goes into a folder of its own")
    if not databases.is_there(places.database_url):
        raise BackupError(
            f"there is no database at {databases.sqlite_file(places.database_url)}; is this the right state?"
        )
    target.parent.mkdir(parents=True, exist_ok=True)
    draft = Path(tempfile.mkdtemp(prefix=f".{target.name}-", dir=target.parent))  # for its user alone: it holds secrets
    try:
        files = tuple(_write(places, draft, tell))
        manifest = Manifest(
            made_at=datetime.now(UTC),
            stillhouse=installed_version(),
            database=databases.engine_of(places.database_url),
            mlflow=databases.engine_of(places.mlflow_url) if databases.is_there(places.mlflow_url) else None,
            storage=places.storage,
            files=files,
        )
        manifest.write(draft)
        os.sync()
        draft.replace(target)
    except OSError as error:
        raise BackupError(f"{error.filename or target}: {error.strerror or error}") from error
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    return manifest


def _write(places: Places, draft: Path, tell: Callable[[str], None]) -> Iterator[Entry]:
    for name, url in ((DATABASE, places.database_url), (MLFLOW, places.mlflow_url)):
        if databases.is_there(url):
            tell(f"database of {'MLflow' if name == MLFLOW else 'Stillhouse'}")
            file = draft / f"{name}{databases.SUFFIXES[databases.engine_of(url)]}"
            databases.dump(url, file)
            yield hash_file(file, file.name)
        else:
            tell(f"MLflow has no database at {databases.sqlite_file(url)}: its runs are not in this backup")
    for name, path in places.secrets.items():
        if path.is_file():
            yield copy_file(path, draft / SECRETS / name, f"{SECRETS}/{name}")
    for name, folder in places.folders.items():
        tell(f"{name}: {folder}")
        for path in files_below(folder, leave_out=frozenset({CACHE}) if name == "storage" else frozenset()):
            try:
                yield copy_file(folder / path, draft / name / path, f"{name}/{path.as_posix()}")
            except FileNotFoundError:
                continue  # a running job has put a newer checkpoint in its place
