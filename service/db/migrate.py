"""Bringing a database to the tables of this version."""

from __future__ import annotations

import asyncio
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection
from sqlalchemy.engine import make_url
from sqlalchemy.ext.asyncio import create_async_engine

from service.db.engine import Database

MIGRATIONS = Path(__file__).parent / "migrations"


def alembic_settings(connection: Connection | None = None) -> Config:
    settings = Config()
    settings.set_main_option("script_location", str(MIGRATIONS))
    settings.attributes["connection"] = connection
    return settings


def migrate(url: str) -> None:
    """Apply all migrations that the database at `url` lacks. Blocks; for use outside an event loop."""
    asyncio.run(migrate_async(url))


async def migrate_async(url: str) -> None:
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite" and parsed.database:
        Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
    engine = create_async_engine(parsed)
    try:
        async with engine.begin() as connection:
            await connection.run_sync(lambda sync: command.upgrade(alembic_settings(sync), "head"))
    finally:
        await engine.dispose()


async def pending_migrations(database: Database) -> list[str]:
    """Names of the migrations that the database lacks, oldest first."""
    script = ScriptDirectory.from_config(alembic_settings())
    async with database.engine.connect() as connection:
        current = await connection.run_sync(lambda sync: MigrationContext.configure(sync).get_current_revision())
    if current == script.get_current_head():
        return []
    return [found.revision for found in reversed(list(script.iterate_revisions("head", current or "base")))]
