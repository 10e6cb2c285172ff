"""The wire format of server-sent events, and how streams are described in the OpenAPI document."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Any

from fastapi.responses import StreamingResponse
from pydantic import BaseModel
from sqlalchemy.exc import SQLAlchemyError

from service.db.trouble import trouble_of
from service.streams.schemas import EVENTS, StreamCut

MEDIA_TYPE = "text/event-stream"
KEEP_ALIVE = b": still here\n\n"
RETRY = b"retry: 1000\n\n"
_NAMES = {model: name for name, model in EVENTS.items()}


class EventStream(StreamingResponse):
    """A stream that no proxy keeps back or stores."""

    media_type = MEDIA_TYPE

    def __init__(self, content: Any, status_code: int = 200) -> None:
        content = until_trouble(content)
        super().__init__(content, status_code, headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"})


async def until_trouble(events: AsyncGenerator[bytes, None]) -> AsyncGenerator[bytes, None]:
    """A stream that the database cannot go on with says so; who listens comes back and reads on from where it was."""
    try:
        async with aclosing(events):
            async for event in events:
                yield event
    except SQLAlchemyError as error:
        trouble = trouble_of(error)
        if trouble is None:
            raise
        yield frame(StreamCut(reason=f"the database {trouble}; connect again to read on"))


def frame(data: BaseModel, *, event_id: str | None = None) -> bytes:
    """One event. Without an id of its own it leaves the reader's `Last-Event-ID` as it is."""
    return with_id(f"event: {_NAMES[type(data)]}\ndata: {data.model_dump_json()}\n\n".encode(), event_id)


def with_id(encoded: bytes, event_id: str | None) -> bytes:
    return encoded if event_id is None else f"id: {event_id}\n".encode() + encoded


def stream_responses(description: str, *events: str, example: str) -> dict[int | str, dict[str, Any]]:
    """The documented answer of a stream: its events, with the schema of what each carries."""
    schema = {
        "type": "object",
        "description": "One server-sent event; `x-events` has the schema of the JSON in each event's `data`.",
        "properties": {
            "event": {"type": "string", "enum": list(events)},
            "data": {"type": "string", "contentMediaType": "application/json"},
            "id": {"type": "string", "description": "Send the last one as `Last-Event-ID` to read on."},
            "retry": {"type": "integer", "minimum": 0},
        },
        "x-events": {name: {"$ref": f"#/components/schemas/{EVENTS[name].__name__}"} for name in events},
    }
    content = {MEDIA_TYPE: {"schema": schema, "examples": {"stream": {"value": example}}}}
    return {200: {"description": description, "content": content}}


def add_event_schemas(document: dict[str, Any]) -> None:
    """Put the schemas of events among the components of an OpenAPI document."""
    components = document["components"]["schemas"]
    for model in EVENTS.values():
        schema = model.model_json_schema(ref_template="#/components/schemas/{model}", mode="serialization")
        for name, definition in {**schema.pop("$defs", {}), model.__name__: schema}.items():
            components.setdefault(name, definition)
