"""Tables of tokens, browser sessions and sign-in codes. Secrets are kept as hashes only."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from service.access.roles import Role
from service.db.base import Base, Document, RowNumber

_LIVE = text("revoked_at IS NULL")


class TokenRow(Base):
    """A token is a principal: its name is what event logs show."""

    __tablename__ = "tokens"
    __table_args__ = (Index("uq_tokens_live_name", "name", unique=True, sqlite_where=_LIVE, postgresql_where=_LIVE),)

    seq: Mapped[int] = mapped_column(RowNumber, primary_key=True, autoincrement=True)
    id: Mapped[str] = mapped_column(String(32), unique=True)
    name: Mapped[str] = mapped_column(String(100))
    hash: Mapped[str] = mapped_column(String(64), unique=True)
    prefix: Mapped[str] = mapped_column(String(16))
    roles: Mapped[dict[str, Role]] = mapped_column(Document)
    created_at: Mapped[datetime]
    created_by: Mapped[str] = mapped_column(String(100))
    expires_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]
    last_used_at: Mapped[datetime | None] = mapped_column(doc="Written at most once a minute.")


class SessionRow(Base):
    """A browser that signed in; it may what its token may, and no longer."""

    __tablename__ = "sessions"

    hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    token_id: Mapped[str] = mapped_column(ForeignKey("tokens.id"), index=True)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]


class SignInCodeRow(Base):
    """A code that becomes a session once, soon; then the row is gone."""

    __tablename__ = "sign_in_codes"

    hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    token_id: Mapped[str] = mapped_column(ForeignKey("tokens.id"), index=True)
    expires_at: Mapped[datetime]
