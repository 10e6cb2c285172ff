"""Tables of webhooks, of what was sent to them, and of how far events have been handed on."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from service.db.base import Base, RowNumber

_List = JSON().with_variant(JSONB(), "postgresql")


class WebhookRow(Base):
    """Where to send events of a project's jobs. The secret is kept as it is: signing needs it."""

    __tablename__ = "webhooks"

    seq: Mapped[int] = mapped_column(RowNumber, primary_key=True, autoincrement=True)
    id: Mapped[str] = mapped_column(String(32), unique=True)
    project: Mapped[str] = mapped_column(String(100), index=True)
    url: Mapped[str] = mapped_column(String(2000))
    states: Mapped[list[str]] = mapped_column(doc="Which new states are told; empty stands for all.")
    secret: Mapped[str] = mapped_column(String(200))
    enabled: Mapped[bool]
    disabled_reason: Mapped[str | None] = mapped_column(Text)
    failing_since: Mapped[datetime | None] = mapped_column(doc="First failure since something last got through.")
    created_at: Mapped[datetime]
    created_by: Mapped[str] = mapped_column(String(100))
    updated_at: Mapped[datetime]


class DeliveryRow(Base):
    """One message to one webhook, with every try to send it."""

    __tablename__ = "deliveries"
    __table_args__ = (
        UniqueConstraint("webhook_id", "event_id"),
        Index("ix_deliveries_state_next_try_at", "state", "next_try_at"),
        Index("ix_deliveries_webhook_id_seq", "webhook_id", "seq"),
    )

    seq: Mapped[int] = mapped_column(RowNumber, primary_key=True, autoincrement=True)
    id: Mapped[str] = mapped_column(String(32), unique=True, doc="Sent as `webhook-id`: the same for every try.")
    webhook_id: Mapped[str] = mapped_column(ForeignKey("webhooks.id", ondelete="CASCADE"))
    event_id: Mapped[int | None] = mapped_column(BigInteger, doc="null for a test.")
    kind: Mapped[str] = mapped_column(String(32))
    body: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(String(16))
    tries: Mapped[list[dict[str, Any]]] = mapped_column(_List, doc="The newest twenty, oldest first.")
    num_tries: Mapped[int]
    created_at: Mapped[datetime]
    give_up_at: Mapped[datetime]
    next_try_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]


class EventCursorRow(Base):
    """How far a reader of the events has come. `missing` are ids below that had not been committed yet."""

    __tablename__ = "event_cursors"

    name: Mapped[str] = mapped_column(String(32), primary_key=True)
    position: Mapped[int] = mapped_column(BigInteger)
    missing: Mapped[dict[str, float]] = mapped_column(doc="Id to when it was first missed, in seconds since 1970.")
