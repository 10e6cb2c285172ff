"""Signing in to the dashboard: one-time codes and tokens become sessions, which a cookie carries."""

from __future__ import annotations

from datetime import timedelta

from fastapi import Request, Response

from service.access.authentication import principal_of
from service.access.errors import CodeSpent
from service.access.models import SessionRow, SignInCodeRow, TokenRow
from service.access.principal import Principal
from service.access.repository import AccessRepository
from service.access.schemas import SignIn, SignInCode
from service.access.secrets import digest, new_secret
from service.db.base import utc_now
from service.errors import Unauthenticated

CODE_LIFE = timedelta(minutes=10)
SESSION_LIFE = timedelta(days=14)


async def make_code(access: AccessRepository, principal: Principal) -> SignInCode:
    """A code that becomes one session of the principal's token."""
    assert principal.token_id is not None
    code, expires_at = new_secret(), utc_now() + CODE_LIFE
    access.session.add(SignInCodeRow(hash=digest(code), token_id=principal.token_id, expires_at=expires_at))
    return SignInCode(code=code, path=f"/signin#code={code}", expires_at=expires_at)


async def sign_in(access: AccessRepository, given: SignIn) -> tuple[Principal, str, int]:
    """Begin a session; returns whose it is, the cookie's secret and its life in seconds.

    Raises:
        CodeSpent: the code was used, has run out, or never was.
        Unauthenticated: the token, or the one behind the code, is not valid (any more).
    """
    now = utc_now()
    await access.sweep_out(now)
    token: TokenRow | None
    if given.code is not None:
        token_id = await access.spend_code(digest(given.code.get_secret_value()), now)
        if token_id is None:
            raise CodeSpent
        token = await access.token(token_id)
    else:
        assert given.token is not None
        token = await access.by_hash(digest(given.token.get_secret_value().strip()))
    if token is None:
        raise Unauthenticated("this token is not one of ours")
    principal = principal_of(token, now)
    ends = now + SESSION_LIFE if token.expires_at is None else min(now + SESSION_LIFE, token.expires_at)
    secret = new_secret()
    access.session.add(SessionRow(hash=digest(secret), token_id=token.id, created_at=now, expires_at=ends))
    return principal, secret, int((ends - now).total_seconds())


def cookie_name(request: Request) -> str:
    """Cookies know no ports: two servers on one machine need names of their own.

    Under https the prefix makes browsers insist that no other host, and nothing unencrypted, has set the cookie.
    """
    port = request.app.state.context.settings.port
    return f"{'__Host-' if request.url.scheme == 'https' else ''}stillhouse-{port}"


def set_cookie(request: Request, response: Response, secret: str, *, life_s: int) -> None:
    response.set_cookie(
        cookie_name(request),
        secret,
        max_age=life_s,
        path="/",
        secure=request.url.scheme == "https",
        httponly=True,
        samesite="strict",
    )


def clear_cookie(request: Request, response: Response) -> None:
    response.delete_cookie(
        cookie_name(request), path="/", secure=request.url.scheme == "https", httponly=True, samesite="strict"
    )
