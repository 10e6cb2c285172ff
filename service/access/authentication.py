"""Finding out who sent a request: by a token in its Authorization header, or by the cookie of a session."""

from __future__ import annotations

import logging
from datetime import datetime

from fastapi import Request
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncSession

from service.access.csrf import check_same_site
from service.access.models import TokenRow
from service.access.principal import Principal, Role
from service.access.repository import USED_EVERY, AccessRepository
from service.access.secrets import digest
from service.db import Database
from service.db.base import utc_now
from service.db.trouble import trouble_of
from service.errors import Unauthenticated

logger = logging.getLogger(__name__)
_HOW = "sign in at /signin, or send a token as `Authorization: Bearer <token>`"


async def authenticate(request: Request, session: AsyncSession, *, cookie: str) -> tuple[TokenRow, str | None]:
    """The token of a request and the hash of the session that stands for it, if one does; `cookie` is its name.

    Raises:
        Unauthenticated: there is none, or it is not valid (any more).
        CrossSite: a browser's session was used from another site's page.
    """
    access, now = AccessRepository(session), utc_now()
    header = request.headers.get("authorization")
    if header is not None:
        scheme, _, secret = header.partition(" ")
        if scheme.lower() != "bearer" or not secret.strip():
            raise Unauthenticated(f"the Authorization header is not of the form `Bearer <token>`; {_HOW}")
        token = await access.by_hash(digest(secret.strip()))
        if token is None:
            raise Unauthenticated("this token is not one of ours")
        return token, None
    secret = request.cookies.get(cookie, "")
    if not secret:
        raise Unauthenticated(_HOW)
    hashed = digest(secret)
    token = await access.by_session(hashed, now)
    if token is None:
        raise Unauthenticated(f"the session has ended; {_HOW}")
    check_same_site(request)
    return token, hashed


def principal_of(token: TokenRow, now: datetime, *, session: str | None = None) -> Principal:
    """Raises Unauthenticated where the token has ended."""
    if token.revoked_at is not None:
        raise Unauthenticated(f"the token {token.name!r} was revoked at {token.revoked_at:%Y-%m-%d %H:%M} UTC")
    if token.expires_at is not None and token.expires_at <= now:
        raise Unauthenticated(f"the token {token.name!r} expired at {token.expires_at:%Y-%m-%d %H:%M} UTC")
    roles = {project: Role(role) for project, role in token.roles.items()}
    return Principal(token.name, roles, token_id=token.id, expires_at=token.expires_at, session=session)


async def note_use(database: Database, token: TokenRow) -> None:
    """Remember that a token is in use; at most one write a minute, and none that a request could fail by."""
    now = utc_now()
    if token.last_used_at is not None and token.last_used_at > now - USED_EVERY:
        return
    try:
        async with database.writing() as session:
            await AccessRepository(session).note_use(token.id, now)
    except DBAPIError as error:
        trouble = trouble_of(error)
        if trouble is None:
            raise
        logger.warning("could not note that the token %s was used: the database %s", token.id, trouble)
