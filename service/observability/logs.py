"""Logs: text for people, JSON for machines, both with the ids of request and job that they belong to, no secrets."""

from __future__ import annotations

import json
import logging
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Literal, TextIO

from service.observability.redact import without_secrets

LogFormat = Literal["auto", "json", "text"]
_TEXT = "%(asctime)s %(levelname)s %(name)s: %(message)s%(ids)s"
_context: ContextVar[Mapping[str, str]] = ContextVar("log_context", default=MappingProxyType({}))
# Attributes that every record has; what else there is was given as `extra`.
_KNOWN = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "ids", "taskName"}


@contextmanager
def log_context(**ids: str | None) -> Iterator[None]:
    """Everything that is logged inside carries these ids."""
    token = _context.set({**_context.get()} | {name: value for name, value in ids.items() if value is not None})
    try:
        yield
    finally:
        _context.reset(token)


class JsonFormatter(logging.Formatter):
    """One JSON object a line."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, tz=UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
            **_context.get(),
            **{name: value for name, value in vars(record).items() if name not in _KNOWN},
        }
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        return without_secrets(json.dumps(line, ensure_ascii=False, default=str))


class TextFormatter(logging.Formatter):
    """As people read it, with the ids at the end."""

    def __init__(self) -> None:
        super().__init__(_TEXT)

    def format(self, record: logging.LogRecord) -> str:
        missing = [value for value in _context.get().values() if value not in record.getMessage()]
        record.ids = f" [{' '.join(missing)}]" if missing else ""
        return without_secrets(super().format(record))


def configure_logs(wanted: LogFormat, *, stream: TextIO | None = None) -> None:
    """Send all logs of this process to `stream` (stderr); `auto` is text on a terminal and JSON elsewhere."""
    stream = sys.stderr if stream is None else stream
    as_json = wanted == "json" or (wanted == "auto" and not stream.isatty())
    handler = logging.StreamHandler(stream)
    handler.setFormatter(JsonFormatter() if as_json else TextFormatter())
    logging.basicConfig(level=logging.INFO, handlers=[handler], force=True)
    logging.getLogger("httpx").setLevel(logging.WARNING)
