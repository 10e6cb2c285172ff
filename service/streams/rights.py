"""Whether those who listen may still do so: a token that has ended, or a session, ends its open streams too."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from service.access.principal import Principal
from service.access.repository import AccessRepository
from service.db.base import utc_now

CHECK_EVERY_S = 2.0


class Listener(Protocol):
    """Somebody who listens, and what ends that."""

    @property
    def principal(self) -> Principal | None: ...

    def refuse(self) -> None: ...


async def end_refused(access: AccessRepository, listeners: Sequence[Listener]) -> None:
    """Refuse those whose token was revoked or has run out, and those whose session has ended."""
    known = [(one, one.principal.token_id, one.principal.session) for one in listeners if one.principal is not None]
    tokens = {token for _, token, _ in known if token is not None}
    if not tokens:
        return
    live_tokens, live_sessions = await access.live(tokens, {one for _, _, one in known if one is not None}, utc_now())
    for listener, token, session in known:
        if (token is not None and token not in live_tokens) or (session is not None and session not in live_sessions):
            listener.refuse()
