"""HTTP routes of webhooks."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Path, Query, Response

from service.access.principal import PrincipalDep
from service.context import ContextDep, SessionDep
from service.http.problems import problems
from service.http.strict import strict
from service.webhooks import logic
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

router = APIRouter(prefix="/webhooks", tags=["webhooks"])


def get_webhooks(session: SessionDep) -> WebhookRepository:
    return WebhookRepository(session)


WebhooksDep = Annotated[WebhookRepository, Depends(get_webhooks)]
WebhookIdPath = Annotated[str, Path(max_length=64, description="Id of a webhook.", examples=["hook-k3v9x2m7qa"])]
DeliveryIdPath = Annotated[
    str, Path(pattern=r"^msg-[a-z2-7]{16}$", description="Id of a delivery.", examples=["msg-k3v9x2m7qak3v9x2"])
]
Limit = Annotated[int, Query(ge=1, le=200, description="Items per page.")]
Cursor = Annotated[str | None, Query(max_length=100, description="`next_cursor` of the page before.")]


@router.post("", operation_id="createWebhook", status_code=201, responses=problems(400, 413, 415, 422))
async def create_webhook(
    wanted: Annotated[NewWebhook, strict(NewWebhook)],
    webhooks: WebhooksDep,
    principal: PrincipalDep,
    context: ContextDep,
    response: Response,
) -> CreatedWebhook:
    """Have events of a project's jobs sent to an address. The secret that signs them is shown this once."""
    made = await logic.create(webhooks, wanted, principal, context.settings.webhook_networks)
    response.headers["Location"] = f"/api/v1/webhooks/{made.id}"
    response.headers["Cache-Control"] = "no-store"
    return made


@router.get("", operation_id="listWebhooks", responses=problems(422))
async def list_webhooks(
    webhooks: WebhooksDep,
    principal: PrincipalDep,
    project: Annotated[str | None, Query(max_length=100, pattern=r"^[^\x00-\x1f\x7f]*$")] = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> WebhookPage:
    """Webhooks of the projects that one administers, newest first."""
    return await logic.list_page(webhooks, principal, limit=limit, cursor=cursor, project=project)


@router.get("/{webhook_id}", operation_id="getWebhook", responses=problems(404, 422))
async def get_webhook(webhook_id: WebhookIdPath, webhooks: WebhooksDep) -> Webhook:
    """One webhook, without its secret."""
    return await logic.show(webhooks, webhook_id)


@router.patch("/{webhook_id}", operation_id="changeWebhook", responses=problems(400, 404, 413, 415, 422))
async def change_webhook(
    webhook_id: WebhookIdPath,
    wanted: Annotated[WebhookChanges, strict(WebhookChanges)],
    webhooks: WebhooksDep,
    context: ContextDep,
) -> Webhook:
    """Change what is given. Enabling one that was disabled by itself gives it another chance."""
    return await logic.change(webhooks, webhook_id, wanted, context.settings.webhook_networks)


@router.delete("/{webhook_id}", operation_id="deleteWebhook", status_code=204, responses=problems(404, 422))
async def delete_webhook(webhook_id: WebhookIdPath, webhooks: WebhooksDep) -> None:
    """Remove a webhook and its deliveries; what waits to be sent is not sent."""
    await logic.remove(webhooks, webhook_id)


@router.post("/{webhook_id}/test", operation_id="testWebhook", status_code=202, responses=problems(404, 409, 422))
async def test_webhook(webhook_id: WebhookIdPath, webhooks: WebhooksDep, principal: PrincipalDep) -> Delivery:
    """Send a message of the type `webhook.test`; how it went is in the deliveries a moment later."""
    return await logic.send_test(webhooks, webhook_id, principal)


@router.get("/{webhook_id}/deliveries", operation_id="listDeliveries", responses=problems(404, 422))
async def list_deliveries(
    webhook_id: WebhookIdPath,
    webhooks: WebhooksDep,
    state: Annotated[Literal["pending", "delivered", "failed"] | None, Query()] = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> DeliveryPage:
    """What was sent to a webhook in the last thirty days and how each try went, newest first."""
    return await logic.delivery_page(webhooks, webhook_id, limit=limit, cursor=cursor, state=state)


@router.post(
    "/{webhook_id}/deliveries/{delivery_id}/redeliver",
    operation_id="redeliver",
    status_code=202,
    responses=problems(404, 409, 422),
)
async def redeliver(webhook_id: WebhookIdPath, delivery_id: DeliveryIdPath, webhooks: WebhooksDep) -> Delivery:
    """Send a message again, under the same id."""
    return await logic.redeliver(webhooks, webhook_id, delivery_id)
