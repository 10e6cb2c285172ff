"""What can be done with tokens: make, list, revoke. Nobody gives away more than they have."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

from service.access.errors import NameTaken, TokenNotFound
from service.access.models import TokenRow
from service.access.principal import Principal, Role
from service.access.repository import AccessRepository
from service.access.schemas import CreatedToken, Me, NewToken, Token, TokenPage
from service.access.secrets import digest, new_token, shown_prefix
from service.db.base import utc_now
from service.errors import FieldError, Forbidden, Invalid
from service.jobs.cursors import row_at, write_cursor

# Names that event logs use for parts of the service itself.
RESERVED = frozenset({"owner", "reconciler", "webhooks"})
LONGEST = timedelta(days=3660)
_ALPHABET = "abcdefghijklmnopqrstuvwxyz234567"


def new_row(
    name: str, roles: dict[str, Role], secret: str, *, created_by: str, expires_at: datetime | None = None
) -> TokenRow:
    return TokenRow(
        id="tok-" + "".join(secrets.choice(_ALPHABET) for _ in range(10)),
        name=name,
        hash=digest(secret),
        prefix=shown_prefix(secret),
        roles={project: role.value for project, role in roles.items()},
        created_at=utc_now(),
        created_by=created_by,
        expires_at=expires_at,
    )


async def create(tokens: AccessRepository, wanted: NewToken, maker: Principal) -> CreatedToken:
    """Make a token.

    Raises:
        Forbidden: the maker does not administer each of its projects, or ends before it would.
        Invalid: the name is one of ours, or the end is in the past or more than ten years away.
        NameTaken: a live token has the name.
    """
    for project in wanted.roles:
        maker.check(Role.ADMIN, project)
    _check_name(wanted.name)
    _check_end(wanted.expires_at, maker)
    secret = new_token()
    row = new_row(wanted.name, wanted.roles, secret, created_by=maker.name, expires_at=wanted.expires_at)
    if not await tokens.add_token(row):
        raise NameTaken(wanted.name)
    return CreatedToken(**_view(row).model_dump(), secret=secret)


async def list_page(tokens: AccessRepository, principal: Principal, *, limit: int, cursor: str | None) -> TokenPage:
    """The principal's own token and those that they may revoke."""
    before = None if cursor is None else row_at(cursor)
    shown: list[TokenRow] = []
    while rows := await tokens.older_tokens(before=before, limit=200):
        for row in rows:
            if _may_see(principal, row):
                if len(shown) == limit:
                    return TokenPage(items=[_view(one) for one in shown], next_cursor=write_cursor(shown[-1].seq))
                shown.append(row)
        before = rows[-1].seq
    return TokenPage(items=[_view(row) for row in shown], next_cursor=None)


async def revoke(tokens: AccessRepository, token_id: str, principal: Principal) -> Token:
    """End a token and all sessions made from it. Asking twice changes nothing. Raises TokenNotFound."""
    row = await tokens.token(token_id)
    if row is None or not _may_see(principal, row):
        raise TokenNotFound(token_id)
    if row.revoked_at is None:
        row.revoked_at = utc_now()
        await tokens.end_sign_ins(token_id)
    return _view(row)


def who(principal: Principal) -> Me:
    assert principal.token_id is not None
    return Me(
        name=principal.name,
        roles=dict(principal.roles),
        token_id=principal.token_id,
        expires_at=principal.expires_at,
    )


def _may_see(principal: Principal, row: TokenRow) -> bool:
    """One's own token, and those of which one administers every project."""
    return row.id == principal.token_id or all(principal.may(Role.ADMIN, project) for project in row.roles)


def _view(row: TokenRow) -> Token:
    return Token.model_validate(row)


def _check_name(name: str) -> None:
    if name in RESERVED:
        message = f"{name!r} stands for a part of Stillhouse in event logs; take another name"
        raise Invalid(message, errors=(FieldError(field="name", message=message, found=name, wanted=None),))


def _check_end(expires_at: datetime | None, maker: Principal) -> None:
    now = utc_now()
    if maker.expires_at is not None and (expires_at is None or expires_at > maker.expires_at):
        raise Forbidden(
            f"{maker.name} ends at {maker.expires_at:%Y-%m-%d %H:%M} UTC and can make no token that lives longer"
        )
    if expires_at is not None and not now < expires_at < now + LONGEST:
        message = "a token's end lies in the future and at most ten years away"
        raise Invalid(
            message,
            errors=(
                FieldError(field="expires_at", message=message, found=expires_at.isoformat(), wanted="a future moment"),
            ),
        )
