"""The form in which the API says that something went wrong (RFC 9457); shared by server and client."""

from __future__ import annotations

from pydantic import BaseModel, Field

from service.errors import FieldError


class Problem(BaseModel):
    """What went wrong, by RFC 9457."""

    type: str = Field(description="Kind of problem, stable.", examples=["urn:stillhouse:problem:invalid"])
    title: str = Field(description="The kind in words.", examples=["Some values are not allowed"])
    status: int = Field(description="HTTP status code.", examples=[422])
    detail: str = Field(description="What happened this time.", examples=["1 field is not allowed"])
    instance: str = Field(description="Path of the request.", examples=["/api/v1/jobs"])
    request_id: str = Field(description="The same id is in the server's log.", examples=["req-4f9c2a7b1d"])
    errors: list[FieldError] = Field(description="The wrong fields, if the request was at fault.")
