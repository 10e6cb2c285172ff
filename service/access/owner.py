"""The owner's token: made at the first start, kept in the state folder for its user alone."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path

from service.access.logic import new_row
from service.access.principal import OWNER
from service.access.repository import AccessRepository
from service.access.secrets import digest, new_token
from service.db import Database
from service.db.base import utc_now

FILE_NAME = "owner-token"


def owner_token(database_url: str, state: Path) -> str:
    """The owner's token of a database, made where there is none. Blocks; for use outside an event loop."""

    async def ensure() -> str:
        database = Database(database_url)
        try:
            return await ensure_owner_token(database, state)
        finally:
            await database.close()

    return asyncio.run(ensure())


async def ensure_owner_token(database: Database, state: Path) -> str:
    """Return the token in `state` where it is still good; else end the old one, and make another."""
    path = state / FILE_NAME
    known = read_token(path)
    async with database.writing() as session:
        tokens = AccessRepository(session)
        if known is not None:
            row = await tokens.by_hash(digest(known))
            if row is not None and row.revoked_at is None:
                path.chmod(0o600)
                return known
        before = await tokens.live_by_name(OWNER.name)
        if before is not None:
            before.revoked_at = utc_now()
            await tokens.end_sign_ins(before.id)
            await session.flush()
        secret = new_token()
        session.add(new_row(OWNER.name, dict(OWNER.roles), secret, created_by="stillhouse"))
    _write_private(path, secret + "\n")
    return secret


def read_token(path: Path) -> str | None:
    try:
        return path.read_text(encoding="utf-8").strip() or None
    except FileNotFoundError:
        return None


def _write_private(path: Path, text: str) -> None:
    """Write a file that from its first moment nobody else can read."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.draft")
    draft.unlink(missing_ok=True)
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
