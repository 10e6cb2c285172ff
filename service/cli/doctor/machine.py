"""What this machine gives the embedded stack: folders, disk, ports, the database."""

from __future__ import annotations

import asyncio
import shutil
import socket
import tempfile
from collections.abc import Iterator
from pathlib import Path

from service.cli.doctor.finding import Finding, fail, ok, warn
from service.sdk import Client, StillhouseError
from service.settings import Settings

LOW_DISK_BYTES = 5 * 1024**3
_GIB = 1024**3


def examine(settings: Settings) -> Iterator[Finding]:
    yield _folder("state folder", settings.state, "--state or STILLHOUSE_STATE")
    yield _storage(settings)
    yield _disk(settings.storage)
    yield _port(settings.host, settings.port)
    yield _database(settings.database_url)


def _folder(name: str, folder: Path, setting: str) -> Finding:
    """Whether files can be written there, and renamed, which is how states are kept whole."""
    existing = _existing(folder)
    try:
        with tempfile.TemporaryDirectory(prefix=".stillhouse-doctor-", dir=existing) as probe:
            (Path(probe) / "draft").write_text("written")
            (Path(probe) / "draft").replace(Path(probe) / "whole")
    except OSError as error:
        return fail(name, f"{existing} cannot be written: {error.strerror}", f"choose another folder with {setting}")
    return ok(name, f"{folder}" if existing == folder else f"{folder} can be made")


def _storage(settings: Settings) -> Finding:
    if not settings.storage_uri:
        return _folder("storage", settings.storage, "STILLHOUSE_STORAGE")
    from service.store import open_store

    try:
        open_store(settings).probe()
    except OSError as error:
        remedy = "correct STILLHOUSE_STORAGE, the credentials in the environment, or the rights that they give"
        return fail("storage", str(error), remedy)
    return ok("storage", f"{settings.storage_uri}, written, read and removed")


def _disk(folder: Path) -> Finding:
    existing = _existing(folder)
    free = shutil.disk_usage(existing).free
    words = f"{free / _GIB:.1f} GiB free at {existing}"
    if free < LOW_DISK_BYTES:
        return warn(
            "disk", f"{words}, wanted at least {LOW_DISK_BYTES / _GIB:.0f}", "free space, or move the state folder"
        )
    return ok("disk", words)


def _port(host: str, port: int) -> Finding:
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            if _is_ours(f"http://{host}:{port}"):
                return ok("port", f"{port} is served by Stillhouse")
            remedy = "`stillhouse up` takes another port by itself; --port chooses one"
            return warn("port", f"{port} on {host} is not free: {error.strerror}", remedy)
    return ok("port", f"{port} on {host} is free")


def _is_ours(url: str) -> bool:
    try:
        with Client(url, timeout_s=3, tries=1) as client:
            client.cluster.health()
    except StillhouseError:
        return False
    return True


def _database(url: str) -> Finding:
    """Whether the database answers and has all migrations. A SQLite file is only looked at when it is there."""
    file = _sqlite_file(url)
    if file is not None and not file.exists():
        return ok("database", f"{file} is made at the first start")
    from sqlalchemy.exc import ArgumentError, SQLAlchemyError

    try:
        shown, pending = asyncio.run(_pending(url))
    except ArgumentError as error:
        return fail("database", f"STILLHOUSE_DATABASE_URL is not understood: {error}", "write dialect+driver://...")
    except (SQLAlchemyError, OSError) as error:
        words = str(error).splitlines()[0]
        return fail("database", f"cannot be read: {words}", "start the database, or correct STILLHOUSE_DATABASE_URL")
    if pending:
        return fail("database", f"{shown} lacks: {', '.join(pending)}", "python -m service.db  (or `stillhouse up`)")
    return ok("database", f"{shown}, all migrations done")


async def _pending(url: str) -> tuple[str, list[str]]:
    """The address without its password, and the migrations that are missing."""
    from service.db import Database, pending_migrations

    database = Database(url)
    try:
        return database.engine.url.render_as_string(hide_password=True), list(await pending_migrations(database))
    finally:
        await database.close()


def _sqlite_file(url: str) -> Path | None:
    return Path(url.partition(":///")[2]) if url.startswith("sqlite") else None


def _existing(folder: Path) -> Path:
    return next(path for path in (folder, *folder.parents) if path.exists())
