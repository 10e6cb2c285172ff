"""What the API says about the audit log."""

from __future__ import annotations

from datetime import datetime

from pydantic import Field

from service.jobs.schemas import Reply


class AuditEntry(Reply):
    """One request that changed something, or wanted to."""

    id: int
    at: datetime
    principal: str | None = Field(description="Who asked; null where nobody was recognised.", examples=["ada"])
    token_id: str | None = Field(description="The token by which they were recognised, also of a browser session.")
    operation: str | None = Field(description="null where the request found no operation.", examples=["cancelJob"])
    method: str = Field(examples=["POST"])
    target: str = Field(
        description="Path of the request, or of what it made; no query.", examples=["/api/v1/jobs/job-k3v9x2m7qa"]
    )
    status: int = Field(description="What it was answered.", examples=[200])
    request_id: str = Field(examples=["req-4f9c2a7b1d"])
    client: str | None = Field(description="Address from which it came.", examples=["127.0.0.1"])


class AuditPage(Reply):
    """Entries of the audit log, newest first."""

    items: list[AuditEntry]
    next_cursor: str | None = Field(description="Send it as `cursor` for the next page; null at the end.")
