"""The outermost layer of the API: request ids, and bodies that are small and plain JSON."""

from __future__ import annotations

import json
import logging
import re
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any
from urllib.parse import parse_qsl

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from service.errors import BadRequest, FieldError, Invalid, ServiceError, TooLarge, UnsupportedMedia
from service.observability.redact import without_secrets

logger = logging.getLogger(__name__)
MAX_BODY_BYTES = 1024 * 1024
_SANE_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:-]{3,99}")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
MAX_WHOLE_NUMBER = 2**63 - 1
_NO_JSON = ("NaN", "Infinity", "-Infinity")
_MAX_DEPTH = 64
_MAX_ERRORS = 20
_SURROGATE = re.compile(r"[\ud800-\udfff]")
_UNSTORABLE = re.compile(r"[\x00\ud800-\udfff]")
_STORABLE = "text without NUL characters and halves of surrogate pairs"


def request_id_of(scope: Scope) -> str:
    state = scope.setdefault("state", {})
    if "request_id" not in state:
        given = Headers(scope=scope).get("x-request-id", "")
        sane = _SANE_ID.fullmatch(given) and without_secrets(given) == given
        state["request_id"] = given if sane else f"req-{secrets.token_hex(5)}"
    return str(state["request_id"])


class RequestIds:
    """Gives every request an id and sends it back as X-Request-Id."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        request_id = request_id_of(scope)

        async def send_with_id(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message)["X-Request-Id"] = request_id
            await send(message)

        await self.app(scope, receive, send_with_id)


class JsonBodies:
    """Lets only bodies below 1 MiB of plain JSON through to the API: no NaN, no numbers beyond 64 bits."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not scope["path"].startswith("/api/"):
            await self.app(scope, receive, send)
            return
        from service.http.files import brings_file
        from service.http.problems import error_response

        try:
            _check_address(scope)
            if scope["method"] in ("GET", "HEAD") or brings_file(scope["path"]):
                await self.app(scope, receive, send)
                return
            body = await _read_body(scope, receive)
            _check_json(body, Headers(scope=scope).get("content-type", ""))
        except ServiceError as error:
            await error_response(Request(scope), error)(scope, receive, send)
            return
        await self.app(scope, _replay(body, receive), send)


def _check_address(scope: Scope) -> None:
    """Refuse control characters, which no id and no filter has and which not every database can compare."""
    for field, value in (("(path)", scope["path"]), *parse_qsl(scope["query_string"].decode("latin-1"))):
        if _CONTROL.search(value):
            message = "a control character is not allowed here"
            error = FieldError(
                field=field, message=message, found=value[:100], wanted="text without control characters"
            )
            raise Invalid(f"{field}: {message}", errors=(error,))


async def _read_body(scope: Scope, receive: Receive) -> bytes:
    too_large = TooLarge(f"a body may have {MAX_BODY_BYTES} bytes, this one has more")
    declared = Headers(scope=scope).get("content-length", "0")
    if declared.isdecimal() and int(declared) > MAX_BODY_BYTES:
        raise too_large
    body = bytearray()
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise BadRequest("the client went away before its body had arrived")
        body += message.get("body", b"")
        if len(body) > MAX_BODY_BYTES:
            raise too_large
        if not message.get("more_body", False):
            return bytes(body)


def _replay(body: bytes, receive: Receive) -> Receive:
    sent = False

    async def receive_again() -> Message:
        nonlocal sent
        if sent:
            return await receive()
        sent = True
        return {"type": "http.request", "body": body, "more_body": False}

    return receive_again


def _check_json(body: bytes, content_type: str) -> None:
    if not body:
        return
    media_type = content_type.partition(";")[0].strip().lower()
    if media_type != "application/json" and not media_type.endswith("+json"):
        raise UnsupportedMedia(f"the body's content type is {media_type or 'not given'!r}, wanted: application/json")
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError as error:
        raise BadRequest(f"the body is not UTF-8: byte {error.start} is not allowed there") from error
    try:
        document = json.loads(text, parse_constant=_read_constant, parse_int=_read_int, parse_float=_read_float)
    except json.JSONDecodeError as error:
        raise BadRequest(f"the body is not JSON: {error.msg} at line {error.lineno}, column {error.colno}") from error
    except RecursionError as error:
        raise _too_deep() from error
    if errors := tuple(islice(_not_allowed(document), _MAX_ERRORS)):
        kind = BadRequest if any(error.found in _NO_JSON for error in errors) else Invalid
        raise kind("; ".join(f"{error.field}: {error.message}" for error in errors[:3]), errors=errors)


@dataclass(frozen=True)
class _BadNumber:
    """In place of a number that JSON does not have, or that we cannot keep."""

    message: str
    found: str
    wanted: str


def _read_constant(name: str) -> _BadNumber:
    return _BadNumber(f"found {name}, which is not JSON", name, "a finite number")


def _read_int(digits: str) -> int | _BadNumber:
    if len(digits) > 20 or abs(int(digits)) > MAX_WHOLE_NUMBER:
        return _BadNumber(
            f"the whole number {digits[:40]} is too large: at most {MAX_WHOLE_NUMBER} is allowed",
            digits[:40],
            f"a whole number of at most {MAX_WHOLE_NUMBER}",
        )
    return int(digits)


def _read_float(digits: str) -> float | _BadNumber:
    number = float(digits)
    if number in (float("inf"), float("-inf")):
        message = f"the number {digits[:40]} is too large: at most about 1.8e308 is allowed"
        return _BadNumber(message, digits[:40], "a finite number")
    return number


def _not_allowed(document: Any) -> Iterator[FieldError]:
    """Numbers that JSON does not have, and text that no database can store, each under its field.

    Raises:
        BadRequest: the body is nested too deeply.
    """
    waiting: list[tuple[tuple[str, ...], Any]] = [((), document)]
    while waiting:
        path, node = waiting.pop()
        if len(path) > _MAX_DEPTH:
            raise _too_deep()
        if isinstance(node, _BadNumber):
            yield FieldError(field=_dotted(path), message=node.message, found=node.found, wanted=node.wanted)
        elif isinstance(node, str):
            if message := _unstorable(node):
                yield FieldError(field=_dotted(path), message=message, found=_shown(node), wanted=_STORABLE)
        elif isinstance(node, dict):
            for key in node:
                if message := _unstorable(key):
                    field = _dotted((*path, _shown(key)))
                    yield FieldError(field=field, message=f"{message} in this key", found=_shown(key), wanted=_STORABLE)
            waiting += [((*path, key), value) for key, value in reversed(node.items())]
        elif isinstance(node, list):
            waiting += [((*path, str(index)), node[index]) for index in reversed(range(len(node)))]


def _unstorable(text: str) -> str | None:
    if "\x00" in text:
        return "found a NUL character"
    if not text.isascii() and _SURROGATE.search(text):
        return "found half of a surrogate pair"
    return None


def _shown(text: str) -> str:
    """Text that can be sent back: what cannot be stored is spelled out."""
    return _UNSTORABLE.sub(lambda match: f"\\u{ord(match[0]):04x}", text[:100])


def _dotted(path: tuple[str, ...]) -> str:
    return _shown(".".join(path)) or "(body)"


def _too_deep() -> BadRequest:
    return BadRequest(f"the body is nested too deeply: at most {_MAX_DEPTH} levels are allowed")
