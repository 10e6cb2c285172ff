"""Sending: what is due goes out, a few at a time for each webhook, and what failed waits for its next try.

Runs in the reconciler's process while that is the active one, beside its loop: a receiver that is slow slows nobody
else. A message may arrive twice when a process dies between sending and noting it; its id is the same both times.
"""

from __future__ import annotations

import asyncio
import logging
import random
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import httpx

from service.db import Database
from service.db.base import utc_now
from service.webhooks.errors import AddressRefused
from service.webhooks.fan_out import hand_on, has_news
from service.webhooks.models import DeliveryRow, WebhookRow
from service.webhooks.repository import WebhookRepository
from service.webhooks.signing import headers

logger = logging.getLogger(__name__)
TIMEOUT_S = 10.0
FIRST_PAUSE_S, LONGEST_PAUSE_S = 5.0, 3 * 3600.0
PER_WEBHOOK, AT_ONCE = 4, 32
# Nothing got through for so long: the receiver is not coming back by itself.
PATIENCE = timedelta(days=1)
KEPT = timedelta(days=30)
_TIDY_EVERY_S = 3600.0
_TRIES_KEPT = 20


@dataclass(frozen=True)
class Outcome:
    """How one try went."""

    at: datetime
    seconds: float
    status: int | None
    error: str | None

    def as_document(self) -> dict[str, object]:
        seconds = round(self.seconds, 3)
        return {"at": self.at.isoformat(), "seconds": seconds, "status": self.status, "error": self.error}


def pause_s(num_tries: int, *, luck: Callable[[], float] = random.random) -> float:
    """Twice as long after each try, up to three hours, and a fifth more or less so that not all come back at once."""
    plain = min(LONGEST_PAUSE_S, FIRST_PAUSE_S * 2.0 ** min(num_tries - 1, 30))
    return plain * (0.8 + 0.4 * luck())


class Dispatcher:
    """`transport` is the guarded way out; tests give their own."""

    def __init__(self, database: Database, transport: httpx.AsyncBaseTransport) -> None:
        self.database = database
        self._http = httpx.AsyncClient(transport=transport, timeout=TIMEOUT_S, trust_env=False, follow_redirects=False)
        self._running: dict[str, asyncio.Task[None]] = {}
        self._tidied = -_TIDY_EVERY_S

    async def run_once(self, may_act: Callable[[], bool] = lambda: True) -> None:
        """Make messages of new events, and begin to send what is due. `may_act` turns False when the lease is lost."""
        async with self.database.reading() as session:
            is_new = await has_news(session)
        if is_new or time.monotonic() - self._tidied > _TIDY_EVERY_S:
            async with self.database.writing() as session:
                await hand_on(session)
                await self._tidy(WebhookRepository(session))
        if not may_act():
            return
        async with self.database.reading() as session:
            due = await WebhookRepository(session).due(utc_now(), per_webhook=PER_WEBHOOK)
        busy: dict[str, int] = {}
        for name in self._running:
            webhook_id = name.partition(" ")[0]
            busy[webhook_id] = busy.get(webhook_id, 0) + 1
        for delivery, webhook in due:
            name = f"{webhook.id} {delivery.id}"
            if name in self._running or len(self._running) >= AT_ONCE or busy.get(webhook.id, 0) >= PER_WEBHOOK:
                continue
            busy[webhook.id] = busy.get(webhook.id, 0) + 1
            task = asyncio.create_task(self._deliver(delivery, webhook), name=name)
            self._running[name] = task
            task.add_done_callback(self._done)

    async def idle(self) -> None:
        """Wait until nothing is being sent."""
        while self._running:
            await asyncio.gather(*self._running.values(), return_exceptions=True)
            await asyncio.sleep(0)

    async def close(self) -> None:
        for task in self._running.values():
            task.cancel()
        await self.idle()
        await self._http.aclose()

    def _done(self, task: asyncio.Task[None]) -> None:
        del self._running[task.get_name()]
        if not task.cancelled() and task.exception() is not None:
            logger.error("a delivery could not be noted: %s", task.get_name(), exc_info=task.exception())

    async def _tidy(self, webhooks: WebhookRepository) -> None:
        if time.monotonic() - self._tidied > _TIDY_EVERY_S:
            self._tidied = time.monotonic()
            await webhooks.forget(utc_now() - KEPT)

    async def _deliver(self, delivery: DeliveryRow, webhook: WebhookRow) -> None:
        outcome = await self._send(delivery, webhook)
        async with self.database.writing() as session:
            webhooks = WebhookRepository(session)
            row, owner = await webhooks.delivery(webhook.id, delivery.id), await webhooks.get(webhook.id)
            if row is None or owner is None:
                return  # removed while it was being sent
            await note(webhooks, row, owner, outcome)

    async def _send(self, delivery: DeliveryRow, webhook: WebhookRow) -> Outcome:
        at, started = utc_now(), time.monotonic()
        signed = headers(webhook.secret, message_id=delivery.id, timestamp=int(at.timestamp()), body=delivery.body)
        status: int | None = None
        try:
            async with (
                asyncio.timeout(TIMEOUT_S),
                self._http.stream("POST", webhook.url, content=delivery.body.encode(), headers=signed) as response,
            ):
                status = response.status_code
                error = _complaint(status)
        except (httpx.HTTPError, httpx.InvalidURL, AddressRefused, TimeoutError) as caught:
            error = _in_words(caught)
        return Outcome(at, time.monotonic() - started, status, error)


