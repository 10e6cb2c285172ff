"""`client.tokens` and `client.audit`: who asks, the tokens of others, and who changed what."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from service.access.roles import Role
from service.access.schemas import CreatedToken, Me, NewToken, SignInCode, Token, TokenPage
from service.audit.schemas import AuditPage
from service.sdk._operation import M, Resource, operation
from service.sdk._session import path_of


class Tokens(Resource[M]):
    """Make, list and revoke tokens, and ask who one is."""

    @operation("getMe")
    async def me(self) -> Me:
        """Who asks, and what they may do."""
        return await self._session.ask(Me, "GET", path_of("me"))

    @operation("createToken")
    async def create(
        self, name: str, roles: Mapping[str, Role | str], *, expires_at: datetime | None = None
    ) -> CreatedToken:
        """Make a token: a role in each project, `*` for all of them. Its secret is in this answer and in no other."""
        wanted = NewToken.model_validate({"name": name, "roles": dict(roles), "expires_at": expires_at})
        return await self._session.ask(CreatedToken, "POST", path_of("tokens"), body=wanted, once=True)

    @operation("listTokens")
    async def list(self, *, limit: int = 50, cursor: str | None = None) -> TokenPage:
        """One page of tokens: one's own, and those of projects that one administers."""
        return await self._session.ask(TokenPage, "GET", path_of("tokens"), query={"limit": limit, "cursor": cursor})

    @operation("revokeToken")
    async def revoke(self, token_id: str) -> Token:
        """End a token and every session made from it, at once."""
        return await self._session.ask(Token, "DELETE", path_of("tokens", token_id))

    @operation("createSignInCode")
    async def sign_in_code(self) -> SignInCode:
        """A code that signs a browser in once, within ten minutes, with one's own rights."""
        return await self._session.ask(SignInCode, "POST", path_of("session", "codes"), once=True)


class AuditLog(Resource[M]):
    """Who asked for which change, when, from where, and what came of it."""

    @operation("listAudit")
    async def list(
        self,
        *,
        principal: str | None = None,
        operation: str | None = None,
        target: str | None = None,
        refused: bool | None = None,
        since: datetime | None = None,
        until: datetime | None = None,
        limit: int = 50,
        cursor: str | None = None,
    ) -> AuditPage:
        """One page of the log, newest first. For who administers every project."""
        query = {
            "principal": principal,
            "operation": operation,
            "target": target,
            "refused": refused,
            "since": None if since is None else since.isoformat(),
            "until": None if until is None else until.isoformat(),
            "limit": limit,
            "cursor": cursor,
        }
        return await self._session.ask(AuditPage, "GET", path_of("audit"), query=query)
