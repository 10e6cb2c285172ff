"""Problem documents (RFC 9457): the one form in which the API says that something went wrong."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import Response
from pydantic import BaseModel
from sqlalchemy.exc import InterfaceError, InternalError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from starlette.exceptions import HTTPException

from service.db.trouble import Trouble, first_line, trouble_of
from service.errors import FieldError, ServiceError, StorageFull, Unavailable
from service.http.conditions import NotModified, etag
from service.http.requests import request_id_of
from service.observability.redact import without_secrets
from service.problem import Problem
from service.validation import field_errors

logger = logging.getLogger(__name__)
MEDIA_TYPE = "application/problem+json"
_HEADERS: dict[int, dict[str, str]] = {
    HTTPStatus.UNAUTHORIZED: {"WWW-Authenticate": 'Bearer realm="stillhouse"'},
    HTTPStatus.SERVICE_UNAVAILABLE: {"Retry-After": "5"},
}


def problem_response(
    request: Request,
    *,
    status: int,
    slug: str,
    title: str,
    detail: str,
    errors: tuple[FieldError, ...] = (),
    headers: dict[str, str] | None = None,
) -> Response:
    problem = Problem(
        type=f"urn:stillhouse:problem:{slug}",
        title=title,
        status=status,
        detail=detail,
        instance=request.url.path,
        request_id=request_id_of(request.scope),
        errors=list(errors),
    )
    text = without_secrets(problem.model_dump_json())
    return Response(text, status_code=status, media_type=MEDIA_TYPE, headers=headers)


def error_response(request: Request, error: ServiceError) -> Response:
    if error.status >= 500:
        logger.error("%s %s: %s", request_id_of(request.scope), request.url.path, error.detail)
    return problem_response(
        request,
        status=error.status,
        slug=error.slug,
        title=error.title,
        detail=error.detail,
        errors=error.errors,
        headers=_HEADERS.get(error.status),
    )


async def _on_service_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, ServiceError)
    return error_response(request, error)


async def _on_not_modified(request: Request, error: Exception) -> Response:
    assert isinstance(error, NotModified)
    return Response(status_code=304, headers={"ETag": etag(error.revision)})


async def _on_validation_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    found = field_errors(error.errors(), body=error.body, model=_model_of_body(request))
    detail = "; ".join(f"{item.field}: {item.message}" for item in found[:3])
    if len(found) > 3:
        detail += f"; and {len(found) - 3} more"
    return problem_response(
        request, status=422, slug="invalid", title="Some values are not allowed", detail=detail, errors=found
    )


def _model_of_body(request: Request) -> type[BaseModel] | None:
    """The schema that the body of the request's operation should have."""
    field = getattr(request.scope.get("route"), "body_field", None)
    model = field.field_info.annotation if field is not None else None
    return model if isinstance(model, type) and issubclass(model, BaseModel) else None


