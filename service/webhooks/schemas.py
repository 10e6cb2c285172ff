"""What the API says about webhooks and their deliveries."""

from __future__ import annotations

import base64
import binascii
from datetime import datetime
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, SecretStr

from service.access.schemas import Name
from service.jobs.lifecycle import JobState
from service.jobs.schemas import Reply

SECRET_MARK = "whsec_"  # what Standard Webhooks lets secrets begin with
Url = Annotated[
    str,
    Field(min_length=8, max_length=2000, pattern=r"^[\x21-\x7e]+$", examples=["https://example.com/hooks/stillhouse"]),
]


def _is_secret(secret: SecretStr) -> SecretStr:
    text = secret.get_secret_value()
    try:
        key = base64.b64decode(text.removeprefix(SECRET_MARK), validate=True)
    except (binascii.Error, ValueError) as error:
        raise ValueError(f"after {SECRET_MARK} comes base64") from error
    if not text.startswith(SECRET_MARK) or not 24 <= len(key) <= 64:
        raise ValueError(f"a secret is {SECRET_MARK} and 24 to 64 bytes in base64")
    return secret


Secret = Annotated[
    SecretStr,
    Field(
        max_length=200,
        description="Signs the deliveries: `whsec_` and 24 to 64 bytes in base64.",
        examples=["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"],
    ),
    AfterValidator(_is_secret),
]
States = Annotated[
    list[JobState],
    Field(max_length=20, description="New states of jobs that are told; an empty list stands for all of them."),
]


class Request(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class NewWebhook(Request):
    """A webhook to be made."""

    url: Url
    project: Name = Field(default="default", description="Whose jobs are told of; `*`: those of every project.")
    states: States = []
    secret: Secret | None = Field(default=None, description="null: one is made, and shown once.")
    enabled: bool = True


class WebhookChanges(Request):
    """What to change of a webhook; what is left out stays."""

    url: Url | None = None
    states: States | None = None
    secret: Secret | None = None
    enabled: bool | None = None


class Webhook(Reply):
    """Where events of a project's jobs are sent. Its secret is not shown."""

    id: str = Field(examples=["hook-k3v9x2m7qa"])
    project: str
    url: str
    states: list[JobState]
    enabled: bool
    disabled_reason: str | None = Field(
        description="Why it was disabled by itself.", examples=["nothing got through for a day: it answered 500"]
    )
    failing_since: datetime | None = Field(description="First failure since something last got through.")
    created_at: datetime
    created_by: str
    updated_at: datetime


class CreatedWebhook(Webhook):
    """A new webhook with its secret, which is shown this once."""

    secret: str = Field(examples=["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"])


class WebhookPage(Reply):
    """Webhooks, newest first."""

    items: list[Webhook]
    next_cursor: str | None = Field(description="Send it as `cursor` for the next page; null at the end.")


class Try(Reply):
    """One try to deliver."""

    at: datetime
    seconds: float = Field(description="How long it took.")
    status: int | None = Field(description="What the receiver answered; null where it did not.", examples=[500])
    error: str | None = Field(description="What went wrong, in words; null where nothing did.")


class Delivery(Reply):
    """One message to a webhook."""

    id: str = Field(description="The header `webhook-id`; the same in every try.", examples=["msg-k3v9x2m7qak3v9x2"])
    webhook_id: str
    event_id: int | None = Field(description="Id of the job's event; null for a test.")
    kind: str = Field(description="The `type` in the body.", examples=["job.succeeded"])
    state: Literal["pending", "delivered", "failed"]
    num_tries: int
    tries: list[Try] = Field(description="The newest twenty, oldest first.")
    created_at: datetime
    next_try_at: datetime | None
    give_up_at: datetime = Field(description="After that it is not tried again.")
    ended_at: datetime | None
    body: str = Field(description="The JSON that is sent.")


class DeliveryPage(Reply):
    """Deliveries of a webhook, newest first."""

    items: list[Delivery]
    next_cursor: str | None = Field(description="Send it as `cursor` for the next page; null at the end.")
