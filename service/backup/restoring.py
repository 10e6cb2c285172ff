"""Bringing a backup back into an empty place, all of it or nothing."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path, PurePosixPath

from service.backup import databases
from service.backup.copying import copy_file, files_below, hash_file, is_empty_place
from service.backup.errors import BackupError, NotEmpty
from service.backup.manifest import FILE_NAME, Engine, Entry, Manifest
from service.backup.places import DATABASE, MLFLOW, SECRETS, Places
from service.backup.relocating import relocate
from workers.storage.objects import is_uri


def verify(source: Path) -> Manifest:
    """Read the whole backup and compare it with its manifest.

    Raises:
        BackupError: a file is missing, is not what was written, or is not in the manifest.
    """
    manifest = Manifest.read(source)
    there = {path.as_posix() for path in files_below(source)} - {FILE_NAME}
    for entry in manifest.files:
        if entry.path not in there:
            raise BackupError(f"{source / entry.path} is missing; the backup is not whole")
        _compare(entry, hash_file(source / entry.path, entry.path), source)
    strange = sorted(there - {entry.path for entry in manifest.files})
    if strange:
        raise BackupError(f"{source / strange[0]} is not in the manifest; it does not belong to the backup")
    return manifest


def restore(source: Path, places: Places, *, tell: Callable[[str], None] = lambda line: None) -> Manifest:
    """Verify the backup and bring it back. The database comes last: without it, nothing of the rest is seen.

    Raises:
        NotEmpty: something is there already; names it.
        BackupError: the backup is not whole, or is of other kinds of databases.
    """
    tell("verifying hashes")
    manifest = verify(source)
    _check_engines(manifest, places)
    parts = {PurePosixPath(entry.path).parts[0] for entry in manifest.files}
    _check_empty(manifest, places, parts)
    places.state.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        with ExitStack() as undo:
            for name, folder in _wanted_folders(parts, places).items():
                tell(f"{name}: {folder}")
                _restore_folder(name, folder, source, manifest, undo)
            for name, path in places.secrets.items():
                if (source / SECRETS / name).is_file():
                    undo.callback(path.unlink, missing_ok=True)
                    copy_file(source / SECRETS / name, path, name)
            for name, url, engine in _databases(manifest, places):
                tell(f"database of {'MLflow' if name == MLFLOW else 'Stillhouse'}")
                databases.load(source / f"{name}{databases.SUFFIXES[engine]}", url)
                undo.callback(databases.clear, url)
            if relocate(places.database_url, manifest.storage, places.storage):
                tell(f"paths below {manifest.storage} now begin with {places.storage}")
            undo.pop_all()
    except OSError as error:
        raise BackupError(f"{error.filename or source}: {error.strerror or error}") from error
    return manifest


def _databases(manifest: Manifest, places: Places) -> list[tuple[str, str, Engine]]:
    """MLflow's first, so that the one that makes everything visible is the last."""
    found = [(DATABASE, places.database_url, manifest.database)]
    return [(MLFLOW, places.mlflow_url, manifest.mlflow), *found] if manifest.mlflow else found


def _check_engines(manifest: Manifest, places: Places) -> None:
    if is_uri(manifest.storage) != is_uri(places.storage):
        raise BackupError(
            f"the backup's storage is {manifest.storage}, here it is {places.storage}; what lies behind a URI is not "
            "in the backup: set STILLHOUSE_STORAGE to where it lies"
        )
    for name, url, engine in _databases(manifest, places):
        here = databases.engine_of(url)
        if here != engine:
            raise BackupError(f"the backup's {name} is {engine}, here it is {here}; a backup goes back to its own kind")


def _check_empty(manifest: Manifest, places: Places, parts: set[str]) -> None:
    """Data may lie there already where the backup brings none; everything else would be mixed with what is restored."""
    folders = [folder for name, folder in places.folders.items() if name != "data" or name in parts]
    for path in (*folders, *places.secrets.values()):
        if not is_empty_place(path):
            raise NotEmpty(f"{path} is not empty; restore into a new place, or move this away first")
    for _, url, engine in _databases(manifest, places):
        if not databases.is_empty(url):
            where = str(databases.sqlite_file(url)) if engine == "sqlite" else "the PostgreSQL database"
            raise NotEmpty(f"{where} is not empty; restore into a new one, or move this away first")


def _wanted_folders(parts: set[str], places: Places) -> dict[str, Path]:
    return {name: folder for name, folder in places.folders.items() if name in parts}


def _restore_folder(name: str, folder: Path, source: Path, manifest: Manifest, undo: ExitStack) -> None:
    """Copy to a draft beside it, compare, and put it in its place by one renaming."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    draft = folder.with_name(f".{folder.name}.restoring")
    shutil.rmtree(draft, ignore_errors=True)
    undo.callback(shutil.rmtree, draft, ignore_errors=True)
    for entry in manifest.files:
        path = PurePosixPath(entry.path)
        if path.parts[0] == name:
            _compare(entry, copy_file(source / path, draft.joinpath(*path.parts[1:]), entry.path), source)
    was_there = folder.is_dir()
    draft.replace(folder)
    undo.callback(_take_away, folder, was_there)


def _take_away(folder: Path, was_there: bool) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    if was_there:
        folder.mkdir()


def _compare(wanted: Entry, found: Entry, source: Path) -> None:
    if wanted != found:
        words = f"{found.size_bytes} bytes with hash {found.sha256[:12]}"
        words += f", wanted {wanted.size_bytes} with {wanted.sha256[:12]}"
        raise BackupError(f"{source / wanted.path} was changed since the backup was made: {words}")
