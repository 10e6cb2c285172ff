"""Files as the bodies of requests, read piece by piece."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator

from fastapi import Request
from starlette.requests import ClientDisconnect

from service.errors import BadRequest, UnsupportedMedia
from service.models.uploads import check_size
from service.settings import Settings

BINARY = "application/octet-stream"
_WITH_FILES = re.compile(r"/api/v1/models/[^/]+/upload")


def brings_file(path: str) -> bool:
    """Whether the bodies of requests there are files and no JSON, and may be large."""
    return _WITH_FILES.fullmatch(path) is not None


async def file_pieces(request: Request, settings: Settings) -> AsyncIterator[bytes]:
    """The body of a request as it comes.

    Raises:
        UnsupportedMedia: the body is something else.
        TooLarge: the request says itself that it is.
        BadRequest: the client went away, or sent less than it had said.
    """
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media_type != BINARY:
        raise UnsupportedMedia(f"the body's content type is {media_type or 'not given'!r}, wanted: {BINARY}")
    declared = request.headers.get("content-length", "")
    if declared.isdecimal():
        check_size(int(declared), settings)
    try:
        async for piece in request.stream():
            yield piece
    except ClientDisconnect as error:
        raise BadRequest("the client went away before its file had arrived") from error
