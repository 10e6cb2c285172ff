"""Connections: SQLite in WAL mode by default, anything that SQLAlchemy speaks asynchronously otherwise."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from pydantic_core import from_json
from sqlalchemy import Connection, event
from sqlalchemy.engine import make_url
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine

_WRITES = "stillhouse_writes"


def read_document(text: str | bytes) -> Any:
    """What `json.loads` gives, faster: the page of a sweep reads thousands of small documents.

    Raises ValueError where it is no JSON.
    """
    try:
        return from_json(text)
    except ValueError:  # half of a surrogate pair, as in a file's name that is no UTF-8, is read by the other alone
        return json.loads(text)


class Database:
    """Engine and sessions of one process."""

    def __init__(self, url: str) -> None:
        self.url = make_url(url)
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        if self.is_sqlite and self.url.database:
            Path(self.url.database).parent.mkdir(parents=True, exist_ok=True)
        arguments = {"timeout": 15} if self.is_sqlite else {}
        self.engine = create_async_engine(
            self.url,
            pool_pre_ping=not self.is_sqlite,
            connect_args=arguments,
            json_deserializer=read_document,
            hide_parameters=True,  # errors are logged, and some rows hold secrets
        )
        if self.is_sqlite:
            event.listen(self.engine.sync_engine, "connect", _prepare_sqlite)
            event.listen(self.engine.sync_engine, "begin", _begin_sqlite)
        self._sessions = async_sessionmaker(self.engine, expire_on_commit=False)

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[AsyncSession]:
        """A session whose transaction is never committed."""
        async with self._sessions() as session:
            yield session

    @asynccontextmanager
    async def writing(self) -> AsyncIterator[AsyncSession]:
        """A session whose transaction is committed at the end, or rolled back by an exception."""
        async with self._sessions.begin() as session:
            await session.connection(execution_options={_WRITES: True})
            yield session

    async def close(self) -> None:
        await self.engine.dispose()


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    # The driver's own transaction handling is switched off: `_begin_sqlite` starts them.
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", "foreign_keys=ON", "busy_timeout=15000", "synchronous=FULL"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    """A writer takes SQLite's write lock at once: taking it later fails without waiting when another wrote between."""
    writes = connection.get_execution_options().get(_WRITES, False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
