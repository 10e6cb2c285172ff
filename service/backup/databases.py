"""One database as one file: SQLite through its own online backup, PostgreSQL through pg_dump and pg_restore."""

from __future__ import annotations

import os
import sqlite3
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

from sqlalchemy import MetaData, create_engine, inspect
from sqlalchemy.engine import URL, make_url
from sqlalchemy.engine import Engine as Database
from sqlalchemy.exc import ArgumentError, SQLAlchemyError

from service.backup.errors import BackupError
from service.backup.manifest import Engine

_SYNCHRONOUS: dict[Engine, str] = {"sqlite": "sqlite", "postgresql": "postgresql+psycopg"}
SUFFIXES: dict[Engine, str] = {"sqlite": ".sqlite", "postgresql": ".dump"}


def engine_of(url: str) -> Engine:
    """Raises BackupError for what is neither of the two."""
    try:
        name = make_url(url).get_backend_name()
    except ArgumentError as error:
        raise BackupError(f"the address of a database is not understood: {error}") from error
    if name not in SUFFIXES:
        raise BackupError(f"the database is {name}; wanted sqlite or postgresql")
    return name


def sqlite_file(url: str) -> Path:
    return Path(make_url(url).database or "")


def is_there(url: str) -> bool:
    """Whether there is a database to save; a PostgreSQL that is named is expected to be."""
    return engine_of(url) == "postgresql" or sqlite_file(url).is_file()


@contextmanager
def opened(url: str) -> Iterator[Database]:
    """The database by its driver that waits."""
    database = create_engine(make_url(url).set(drivername=_SYNCHRONOUS[engine_of(url)]))
    try:
        yield database
    finally:
        database.dispose()


def is_empty(url: str) -> bool:
    if engine_of(url) == "sqlite":
        return not sqlite_file(url).exists()
    try:
        with opened(url) as database:
            return not inspect(database).get_table_names()
    except SQLAlchemyError as error:
        raise BackupError(f"the database cannot be looked at: {str(error).splitlines()[0]}") from error


def dump(url: str, target: Path) -> None:
    """Write the database as of one moment to `target`, while others go on writing to it."""
    if engine_of(url) == "sqlite":
        _copy_sqlite(sqlite_file(url), target, mode="rw")  # readers of a write-ahead log write beside it
    else:
        _run("pg_dump", "--format=custom", "--no-owner", "--no-privileges", f"--file={target}", url=url)


def load(source: Path, url: str) -> None:
    """Fill an empty database; all of it or nothing."""
    if engine_of(url) == "sqlite":
        file = sqlite_file(url)
        draft = file.with_name(f".{file.name}.restoring")
        draft.unlink(missing_ok=True)
        try:
            _copy_sqlite(source, draft, mode="ro")
            draft.replace(file)
        finally:
            draft.unlink(missing_ok=True)
    else:
        options = ("--single-transaction", "--exit-on-error", "--no-owner", "--no-privileges")
        _run("pg_restore", *options, str(source), url=url)


def clear(url: str) -> None:
    """Make a database empty again that was filled just now."""
    if engine_of(url) == "sqlite":
        sqlite_file(url).unlink(missing_ok=True)
        return
    with opened(url) as database:
        known = MetaData()
        known.reflect(database)
        known.drop_all(database)


def _copy_sqlite(source: Path, target: Path, *, mode: str) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        with (
            closing(sqlite3.connect(f"{source.absolute().as_uri()}?mode={mode}", uri=True, timeout=15)) as original,
            closing(sqlite3.connect(target)) as copy,
        ):
            original.backup(copy)
            copy.execute("PRAGMA journal_mode=DELETE")  # one file, which can be read where nothing can be written
            found = copy.execute("PRAGMA quick_check").fetchone()[0]
    except sqlite3.Error as error:
        raise BackupError(f"{source} cannot be copied: {error}") from error
    if found != "ok":
        raise BackupError(f"{source} is damaged: {found}")


def _run(program: str, *options: str, url: str) -> None:
    parsed = make_url(url).set(drivername="postgresql")
    command = [program, f"--dbname={_without_password(parsed)}", *options]
    password = {"PGPASSWORD": str(parsed.password)} if parsed.password else {}
    try:
        result = subprocess.run(
            command,
            env={**os.environ, **password},
            capture_output=True,
            text=True,
            check=False,
            stdin=subprocess.DEVNULL,
        )
    except FileNotFoundError as error:
        words = f"{program} is not installed; a PostgreSQL needs the client of its own version or a newer one"
        raise BackupError(f"{words} (Debian: postgresql-client)") from error
    if result.returncode != 0:
        raise BackupError(f"{program} failed: {_last(result.stderr.splitlines())}")


def _without_password(url: URL) -> str:
    """What other users of this machine may see in its list of processes."""
    return url._replace(password=None).render_as_string()  # `set` takes None for "as it is", and stars for the password


def _last(lines: Sequence[str]) -> str:
    return next((line for line in reversed(lines) if line.strip()), "it did not say why")
