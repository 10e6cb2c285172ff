"""`python -m service.access`: make sure of the owner's token, and print a sign-in link that works once.

For deployments that `stillhouse up` does not start; it wants the same settings as the API. With --token it prints
the owner's token instead.
"""

from __future__ import annotations

import argparse
import asyncio
import sys

from service.access.authentication import principal_of
from service.access.owner import ensure_owner_token
from service.access.repository import AccessRepository
from service.access.secrets import digest
from service.access.sessions import make_code
from service.db import Database
from service.db.base import utc_now
from service.settings import Settings


async def sign_in_path(database: Database, token: str) -> str:
    async with database.writing() as session:
        access = AccessRepository(session)
        row = await access.by_hash(digest(token))
        assert row is not None, "the owner's token was just made sure of"
        return (await make_code(access, principal_of(row, utc_now()))).path


async def run(settings: Settings, *, show_token: bool) -> str:
    database = Database(settings.database_url)
    try:
        token = await ensure_owner_token(database, settings.state)
        return token if show_token else await sign_in_path(database, token)
    finally:
        await database.close()


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m service.access", description=__doc__)
    parser.add_argument("--token", action="store_true", help="print the owner's token itself")
    given = parser.parse_args()
    settings = Settings.or_exit()
    found = asyncio.run(run(settings, show_token=given.token))
    print(found if given.token else f"http://localhost:{settings.port}{found}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
