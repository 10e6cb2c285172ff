"""Messages: what is sent to a webhook."""

from __future__ import annotations

import json
import secrets
from datetime import datetime, timedelta

from service.db.base import utc_now
from service.webhooks.models import DeliveryRow

PERSISTENCE = timedelta(days=1)
_ALPHABET = "abcdefghijklmnopqrstuvwxyz234567"


def new_id(kind: str, length: int = 10) -> str:
    return f"{kind}-" + "".join(secrets.choice(_ALPHABET) for _ in range(length))


def new_delivery(
    webhook_id: str, kind: str, data: dict[str, object], *, at: datetime, event_id: int | None
) -> DeliveryRow:
    """A message that is to be sent at once. `at` is when what it tells happened."""
    now = utc_now()
    body = {"type": kind, "timestamp": at.isoformat(), "data": data}
    return DeliveryRow(
        id=new_id("msg", 16),
        webhook_id=webhook_id,
        event_id=event_id,
        kind=kind,
        body=json.dumps(body, separators=(",", ":"), ensure_ascii=False),
        state="pending",
        tries=[],
        num_tries=0,
        created_at=now,
        give_up_at=now + PERSISTENCE,
        next_try_at=now,
    )
