"""The outermost layer of the API: request ids, and bodies that are small and plain JSON."""

from __future__ import annotations

import json
import logging
import re
import secrets
from typing import Any, NoReturn
from urllib.parse import parse_qsl

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from service.errors import BadRequest, FieldError, Invalid, ServiceError, TooLarge, UnsupportedMedia

logger = logging.getLogger(__name__)
MAX_BODY_BYTES = 1024 * 1024
_SANE_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:-]{3,99}")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_MAX_WHOLE_NUMBER = 2**63 - 1


def request_id_of(scope: Scope) -> str:
    state = scope.setdefault("state", {})
    if "request_id" not in state:
        given = Headers(scope=scope).get("x-request-id", "")
        state["request_id"] = given if _SANE_ID.fullmatch(given) else f"req-{secrets.token_hex(5)}"
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
            if scope["method"] in ("GET", "HEAD") or brings_file(scope["method"], scope["path"]):
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
        document = json.loads(text, parse_constant=_no_constant, parse_int=_parse_int, parse_float=_parse_float)
    except json.JSONDecodeError as error:
        raise BadRequest(f"the body is not JSON: {error.msg} at line {error.lineno}, column {error.colno}") from error
    except RecursionError as error:
        raise BadRequest("the body is nested too deeply") from error
    _check_texts(document)


def _no_constant(name: str) -> NoReturn:
    raise BadRequest(f"the body is not JSON: found {name}, wanted a finite number")


def _parse_int(digits: str) -> int:
    if len(digits) > 20 or abs(int(digits)) > _MAX_WHOLE_NUMBER:
        raise BadRequest(f"the whole number {digits[:40]} is too large: at most {_MAX_WHOLE_NUMBER} is allowed")
    return int(digits)


def _parse_float(digits: str) -> float:
    number = float(digits)
    if number in (float("inf"), float("-inf")):
        raise BadRequest(f"the number {digits[:40]} is too large: at most about 1.8e308 is allowed")
    return number


def _check_texts(node: Any) -> None:
    """Refuse text that no database can store."""
    if isinstance(node, str):
        if "\x00" in node:
            raise BadRequest("a text in the body holds a NUL character")
        if not node.isascii():
            try:
                node.encode("utf-8")
            except UnicodeEncodeError as error:
                raise BadRequest("a text in the body holds half of a surrogate pair") from error
    elif isinstance(node, dict):
        for key, value in node.items():
            _check_texts(key)
            _check_texts(value)
    elif isinstance(node, list):
        for value in node:
            _check_texts(value)
