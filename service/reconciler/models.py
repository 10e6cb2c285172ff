"""Table of leases: who may act."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from service.db.base import Base


class LeaseRow(Base):
    """The right to be the one active process of a kind, until it runs out."""

    __tablename__ = "leases"

    name: Mapped[str] = mapped_column(String(32), primary_key=True)
    holder: Mapped[str] = mapped_column(String(128))
    expires_at: Mapped[datetime]
    round_at: Mapped[datetime | None] = mapped_column(doc="End of the holder's last whole round.")