async def note(webhooks: WebhookRepository, delivery: DeliveryRow, webhook: WebhookRow, outcome: Outcome) -> None:
    """Write how a try went, when the next one comes, and what that says about the webhook."""
    delivery.num_tries += 1
    delivery.tries = [*delivery.tries, outcome.as_document()][-_TRIES_KEPT:]
    now = utc_now()
    if outcome.error is None:
        delivery.state, delivery.next_try_at, delivery.ended_at = "delivered", None, now
        webhook.failing_since = None
        return
    webhook.failing_since = webhook.failing_since or outcome.at
    if delivery.state == "pending":
        following = now + timedelta(seconds=pause_s(delivery.num_tries))
        if following < delivery.give_up_at:
            delivery.next_try_at = following
        else:
            delivery.state, delivery.next_try_at, delivery.ended_at = "failed", None, now
    reason = _reason_to_disable(webhook, delivery, outcome)
    if reason is not None and webhook.enabled:
        webhook.enabled, webhook.disabled_reason, webhook.updated_at = False, reason, now
        await webhooks.session.flush()
        await webhooks.end_pending(webhook.id, now)
        logger.warning("the webhook %s was disabled: %s", webhook.id, reason)


def _reason_to_disable(webhook: WebhookRow, delivery: DeliveryRow, outcome: Outcome) -> str | None:
    if outcome.status == httpx.codes.GONE:
        return "the receiver answered 410: it is gone for good"
    assert webhook.failing_since is not None
    if delivery.state == "failed" and outcome.at - webhook.failing_since >= PATIENCE - timedelta(hours=4):
        return f"nothing got through since {webhook.failing_since:%Y-%m-%d %H:%M} UTC; last: {outcome.error}"
    return None


def _complaint(status: int) -> str | None:
    """What is wrong with a receiver's answer; None where nothing is."""
    if 200 <= status < 300:
        return None
    if 300 <= status < 400:
        return f"it answered {status}; redirects are not followed, so give the address that they lead to"
    return f"it answered {status}, wanted: any status from 200 to 299"


def _in_words(error: Exception) -> str:
    if isinstance(error, TimeoutError | httpx.TimeoutException):
        return f"no answer within {TIMEOUT_S:.0f} s"
    return f"it could not be reached: {error or type(error).__name__}"[:500]
