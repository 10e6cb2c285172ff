"""What can be done with webhooks: make, list, change, remove, test, send again."""

from __future__ import annotations

from urllib.parse import urlsplit

from service.access.principal import Principal, Role
from service.db.base import utc_now
from service.jobs.cursors import row_at, write_cursor
from service.webhooks.errors import AddressRefused, BadUrl, DeliveryNotFound, WebhookDisabled, WebhookNotFound
from service.webhooks.guard import Network, check_address, literal_address
from service.webhooks.messages import PERSISTENCE, new_delivery, new_id
from service.webhooks.models import WebhookRow
from service.webhooks.repository import WebhookRepository
from service.webhooks.schemas import (
    CreatedWebhook,
    Delivery,
    DeliveryPage,
    NewWebhook,
    Webhook,
    WebhookChanges,
    WebhookPage,
)
from service.webhooks.signing import new_secret


async def create(
    webhooks: WebhookRepository, wanted: NewWebhook, principal: Principal, allowed: tuple[Network, ...]
) -> CreatedWebhook:
    """Make a webhook.

    Raises:
        Forbidden: the principal does not administer its project.
        BadUrl: nothing may be sent to its address.
    """
    principal.check(Role.ADMIN, wanted.project)
    check_url(wanted.url, allowed)
    now = utc_now()
    row = WebhookRow(
        id=new_id("hook"),
        project=wanted.project,
        url=wanted.url,
        states=[state.value for state in wanted.states],
        secret=wanted.secret.get_secret_value() if wanted.secret else new_secret(),
        enabled=wanted.enabled,
        created_at=now,
        created_by=principal.name,
        updated_at=now,
    )
    webhooks.session.add(row)
    await webhooks.session.flush()
    return CreatedWebhook(**_view(row).model_dump(), secret=row.secret)


async def list_page(
    webhooks: WebhookRepository, principal: Principal, *, limit: int, cursor: str | None, project: str | None
) -> WebhookPage:
    """The webhooks of the projects that the principal administers: their addresses may be secrets themselves."""
    everywhere = principal.may(Role.ADMIN, "*")
    mine = None if everywhere else {name for name in principal.roles if principal.may(Role.ADMIN, name)}
    before = None if cursor is None else row_at(cursor)
    rows = await webhooks.page(limit=limit + 1, before=before, project=project, visible=mine)
    following = write_cursor(rows[limit - 1].seq) if len(rows) > limit else None
    return WebhookPage(items=[_view(row) for row in rows[:limit]], next_cursor=following)


async def find(webhooks: WebhookRepository, webhook_id: str) -> WebhookRow:
    """Raises WebhookNotFound."""
    row = await webhooks.get(webhook_id)
    if row is None:
        raise WebhookNotFound(webhook_id)
    return row


async def show(webhooks: WebhookRepository, webhook_id: str) -> Webhook:
    return _view(await find(webhooks, webhook_id))


async def change(
    webhooks: WebhookRepository, webhook_id: str, wanted: WebhookChanges, allowed: tuple[Network, ...]
) -> Webhook:
    """Change what is given. Enabling forgets why it was disabled. Raises WebhookNotFound or BadUrl."""
    row = await find(webhooks, webhook_id)
    if wanted.url is not None:
        check_url(wanted.url, allowed)
        row.url = wanted.url
    if wanted.states is not None:
        row.states = [state.value for state in wanted.states]
    if wanted.secret is not None:
        row.secret = wanted.secret.get_secret_value()
    if wanted.enabled is not None:
        row.enabled = wanted.enabled
        if wanted.enabled:
            row.disabled_reason = row.failing_since = None
        else:
            await webhooks.end_pending(row.id, utc_now())
    row.updated_at = utc_now()
    return _view(row)


async def remove(webhooks: WebhookRepository, webhook_id: str) -> None:
    await find(webhooks, webhook_id)
    await webhooks.remove(webhook_id)


async def send_test(webhooks: WebhookRepository, webhook_id: str, principal: Principal) -> Delivery:
    """Queue a message that says it is a test. Raises WebhookNotFound or WebhookDisabled."""
    row = await _enabled(webhooks, webhook_id)
    data: dict[str, object] = {"webhook_id": row.id, "project": row.project, "asked_by": principal.name}
    delivery = new_delivery(row.id, "webhook.test", data, at=utc_now(), event_id=None)
    webhooks.session.add(delivery)
    await webhooks.session.flush()
    return Delivery.model_validate(delivery)


async def delivery_page(
    webhooks: WebhookRepository, webhook_id: str, *, limit: int, cursor: str | None, state: str | None
) -> DeliveryPage:
    await find(webhooks, webhook_id)
    before = None if cursor is None else row_at(cursor)
    rows = await webhooks.deliveries(webhook_id, limit=limit + 1, before=before, state=state)
    following = write_cursor(rows[limit - 1].seq) if len(rows) > limit else None
    return DeliveryPage(items=[Delivery.model_validate(row) for row in rows[:limit]], next_cursor=following)


async def redeliver(webhooks: WebhookRepository, webhook_id: str, delivery_id: str) -> Delivery:
    """Send a message again under the same id, for up to a day from now.

    Raises WebhookNotFound, DeliveryNotFound or WebhookDisabled.
    """
    await _enabled(webhooks, webhook_id)
    row = await webhooks.delivery(webhook_id, delivery_id)
    if row is None:
        raise DeliveryNotFound(webhook_id, delivery_id)
    now = utc_now()
    row.state, row.next_try_at, row.give_up_at, row.ended_at = "pending", now, now + PERSISTENCE, None
    return Delivery.model_validate(row)


def check_url(url: str, allowed: tuple[Network, ...]) -> None:
    """Raises BadUrl where nothing may ever be sent to `url`. Names are looked up when something is sent."""
    try:
        parts = urlsplit(url)
        host, _port = parts.hostname, parts.port
    except ValueError as error:
        raise BadUrl(f"this is no address: {error}", url) from error
    if parts.scheme not in ("http", "https") or not host:
        raise BadUrl("an address begins with https:// or http:// and names a host", url)
    if parts.username is not None or parts.password is not None:
        raise BadUrl("an address names no user; the signature proves who sends", url.replace(parts.netloc, "..."))
    address = literal_address(host)
    if address is not None:
        try:
            check_address(address, allowed)
        except AddressRefused as error:
            raise BadUrl(str(error), url) from error


async def _enabled(webhooks: WebhookRepository, webhook_id: str) -> WebhookRow:
    row = await find(webhooks, webhook_id)
    if not row.enabled:
        raise WebhookDisabled(f"{webhook_id} is disabled; enable it first")
    return row


def _view(row: WebhookRow) -> Webhook:
    return Webhook.model_validate(row)
