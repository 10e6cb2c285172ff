"""Conditional requests: ETags from revisions, If-None-Match when reading, If-Match when changing."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Depends, Header, Response

from service.errors import PreconditionFailed

# RFC 9110 allows quotes around anything visible; lists are separated by commas.
_HEADER = r'^\s*(\*|(W/)?"[\x21\x23-\x7e]*"(\s*,\s*(W/)?"[\x21\x23-\x7e]*")*)\s*$'


def etag(revision: int) -> str:
    return f'"{revision}"'


class NotModified(Exception):
    """The client has the present revision already; answered by 304 and no body."""

    def __init__(self, revision: int) -> None:
        super().__init__(f"revision {revision} is the present one")
        self.revision = revision


IfNoneMatchHeader = Annotated[
    str | None,
    Header(
        alias="If-None-Match",
        max_length=1000,
        pattern=_HEADER,
        description="ETag of the copy that you have: 304 where it is still the present one.",
        examples=['"7"'],
    ),
]
IfMatchHeader = Annotated[
    str | None,
    Header(
        alias="If-Match",
        max_length=1000,
        pattern=_HEADER,
        description="ETag of the revision that you have seen: 412 where it is not the present one any more.",
        examples=['"7"'],
    ),
]


class Freshness:
    """What a reader says that it has: sends the ETag, or raises NotModified where nothing has changed since."""

    def __init__(self, response: Response, known: str | None) -> None:
        self._response = response
        self._known = known

    def check(self, revision: int) -> None:
        """Raises NotModified."""
        if self._known is not None and _names(self._known, revision):
            raise NotModified(revision)
        self._response.headers["ETag"] = etag(revision)
        self._response.headers["Cache-Control"] = "private, no-cache"


class IfMatch:
    """What a writer believes to change: raises PreconditionFailed where another one was faster."""

    def __init__(self, wanted: str | None) -> None:
        self._wanted = wanted

    def check(self, revision: int) -> None:
        """Raises PreconditionFailed."""
        if self._wanted is not None and not _names(self._wanted, revision):
            raise PreconditionFailed(
                f"this has changed since you read it: its ETag is {etag(revision)}, If-Match says {self._wanted}; "
                "read it again and repeat the change"
            )


# Coroutines, though they wait for nothing: FastAPI sends plain functions and classes to a thread.
async def get_freshness(response: Response, if_none_match: IfNoneMatchHeader = None) -> Freshness:
    return Freshness(response, if_none_match)


async def get_if_match(if_match: IfMatchHeader = None) -> IfMatch:
    return IfMatch(if_match)


def _names(header: str, revision: int) -> bool:
    tags = [tag.strip().removeprefix("W/") for tag in header.split(",")]
    return "*" in tags or etag(revision) in tags


UNCHANGED: dict[int | str, dict[str, Any]] = {304: {"description": "Nothing has changed since If-None-Match"}}
FreshnessDep = Annotated[Freshness, Depends(get_freshness)]
IfMatchDep = Annotated[IfMatch, Depends(get_if_match)]
