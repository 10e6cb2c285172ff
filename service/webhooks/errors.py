"""What can be wrong about webhooks."""

from __future__ import annotations

from service.errors import Conflict, FieldError, Invalid, NotFound


class WebhookNotFound(NotFound):
    title = "There is no such webhook"

    def __init__(self, webhook_id: str) -> None:
        super().__init__(f"there is no webhook {webhook_id!r}")


class DeliveryNotFound(NotFound):
    title = "There is no such delivery"

    def __init__(self, webhook_id: str, delivery_id: str) -> None:
        super().__init__(f"the webhook {webhook_id} has no delivery {delivery_id!r}")


class WebhookDisabled(Conflict):
    title = "The webhook is disabled"


class BadUrl(Invalid):
    title = "The webhook cannot have this address"

    def __init__(self, message: str, url: str) -> None:
        wanted = "an http or https address of a public host, without a user name"
        super().__init__(message, errors=(FieldError(field="url", message=message, found=url[:200], wanted=wanted),))


class AddressRefused(Exception):
    """A host has an address to which no webhook may be sent; the message says which and why."""
