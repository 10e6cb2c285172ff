"""Webhooks: signed, retried, never behind our own walls, and exactly what the events say."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import threading
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from typing import Any

import httpx
import pytest
from sqlalchemy import delete, select, update
from starlette.testclient import TestClient

from service.db import Database
from service.db.base import utc_now
from service.jobs.models import EventRow
from service.settings import Settings, read_networks
from service.webhooks.dispatcher import FIRST_PAUSE_S, LONGEST_PAUSE_S, Dispatcher, pause_s
from service.webhooks.errors import AddressRefused
from service.webhooks.fan_out import hand_on
from service.webhooks.guard import GuardedTransport, check_address
from service.webhooks.models import DeliveryRow, EventCursorRow, WebhookRow
from tests.unit.service.factories import job_spec
from tests.unit.service.test_tokens import headers_of

LOOPBACK = read_networks("127.0.0.0/8")


@dataclass
class Receiver:
    """A real HTTP server that keeps what it gets and answers `status`."""

    status: int = 204
    got: list[tuple[dict[str, str], str]] = field(default_factory=list)
    url: str = ""

    def verify(self, secret: str, number: int = -1) -> dict[str, Any]:
        """Check a signature as Standard Webhooks says, and return the message."""
        headers, body = self.got[number]
        key = base64.b64decode(secret.removeprefix("whsec_"))
        signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.{body}".encode()
        expected = "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
        assert hmac.compare_digest(expected, headers["webhook-signature"])
        message: dict[str, Any] = json.loads(body)
        return message


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    found = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            found.got.append(({name.lower(): value for name, value in self.headers.items()}, body))
            self.send_response(found.status)
            if found.status == 302:
                self.send_header("Location", "/elsewhere")
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Stay silent."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    found.url = f"http://127.0.0.1:{server.server_port}/hook"
    yield found
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return settings.model_copy(update={"webhooks_allow_private": "127.0.0.0/8"})


@pytest.fixture
async def dispatcher(database: Database) -> AsyncIterator[Dispatcher]:
    found = Dispatcher(database, GuardedTransport(LOOPBACK))
    yield found
    await found.close()


async def work(dispatcher: Dispatcher) -> None:
    await dispatcher.run_once()
    await dispatcher.idle()


def hook(http: TestClient, url: str, **fields: Any) -> dict[str, Any]:
    response = http.post("/api/v1/webhooks", json={"url": url, **fields})
    assert response.status_code == 201, response.text
    found: dict[str, Any] = response.json()
    return found


def deliveries(http: TestClient, webhook_id: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = http.get(f"/api/v1/webhooks/{webhook_id}/deliveries").json()["items"]
    return found


async def make_due(database: Database) -> None:
    async with database.writing() as session:
        past = utc_now() - timedelta(seconds=1)
        await session.execute(update(DeliveryRow).where(DeliveryRow.state == "pending").values(next_try_at=past))


async def test_a_change_of_a_job_arrives_signed_and_once(
    http: TestClient, receiver: Receiver, dispatcher: Dispatcher
) -> None:
    made = hook(http, receiver.url)
    job_id = http.post("/api/v1/jobs", json=job_spec()).json()["id"]
    http.post("/api/v1/jobs", json=job_spec(project="elsewhere"))
    await work(dispatcher)
    await work(dispatcher)
    assert len(receiver.got) == 1
    message = receiver.verify(made["secret"])
    assert message["type"] == "job.queued"
    assert message["data"]["job_id"] == job_id
    assert message["data"]["to_state"] == "queued"
    [delivery] = deliveries(http, made["id"])
    assert delivery["state"] == "delivered"
    assert [one["status"] for one in delivery["tries"]] == [204]
    assert delivery["id"] == receiver.got[0][0]["webhook-id"]


async def test_only_the_states_that_are_wanted_are_told(
    http: TestClient, receiver: Receiver, dispatcher: Dispatcher
) -> None:
    hook(http, receiver.url, states=["cancelled"], project="*")
    job_id = http.post("/api/v1/jobs", json=job_spec(project="any")).json()["id"]
    http.post(f"/api/v1/jobs/{job_id}/cancel")
    await work(dispatcher)
    assert [json.loads(body)["type"] for _, body in receiver.got] == ["job.cancelled"]


async def test_what_fails_is_tried_again_under_the_same_id_until_it_gets_through(
    http: TestClient, receiver: Receiver, dispatcher: Dispatcher, database: Database
) -> None:
    made = hook(http, receiver.url)
    http.post("/api/v1/jobs", json=job_spec())
    receiver.status = 500
    await work(dispatcher)
    await work(dispatcher)
    assert len(receiver.got) == 1, "the next try waits"
    [delivery] = deliveries(http, made["id"])
    assert delivery["state"] == "pending"
    assert delivery["next_try_at"] is not None
    assert "answered 500" in delivery["tries"][0]["error"]
    receiver.status = 200
    await make_due(database)
    await work(dispatcher)
    assert receiver.got[0][0]["webhook-id"] == receiver.got[1][0]["webhook-id"]
    assert deliveries(http, made["id"])[0]["state"] == "delivered"
    assert http.get(f"/api/v1/webhooks/{made['id']}").json()["failing_since"] is None


async def test_a_webhook_that_fails_for_a_day_is_disabled_with_its_reason(
    http: TestClient, receiver: Receiver, dispatcher: Dispatcher, database: Database
) -> None:
    made = hook(http, receiver.url)
    http.post("/api/v1/jobs", json=job_spec())
    receiver.status = 503
    await work(dispatcher)
    day_ago = utc_now() - timedelta(days=1)
    async with database.writing() as session:
        await session.execute(update(DeliveryRow).values(give_up_at=utc_now(), next_try_at=day_ago))
        await session.execute(update(WebhookRow).values(failing_since=day_ago))
    await work(dispatcher)
    found = http.get(f"/api/v1/webhooks/{made['id']}").json()
    assert (found["enabled"], "answered 503" in found["disabled_reason"]) == (False, True)
    assert deliveries(http, made["id"])[0]["state"] == "failed"
    assert http.post(f"/api/v1/webhooks/{made['id']}/test").status_code == 409
    again = http.patch(f"/api/v1/webhooks/{made['id']}", json={"enabled": True}).json()
    assert (again["enabled"], again["disabled_reason"], again["failing_since"]) == (True, None, None)
    receiver.status = 200
    sent = deliveries(http, made["id"])[0]
    assert http.post(f"/api/v1/webhooks/{made['id']}/deliveries/{sent['id']}/redeliver").status_code == 202
    await work(dispatcher)
    assert deliveries(http, made["id"])[0]["state"] == "delivered"


async def test_a_receiver_that_is_gone_for_good_and_one_that_redirects(
    http: TestClient, receiver: Receiver, dispatcher: Dispatcher
) -> None:
    made = hook(http, receiver.url)
    receiver.status = 302
    http.post(f"/api/v1/webhooks/{made['id']}/test")
    await work(dispatcher)
    assert len(receiver.got) == 1
    assert "redirects are not followed" in deliveries(http, made["id"])[0]["tries"][0]["error"]
    receiver.status = 410
    http.post(f"/api/v1/webhooks/{made['id']}/test")
    await work(dispatcher)
    found = http.get(f"/api/v1/webhooks/{made['id']}").json()
    assert found["enabled"] is False
    assert "410" in found["disabled_reason"]


async def test_a_test_is_told_apart_and_needs_no_job(
    http: TestClient, receiver: Receiver, dispatcher: Dispatcher
) -> None:
    made = hook(http, receiver.url)
    asked = http.post(f"/api/v1/webhooks/{made['id']}/test")
    assert asked.status_code == 202
    await work(dispatcher)
    assert receiver.verify(made["secret"])["type"] == "webhook.test"


async def test_a_slow_commit_is_not_jumped_over_and_nothing_is_told_twice(
    http: TestClient, receiver: Receiver, database: Database
) -> None:
    """On PostgreSQL an event with a smaller id may become visible after one with a larger id."""
    made = hook(http, receiver.url)
    job_id = http.post("/api/v1/jobs", json=job_spec()).json()["id"]
    http.post(f"/api/v1/jobs/{job_id}/cancel")
    async with database.writing() as session:
        late = (await session.scalars(select(EventRow).order_by(EventRow.id).limit(1))).one()
        kept = {column.name: getattr(late, column.name) for column in EventRow.__table__.columns}
        await session.execute(delete(EventRow).where(EventRow.id == late.id))
        await session.execute(update(EventCursorRow).values(position=late.id - 1))
    async with database.writing() as session:
        assert await hand_on(session) == 1
    async with database.writing() as session:
        session.add(EventRow(**kept))
    for expected in (1, 0):
        async with database.writing() as session:
            assert await hand_on(session) == expected
    assert {one["kind"] for one in deliveries(http, made["id"])} == {"job.queued", "job.cancelled"}


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "224.0.0.1",
        "168.63.129.16", "::1", "::", "fe80::1", "fd00:ec2::254", "::ffff:127.0.0.1", "64:ff9b::a9fe:a9fe",
        "2002:7f00:1::", "ff02::1",
    ],
)  # fmt: skip
def test_no_address_inside_is_reached(http: TestClient, address: str) -> None:
    with pytest.raises(AddressRefused):
        check_address(ip_address(address), ())
    host = f"[{address}]" if ":" in address else address
    if not address.startswith(("127.", "::ffff:127.")):  # what this test's settings allow
        response = http.post("/api/v1/webhooks", json={"url": f"http://{host}/"})
        assert response.status_code == 422
        assert response.json()["errors"][0]["field"] == "url"


@pytest.mark.parametrize("address", ["93.184.216.34", "2606:2800:220:1:248:1893:25c8:1946"])
def test_addresses_of_the_internet_are_fine(address: str) -> None:
    check_address(ip_address(address), ())


async def test_a_name_is_looked_up_once_and_every_address_of_it_is_checked(receiver: Receiver) -> None:
    asked: list[str] = []

    def names(*addresses: str) -> Any:
        async def resolve(host: str, port: int) -> list[str]:
            asked.append(host)
            return list(addresses)

        return resolve

    port = httpx.URL(receiver.url).port
    for addresses in (("93.184.216.34", "127.0.0.1"), ("::ffff:10.0.0.1",)):
        async with httpx.AsyncClient(transport=GuardedTransport((), resolver=names(*addresses))) as client:
            with pytest.raises(AddressRefused):
                await client.post(f"http://rebinding.example:{port}/hook", content="{}")
    assert receiver.got == []
    asked.clear()
    async with httpx.AsyncClient(transport=GuardedTransport(LOOPBACK, resolver=names("127.0.0.1"))) as client:
        await client.post(f"http://allowed.example:{port}/hook", content="{}")
    assert asked == ["allowed.example"]
    assert receiver.got[0][0]["host"] == f"allowed.example:{port}"


@pytest.mark.parametrize(
    "fields",
    [
        {"url": "ftp://example.com/"},
        {"url": "https://user:hush@example.com/"},
        {"url": "https://"},
        {"url": "http://[::1"},
        {"url": "http://example.com:99999/"},
        {"url": "https://example.com/", "secret": "hush"},
        {"url": "https://example.com/", "secret": "whsec_aHVzaA=="},
        {"url": "https://example.com/", "states": ["happy"]},
    ],
)
def test_a_webhook_that_makes_no_sense_is_refused_without_repeating_secrets(
    http: TestClient, fields: dict[str, Any]
) -> None:
    response = http.post("/api/v1/webhooks", json=fields)
    assert response.status_code == 422
    assert "hush" not in response.text
    assert "aHVzaA" not in response.text


def test_secrets_are_shown_once_and_webhooks_to_admins_of_their_project_alone(http: TestClient) -> None:
    secret = "whsec_" + base64.b64encode(b"k" * 32).decode()
    made = hook(http, "https://example.com/a", project="cars", secret=secret)
    assert made["secret"] == secret
    admin, other = headers_of(http, "ada", cars="admin"), headers_of(http, "bob", boats="admin")
    shown = http.get("/api/v1/webhooks", headers=admin)
    assert [one["id"] for one in shown.json()["items"]] == [made["id"]]
    assert secret not in shown.text + http.get(f"/api/v1/webhooks/{made['id']}", headers=admin).text
    assert http.get("/api/v1/webhooks", headers=other).json()["items"] == []
    assert http.delete(f"/api/v1/webhooks/{made['id']}", headers=other).status_code == 404
    assert http.delete(f"/api/v1/webhooks/{made['id']}", headers=admin).status_code == 204
    assert http.get(f"/api/v1/webhooks/{made['id']}", headers=admin).status_code == 404


def test_pauses_grow_to_three_hours_and_differ() -> None:
    assert pause_s(1, luck=lambda: 0.5) == FIRST_PAUSE_S
    assert pause_s(4, luck=lambda: 0.5) == 8 * FIRST_PAUSE_S
    assert pause_s(50, luck=lambda: 0.5) == LONGEST_PAUSE_S
    assert len({pause_s(3) for _ in range(5)}) > 1
