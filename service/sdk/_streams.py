"""Following a stream of server-sent events over all its interruptions, with nothing lost and nothing twice."""

from __future__ import annotations

import time
from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing
from typing import Any

import httpx
from pydantic import BaseModel, ValidationError

from service.sdk._errors import ForeignServer, ServerUnreachable, UnavailableError
from service.sdk._session import Session
from service.sdk._sse import EventDecoder, ServerEvent
from service.streams.schemas import EVENTS, JobChanged, JobProgressed, LogWritten, MetricsLogged

JobUpdate = JobChanged | JobProgressed | MetricsLogged
# A stream that was there once may be away for so long, for instance while the service is started again.
PATIENCE_S = 120.0
# The server says something at least every 15 s.
_SILENCE_S = 45.0
_PAUSE_S = 1.0


async def follow(
    session: Session, path: str, *, query: Mapping[str, Any] | None = None, until: float | None = None
) -> AsyncGenerator[BaseModel, None]:
    """What the events of a stream carry, until the server ends it or, roughly, until `until` (of time.monotonic).

    Raises:
        ServerUnreachable: there was no stream at all, or it stayed away for PATIENCE_S.
        ApiError: the server said no.
    """
    last_id, heard_at = "", None
    while until is None or time.monotonic() < until:
        decoder = EventDecoder()
        headers = {"Accept": "text/event-stream", **({"Last-Event-ID": last_id} if last_id else {})}
        try:
            async with session.open(path, query=query, headers=headers, read_timeout_s=_SILENCE_S) as answer:
                async for chunk in answer.pieces:
                    heard_at = time.monotonic()
                    for event in decoder.feed(chunk):
                        last_id = event.id or last_id
                        if event.event == "end":
                            return
                        carried = _read(session, event)
                        if isinstance(carried, JobUpdate | LogWritten):
                            yield carried
                    if until is not None and time.monotonic() >= until:
                        return
        except ForeignServer:
            raise
        except (httpx.HTTPError, ServerUnreachable, UnavailableError) as error:
            if heard_at is None or time.monotonic() - heard_at > PATIENCE_S:
                raise session.unreachable(error) if isinstance(error, httpx.HTTPError) else error from error
        await session.wire.sleep(_PAUSE_S if decoder.retry_s is None else decoder.retry_s)


async def updates(
    session: Session, path: str, *, query: Mapping[str, Any] | None = None, until: float | None = None
) -> AsyncGenerator[JobUpdate, None]:
    """`follow` for streams of jobs."""
    async with aclosing(follow(session, path, query=query, until=until)) as events:
        async for event in events:
            if isinstance(event, JobUpdate):
                yield event


def _read(session: Session, event: ServerEvent) -> BaseModel | None:
    """None for an event that a later version of the server has."""
    kind = EVENTS.get(event.event)
    if kind is None:
        return None
    try:
        return kind.model_validate_json(event.data)
    except ValidationError as error:
        raise session.foreign(f"an event {event.event!r}") from error
