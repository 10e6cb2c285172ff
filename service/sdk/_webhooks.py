"""`client.webhooks`: where other programs are told what happens to jobs."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from service.jobs.lifecycle import JobState
from service.sdk._operation import M, Resource, operation
from service.sdk._session import path_of
from service.webhooks.schemas import CreatedWebhook, Delivery, DeliveryPage, Webhook, WebhookPage


class Webhooks(Resource[M]):
    """Make, list, change and remove webhooks, test them, and see what was sent."""

    @operation("createWebhook")
    async def create(
        self,
        url: str,
        *,
        project: str = "default",
        states: Iterable[JobState | str] = (),
        secret: str | None = None,
        enabled: bool = True,
    ) -> CreatedWebhook:
        """Have changes of a project's jobs sent to `url`; of all their states where none is named.

        The secret that signs the deliveries is in this answer and in no other.
        """
        body = {"url": url, "project": project, "states": _texts(states), "secret": secret, "enabled": enabled}
        return await self._session.ask(CreatedWebhook, "POST", path_of("webhooks"), body=body, once=True)

    @operation("listWebhooks")
    async def list(self, *, project: str | None = None, limit: int = 50, cursor: str | None = None) -> WebhookPage:
        """One page of the webhooks of projects that one administers."""
        query = {"project": project, "limit": limit, "cursor": cursor}
        return await self._session.ask(WebhookPage, "GET", path_of("webhooks"), query=query)

    @operation("getWebhook")
    async def get(self, webhook_id: str) -> Webhook:
        """One webhook, without its secret."""
        return await self._session.ask(Webhook, "GET", path_of("webhooks", webhook_id))

    @operation("changeWebhook")
    async def change(
        self,
        webhook_id: str,
        *,
        url: str | None = None,
        states: Iterable[JobState | str] | None = None,
        secret: str | None = None,
        enabled: bool | None = None,
    ) -> Webhook:
        """Change what is given. Enabling one that was disabled by itself gives it another chance."""
        new_states = None if states is None else _texts(states)
        changes: dict[str, Any] = {"url": url, "states": new_states, "secret": secret, "enabled": enabled}
        body = {name: value for name, value in changes.items() if value is not None}
        return await self._session.ask(Webhook, "PATCH", path_of("webhooks", webhook_id), body=body)

    @operation("deleteWebhook")
    async def delete(self, webhook_id: str) -> None:
        """Remove a webhook and its deliveries."""
        await self._session.tell("DELETE", path_of("webhooks", webhook_id))

    @operation("testWebhook")
    async def test(self, webhook_id: str) -> Delivery:
        """Send a message that says it is a test; `deliveries` tells a moment later how it went."""
        return await self._session.ask(Delivery, "POST", path_of("webhooks", webhook_id, "test"), once=True)

    @operation("listDeliveries")
    async def deliveries(
        self, webhook_id: str, *, state: str | None = None, limit: int = 50, cursor: str | None = None
    ) -> DeliveryPage:
        """What was sent and how each try went, newest first."""
        query = {"state": state, "limit": limit, "cursor": cursor}
        return await self._session.ask(DeliveryPage, "GET", path_of("webhooks", webhook_id, "deliveries"), query=query)

    @operation("redeliver")
    async def redeliver(self, webhook_id: str, delivery_id: str) -> Delivery:
        """Send a message again, under the same id."""
        path = path_of("webhooks", webhook_id, "deliveries", delivery_id, "redeliver")
        return await self._session.ask(Delivery, "POST", path)


def _texts(states: Iterable[JobState | str]) -> list[str]:
    return [str(state) for state in states]
