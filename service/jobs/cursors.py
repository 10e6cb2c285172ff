"""Cursors: a place in a list, as text that a client only hands back."""

from __future__ import annotations

import base64
import binascii
import json
from typing import Any

from service.jobs.errors import BadCursor

_LARGEST = 2**63 - 1


def write_cursor(*place: str | int | float) -> str:
    return base64.urlsafe_b64encode(json.dumps(place, ensure_ascii=False).encode()).decode().rstrip("=")


def read_cursor(cursor: str) -> list[Any]:
    """Raises BadCursor."""
    try:
        place = json.loads(base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True))
    except (binascii.Error, ValueError, RecursionError) as error:
        raise BadCursor(cursor) from error
    if not isinstance(place, list):
        raise BadCursor(cursor)
    return place


def is_row_number(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= _LARGEST


def row_at(cursor: str) -> int:
    """The row after which a list in the order of its rows goes on. Raises BadCursor."""
    match read_cursor(cursor):
        case [number] if is_row_number(number):
            return int(number)
    raise BadCursor(cursor)
