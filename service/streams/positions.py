"""Where a reader of a stream is, as the text of `Last-Event-ID`."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from service.errors import FieldError, Invalid

_NUMBER = r"(0|[1-9][0-9]{0,17})"
_EVENT = re.compile(_NUMBER)
_JOB = re.compile(rf"{_NUMBER}(?:~([0-9A-Za-z_-]{{1,64}})((?:~-?[0-9]{{1,16}}){{1,20}}))?")
_LOG = re.compile(rf"([1-9][0-9]{{0,3}})~{_NUMBER}")


class BadPosition(Invalid):
    slug = "bad-last-event-id"
    title = "Last-Event-ID is not one of ours"

    def __init__(self, text: str) -> None:
        wanted = "the id of an event of this stream"
        message = f"{text[:40]!r} is not an id of this stream"
        super().__init__(
            message, errors=(FieldError(field="Last-Event-ID", message=message, found=text[:40], wanted=wanted),)
        )


def event_position(text: str) -> int:
    """Raises BadPosition."""
    match = _EVENT.fullmatch(text)
    if match is None:
        raise BadPosition(text)
    return int(text)


@dataclass(frozen=True)
class JobPosition:
    """The last state event, and of each key the last step of the run that was read."""

    event: int
    run_id: str | None = None
    steps: tuple[int, ...] = ()

    @classmethod
    def read(cls, text: str, *, num_keys: int) -> JobPosition:
        """Raises BadPosition, also where the stream had other keys."""
        match = _JOB.fullmatch(text)
        if match is None:
            raise BadPosition(text)
        steps = tuple(int(step) for step in (match[3] or "").split("~")[1:])
        if match[2] is not None and len(steps) != num_keys:
            raise BadPosition(text)
        return cls(int(match[1]), match[2], steps)

    def at_event(self, event: int) -> JobPosition:
        return replace(self, event=max(event, self.event))

    def __str__(self) -> str:
        if self.run_id is None or not self.steps:
            return str(self.event)
        return "~".join([str(self.event), self.run_id, *map(str, self.steps)])


@dataclass(frozen=True)
class LogPosition:
    attempt: int
    offset: int

    @classmethod
    def read(cls, text: str) -> LogPosition:
        """Raises BadPosition."""
        match = _LOG.fullmatch(text)
        if match is None:
            raise BadPosition(text)
        return cls(int(match[1]), int(match[2]))

    def __str__(self) -> str:
        return f"{self.attempt}~{self.offset}"
