"""Server-sent events: from bytes, however they are cut, to events. Reads nothing itself."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass

# Nothing else ends a line, whatever `str.splitlines` may think.
_END_OF_LINE = re.compile(r"\r\n|\n|\r")


@dataclass(frozen=True)
class ServerEvent:
    """One event. `id` is the last one that the server named: send it as Last-Event-ID to go on after it."""

    id: str
    event: str
    data: str


class EventDecoder:
    """Feed it the pieces of a stream in order. What a broken connection left half is never given out."""

    def __init__(self) -> None:
        self.retry_s: float | None = None
        self._text = codecs.getincrementaldecoder("utf-8-sig")("replace")
        self._rest = ""
        self._id = ""
        self._event = ""
        self._data: list[str] = []

    def feed(self, piece: bytes) -> Iterator[ServerEvent]:
        """The events that are whole with this piece."""
        for line in self._lines(self._text.decode(piece)):
            if line:
                self._field(line)
                continue
            if self._data:
                yield ServerEvent(self._id, self._event or "message", "\n".join(self._data))
            self._event, self._data = "", []

    def _lines(self, text: str) -> list[str]:
        whole = self._rest + text
        held = "\r" if whole.endswith("\r") else ""  # perhaps the first half of a CR LF
        *lines, rest = _END_OF_LINE.split(whole.removesuffix("\r") if held else whole)
        self._rest = rest + held
        return lines

    def _field(self, line: str) -> None:
        name, _, value = line.partition(":")
        value = value.removeprefix(" ")
        if name == "data":
            self._data.append(value)
        elif name == "event":
            self._event = value
        elif name == "id" and "\0" not in value:
            self._id = value
        elif name == "retry" and value.isdecimal():
            self.retry_s = int(value) / 1000
