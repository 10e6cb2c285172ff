"""Queries for tokens, sessions and sign-in codes."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from sqlalchemy import delete, or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from service.access.models import SessionRow, SignInCodeRow, TokenRow

USED_EVERY = timedelta(minutes=1)


class AccessRepository:
    def __init__(self, session: AsyncSession) -> None:
        self.session = session

    async def add_token(self, token: TokenRow) -> bool:
        """Insert a token; False where a live one has its name."""
        try:
            async with self.session.begin_nested():
                self.session.add(token)
        except IntegrityError:
            if await self.live_by_name(token.name) is None:
                raise
            return False
        return True

    async def token(self, token_id: str) -> TokenRow | None:
        return (await self.session.scalars(select(TokenRow).where(TokenRow.id == token_id))).one_or_none()

    async def by_hash(self, hashed: str) -> TokenRow | None:
        return (await self.session.scalars(select(TokenRow).where(TokenRow.hash == hashed))).one_or_none()

    async def live_by_name(self, name: str) -> TokenRow | None:
        query = select(TokenRow).where(TokenRow.name == name, TokenRow.revoked_at.is_(None))
        return (await self.session.scalars(query)).one_or_none()

    async def by_session(self, hashed: str, now: datetime) -> TokenRow | None:
        """The token behind a browser session that has not run out."""
        query = (
            select(TokenRow)
            .join(SessionRow, SessionRow.token_id == TokenRow.id)
            .where(SessionRow.hash == hashed, SessionRow.expires_at > now)
        )
        return (await self.session.scalars(query)).one_or_none()

    async def live(
        self, tokens: Collection[str], sessions: Collection[str], now: datetime
    ) -> tuple[frozenset[str], frozenset[str]]:
        """Those of the tokens (by id) and sessions (by hash) that are good now."""
        unended = or_(TokenRow.expires_at.is_(None), TokenRow.expires_at > now)
        query = select(TokenRow.id).where(TokenRow.id.in_(tokens), TokenRow.revoked_at.is_(None), unended)
        live_tokens = frozenset(await self.session.scalars(query))
        if not sessions:
            return live_tokens, frozenset()
        running = select(SessionRow.hash).where(SessionRow.hash.in_(sessions), SessionRow.expires_at > now)
        return live_tokens, frozenset(await self.session.scalars(running))

    async def older_tokens(self, *, before: int | None, limit: int) -> Sequence[TokenRow]:
        """Tokens newest first, from below `before`."""
        query = select(TokenRow).order_by(TokenRow.seq.desc()).limit(limit)
        query = query if before is None else query.where(TokenRow.seq < before)
        return (await self.session.scalars(query)).all()

    async def note_use(self, token_id: str, now: datetime) -> None:
        """Write when a token was used, unless that was written less than a minute ago."""
        await self.session.execute(
            update(TokenRow)
            .where(
                TokenRow.id == token_id,
                or_(TokenRow.last_used_at.is_(None), TokenRow.last_used_at < now - USED_EVERY),
            )
            .values(last_used_at=now)
            .execution_options(synchronize_session=False)
        )

    async def spend_code(self, hashed: str, now: datetime) -> str | None:
        """Take a code out of the table; returns the id of its token where the code was good."""
        found = await self.session.execute(
            delete(SignInCodeRow)
            .where(SignInCodeRow.hash == hashed)
            .returning(SignInCodeRow.token_id, SignInCodeRow.expires_at)
        )
        row = found.one_or_none()
        return row.token_id if row is not None and row.expires_at > now else None

    async def end_session(self, hashed: str) -> None:
        await self.session.execute(delete(SessionRow).where(SessionRow.hash == hashed))

    async def end_sign_ins(self, token_id: str) -> None:
        """End the sessions of a token and take back its codes."""
        await self.session.execute(delete(SessionRow).where(SessionRow.token_id == token_id))
        await self.session.execute(delete(SignInCodeRow).where(SignInCodeRow.token_id == token_id))

    async def sweep_out(self, now: datetime) -> None:
        """Remove sessions and codes that have run out."""
        await self.session.execute(delete(SessionRow).where(SessionRow.expires_at <= now))
        await self.session.execute(delete(SignInCodeRow).where(SignInCodeRow.expires_at <= now))
