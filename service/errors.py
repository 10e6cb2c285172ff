"""The base of errors that a request can end in: each knows its status code and speaks to people."""

from __future__ import annotations

from typing import ClassVar

from pydantic import BaseModel, ConfigDict, Field, JsonValue


class FieldError(BaseModel):
    """One wrong field of a request."""

    model_config = ConfigDict(frozen=True)

    field: str = Field(description="Dotted path of the field.", examples=["training.student.fpn_channels"])
    message: str = Field(description="What is wrong, for people.", examples=["Input should be a multiple of 8"])
    found: JsonValue = Field(description="The value that was sent; null where there was none.", examples=[30])
    wanted: str | None = Field(
        description="What is allowed, in words.", examples=["a whole number from 16 to 512, a multiple of 8"]
    )


class ServiceError(Exception):
    """Base of all errors that have an answer for the person who asked."""

    status: ClassVar[int] = 500
    slug: ClassVar[str] = "internal"
    title: ClassVar[str] = "Something went wrong inside Stillhouse"

    def __init__(self, detail: str, *, errors: tuple[FieldError, ...] = ()) -> None:
        super().__init__(detail)
        self.detail = detail
        self.errors = errors


class Unauthenticated(ServiceError):
    status = 401
    slug = "unauthenticated"
    title = "Sign in first"


class Forbidden(ServiceError):
    status = 403
    slug = "forbidden"
    title = "Your role does not allow this"


class NotFound(ServiceError):
    status = 404
    slug = "not-found"
    title = "There is no such thing"


class Conflict(ServiceError):
    status = 409
    slug = "conflict"
    title = "The present state does not allow this"


class PreconditionFailed(ServiceError):
    status = 412
    slug = "precondition-failed"
    title = "It has changed since you read it"


class BadRequest(ServiceError):
    status = 400
    slug = "bad-request"
    title = "The request could not be read"


class TooLarge(ServiceError):
    status = 413
    slug = "too-large"
    title = "The request is too large"


class StorageFull(ServiceError):
    status = 503
    slug = "storage"
    title = "The storage does not take it"


class UnsupportedMedia(ServiceError):
    status = 415
    slug = "unsupported-media-type"
    title = "The body is not JSON"


class Invalid(ServiceError):
    status = 422
    slug = "invalid"
    title = "Some values are not allowed"


class Unavailable(ServiceError):
    status = 503
    slug = "unavailable"
    title = "Something that is needed does not answer"