async def _on_http_exception(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    status = HTTPStatus(error.status_code)
    detail = str(error.detail)
    if status == HTTPStatus.NOT_FOUND and detail == status.phrase:
        detail = f"there is nothing at {request.url.path}"
    elif status == HTTPStatus.METHOD_NOT_ALLOWED:
        allowed = (error.headers or {}).get("Allow", "other methods")
        detail = f"{request.method} is not possible at {request.url.path}; allowed: {allowed}"
    return problem_response(
        request,
        status=error.status_code,
        slug=status.phrase.lower().replace(" ", "-"),
        title=status.phrase,
        detail=detail,
        headers=dict(error.headers or {}),
    )


async def _on_crash(request: Request, error: Exception) -> Response:
    request_id = request_id_of(request.scope)
    logger.error("%s %s %s failed", request_id, request.method, request.url.path, exc_info=error)
    return problem_response(
        request,
        status=500,
        slug="internal",
        title="Something went wrong inside Stillhouse",
        detail=f"the server's log has the details under {request_id}",
        headers={"X-Request-Id": request_id},
    )


@dataclass(frozen=True)
class _Answer:
    kind: type[ServiceError]
    detail: str
    retry_after_s: int


_DATABASE_TROUBLE = {
    Trouble.AWAY: _Answer(
        Unavailable,
        "the database does not answer, and whether a change was made is not known; send the request again, "
        "a submit with the same Idempotency-Key",
        2,
    ),
    Trouble.FULL: _Answer(
        StorageFull,
        "the disk of the database is full, so nothing was changed; what is there can be read, and what runs goes on. "
        "Send the request again when who runs the server has made space",
        10,
    ),
    Trouble.READ_ONLY: _Answer(
        Unavailable,
        "the database takes no changes now, as while it is maintained or moved, so nothing was changed; what is there "
        "can be read. Send the request again later",
        10,
    ),
}


async def _on_database_trouble(request: Request, error: Exception) -> Response:
    """The database restarts, is full, or is out of connections: no bug of ours."""
    trouble = trouble_of(error)
    if trouble is None:
        return await _on_crash(request, error)
    answer = _DATABASE_TROUBLE[trouble]
    logger.warning("%s %s: the database %s: %s", request.method, request.url.path, trouble, first_line(error))
    return problem_response(
        request,
        status=answer.kind.status,
        slug=answer.kind.slug,
        title=answer.kind.title,
        detail=answer.detail,
        headers={"Retry-After": str(answer.retry_after_s)},
    )


def install(app: FastAPI) -> None:
    """Answer every error of `app` with a problem document."""
    app.add_exception_handler(ServiceError, _on_service_error)
    app.add_exception_handler(NotModified, _on_not_modified)
    app.add_exception_handler(RequestValidationError, _on_validation_error)
    app.add_exception_handler(HTTPException, _on_http_exception)
    for trouble in (OperationalError, InterfaceError, InternalError, PoolTimeout):
        app.add_exception_handler(trouble, _on_database_trouble)
    app.add_exception_handler(Exception, _on_crash)


_DESCRIPTIONS = {
    400: "The body is not JSON",
    401: "No token, or one that is not valid any more",
    403: "The role does not allow this",
    404: "There is no such thing",
    409: "The present state does not allow this",
    412: "It has changed since the revision that If-Match names",
    413: "The body is over 1 MiB",
    415: "The body's content type is not JSON",
    422: "Some values are not allowed; `errors` names them",
    500: "A bug; `request_id` finds it in the server's log",
    503: "Something that is needed does not answer",
}


_REFUSALS = {401: "Unauthenticated", 403: "Forbidden"}


def problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The `responses` of a route that can end in these problems (and in 500 and 503)."""
    return {status: {"model": Problem, "description": _DESCRIPTIONS[status]} for status in {*statuses, 500, 503}}


def with_rights(document: dict[str, Any], is_open: Callable[[str], bool]) -> dict[str, Any]:
    """Say in an OpenAPI document how one proves who one is, and that operations may refuse one."""
    document["components"]["securitySchemes"] = {
        "token": {"type": "http", "scheme": "bearer", "description": "An API token."},
    }
    schema = {"$ref": "#/components/schemas/Problem"}
    document["components"]["responses"] = {
        name: {"description": _DESCRIPTIONS[status], "content": {MEDIA_TYPE: {"schema": schema}}}
        for status, name in _REFUSALS.items()
    }
    for path in document["paths"].values():
        for operation in path.values():
            if is_open(operation["operationId"]):
                continue
            operation["security"] = [{"token": []}]
            for status, name in _REFUSALS.items():
                operation["responses"].setdefault(str(status), {"$ref": f"#/components/responses/{name}"})
            operation["responses"] = dict(sorted(operation["responses"].items()))
    return document


def as_problem_json(document: dict[str, Any]) -> dict[str, Any]:
    """Give the problems of an OpenAPI document their media type; FastAPI gives them that of the answer."""
    reference = {"$ref": "#/components/schemas/Problem"}
    for path in document["paths"].values():
        for operation in path.values():
            for response in operation["responses"].values():
                content = response.get("content", {})
                for media in [name for name, found in content.items() if found.get("schema") == reference]:
                    content[MEDIA_TYPE] = content.pop(media)
    return document
