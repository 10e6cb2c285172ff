"""No secret is written down or sent back: not in logs, problems, events or the audit log, nor in the database."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import httpx
import pytest
from fastapi import FastAPI, Request
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from starlette.testclient import TestClient

from service.clients.mlflow import MlflowClient
from service.clients.mlflow_registry import MlflowRegistry
from service.clients.ray import RayClient
from service.db import Database
from service.db.base import Base, utc_now
from service.observability.logs import JsonFormatter, TextFormatter
from service.observability.redact import without_secrets
from service.reconciler.checks import Checks
from service.reconciler.loop import Reconciler
from service.reconciler.registry import Registry
from service.settings import Settings
from service.webhooks.dispatcher import Dispatcher
from service.webhooks.fan_out import hand_on
from service.webhooks.models import WebhookRow
from tests.unit.service.factories import SPLITS, bearer, job_spec
from tests.unit.service.fake_mlflow import FakeMlflow
from tests.unit.service.fake_ray import FakeRay

MLFLOW_PASSWORD, RAY_PASSWORD = "mlflow-password-4711", "ray-password-0815"
WEBHOOK_SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
CRASH_WORDS = "the owner's token is"


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """Settings whose addresses of MLflow and Ray hold passwords."""
    return settings.model_copy(
        update={
            "mlflow_url": f"http://tracking:{MLFLOW_PASSWORD}@127.0.0.1:9",
            "ray_url": f"http://cluster:{RAY_PASSWORD}@127.0.0.1:9",
        }
    )


@dataclass
class Formatted(logging.Handler):
    """Every record as both formats write it."""

    lines: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()
        self.formats = (JsonFormatter(), TextFormatter())

    def emit(self, record: logging.LogRecord) -> None:
        self.lines += [each.format(record) for each in self.formats]

    __hash__ = object.__hash__


@pytest.fixture
def logged() -> Iterator[Formatted]:
    handler, root = Formatted(), logging.getLogger()
    before = root.level
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    yield handler
    root.removeHandler(handler)
    root.setLevel(before)


@pytest.fixture
def crash(app: FastAPI) -> Iterator[None]:
    """An operation with a bug whose words hold the token that was sent."""

    @app.get("/api/v1/crash", operation_id="getHealth")
    def fail(request: Request) -> None:
        raise RuntimeError(f"{CRASH_WORDS} {request.headers['authorization']}")

    app.router.routes.insert(0, app.router.routes.pop())
    yield
    app.router.routes.pop(0)


@dataclass
class Conversation:
    """What was sent, and all that came back as a problem."""

    http: TestClient
    problems: list[str] = field(default_factory=list)

    def ask(self, method: str, path: str, *, status: int, **how: Any) -> httpx.Response:
        response = self.http.request(method, path, **how)
        assert response.status_code == status, f"{method} {path}: {response.status_code} {response.text}"
        if status >= 400:
            self.problems.append(response.text + str(response.headers))
        return response


def _sign_in(talk: Conversation, token: str) -> list[str]:
    """Every way to sign in, those that work and those that do not; returns the secrets that came of it."""
    anonymous = {"Authorization": ""}
    code = talk.ask("POST", "/api/v1/session/codes", status=201, headers=bearer(token)).json()["code"]
    made = []
    for proof in ({"code": code}, {"token": token}):
        response = talk.ask("POST", "/api/v1/session", status=201, json=proof, headers=anonymous)
        made.append(re.split("[=;]", response.headers["set-cookie"])[1])
    talk.ask("POST", "/api/v1/session", status=401, json={"code": code}, headers=anonymous)
    both = {"token": token, "code": code}
    for wrong in (both, {"tokn": token}, {"cod": code}, {**both, "more": 1}, {"token": [token]}, token):
        talk.ask("POST", "/api/v1/session", status=422, json=wrong, headers=anonymous)
    talk.http.cookies.clear()
    return [code, *made]


def _misplace(talk: Conversation, token: str) -> None:
    """Requests that fail and hold a token where none belongs."""
    for header in (token, f"Token {token}", f"Basic {token}", f"Bearer {token}x", f"Bearer  {token} {token}"):
        talk.ask("GET", "/api/v1/jobs", status=401, headers={"Authorization": header})
    talk.ask("GET", f"/api/v1/jobs?token={token}&limit={token}", status=422)
    talk.ask("GET", f"/api/v1/jobs?cursor={token}", status=422)
    talk.ask("GET", f"/api/v1/jobs/{token}", status=404)
    talk.ask("DELETE", f"/api/v1/tokens/{token}", status=422)
    talk.ask("POST", f"/api/v1/nothing/{token}?access_token={token}", status=404)
    talk.ask("POST", "/api/v1/jobs", status=422, json=job_spec(token=token))
    talk.ask("POST", "/api/v1/jobs", status=422, headers={"Idempotency-Key": "a b", "X-Request-Id": token}, json={})
    talk.ask("POST", "/api/v1/jobs", status=422, content=f'{{"name": "{token}\\u0000"}}', headers=_JSON)
    talk.ask("GET", "/api/v1/crash", status=500)


_JSON = {"Content-Type": "application/json"}


def _make_webhooks(talk: Conversation) -> tuple[str, str]:
    """Webhooks with secrets of ours and of theirs, some of them wrong; returns an id and the secret that was made."""
    address = "https://example.com/hook"
    made = talk.ask("POST", "/api/v1/webhooks", status=201, json={"url": address}).json()
    given = talk.ask("POST", "/api/v1/webhooks", status=201, json={"url": address, "secret": WEBHOOK_SECRET}).json()
    talk.ask("PATCH", f"/api/v1/webhooks/{given['id']}", status=200, json={"secret": WEBHOOK_SECRET, "enabled": True})
    for wrong in (
        {"url": address, "secret": WEBHOOK_SECRET + "!"},
        {"url": address, "secrets": WEBHOOK_SECRET},
        {"url": "https://me:hook-password-99@example.com/"},
        {"url": address, "states": WEBHOOK_SECRET},
    ):
        talk.ask("POST", "/api/v1/webhooks", status=422, json=wrong)
    talk.ask("POST", f"/api/v1/webhooks/{made['id']}/test", status=202)
    return made["id"], made["secret"]


async def _reconcile(settings: Settings, database: Database, ray: FakeRay, mlflow: FakeMlflow) -> None:
    """Some rounds of all parts of the reconciler while Ray and MLflow answer, and while they do not."""
    ray_client = RayClient(httpx.AsyncClient(base_url=settings.ray_url, transport=ray))
    mlflow_http = httpx.AsyncClient(base_url=settings.mlflow_url, transport=mlflow)
    reconciler = Reconciler(settings, database, ray_client, MlflowClient(mlflow_http), ask_nodes_every_s=0)
    checks = Checks(settings, database, ray_client)
    registry = Registry(settings, database, MlflowRegistry(mlflow_http))
    for away in (True, False, True):
        ray.away = mlflow.away = away
        for part in (reconciler, checks, registry):
            await part.run_once()

    class Refusing(httpx.AsyncBaseTransport):
        async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
            raise httpx.ConnectError("connection refused", request=request)

    async with database.writing() as session:
        await hand_on(session)
    dispatcher = Dispatcher(database, Refusing())
    await dispatcher.run_once()
    await dispatcher.idle()
    await dispatcher.close()


async def _everything_kept(database: Database) -> str:
    """All rows of all tables, except the column that has to hold secrets."""
    found = []
    async with database.reading() as session:
        for table in Base.metadata.sorted_tables:
            columns = [one for one in table.columns if (table.name, one.name) != ("webhooks", "secret")]
            found += [f"{table.name}: {tuple(row)!r}" for row in await session.execute(select(*columns))]
    return "\n".join(found)


@pytest.mark.usefixtures("crash")
async def test_no_secret_gets_into_logs_problems_events_audit_or_database(
    http: TestClient,
    owner: dict[str, str],
    settings: Settings,
    database: Database,
    ray: FakeRay,
    mlflow: FakeMlflow,
    logged: Formatted,
) -> None:
    settings.storage.mkdir(exist_ok=True)
    talk = Conversation(http)
    made = talk.ask("POST", "/api/v1/tokens", status=201, json={"name": "ada", "roles": {"*": "admin"}}).json()
    talk.ask("POST", "/api/v1/tokens", status=409, json={"name": "ada", "roles": {"*": "admin"}})
    talk.ask("POST", "/api/v1/tokens", status=422, json={"name": made["secret"] * 9, "roles": {"*": "admin"}})
    token = made["secret"]
    secrets = [owner["Authorization"].removeprefix("Bearer "), token, MLFLOW_PASSWORD, RAY_PASSWORD]
    secrets += [WEBHOOK_SECRET, "hook-password-99", *_sign_in(talk, token)]
    _, hook_secret = _make_webhooks(talk)
    secrets.append(hook_secret)
    _misplace(talk, token)
    talk.ask("POST", "/api/v1/jobs", status=201, json=job_spec())
    talk.ask("POST", "/api/v1/datasets", status=201, json={"name": "digits", **SPLITS})
    await _reconcile(settings, database, ray, mlflow)
    ray.away = mlflow.away = True
    talk.ask("GET", "/mlflow/", status=503)
    talk.ask("GET", "/readyz", status=503)
    talk.ask("DELETE", f"/api/v1/tokens/{made['id']}", status=200)
    talk.ask("GET", "/api/v1/me", status=401, headers=bearer(token))
    audit = talk.ask("GET", "/api/v1/audit?limit=200", status=200).text
    events = talk.ask("GET", "/api/v1/jobs", status=200).text + talk.ask("GET", "/api/v1/cluster", status=200).text
    places = {
        "logs": "\n".join(logged.lines),
        "problems": "\n".join(talk.problems),
        "audit": audit,
        "events": events,
        "database": await _everything_kept(database),
    }
    assert CRASH_WORDS in places["logs"], "the crash is in the log, without its secret"
    assert "Ray does not answer" in places["logs"]
    assert "signIn" in audit
    leaks = [
        f"{secret[:12]}... in the {place}: {text[max(0, text.index(secret) - 150) :][:300]}"
        for place, text in places.items()
        for secret in secrets
        if secret in text
    ]
    assert leaks == []


async def test_a_failing_statement_does_not_show_what_it_carried(database: Database) -> None:
    def row() -> WebhookRow:
        now = utc_now()
        fields = {"id": "hook-aaaaaaaaaa", "project": "default", "url": "https://example.com/", "states": []}
        return WebhookRow(
            **fields, secret=WEBHOOK_SECRET, enabled=True, created_at=now, created_by="ada", updated_at=now
        )

    async with database.writing() as session:
        session.add(row())
    with pytest.raises(IntegrityError) as caught:
        async with database.writing() as session:
            session.add(row())
    assert WEBHOOK_SECRET not in str(caught.value)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("still_" + "a" * 43, "still_(hidden)"),
        (f"x {WEBHOOK_SECRET}, y", "x whsec_(hidden), y"),
        ("at http://me:pass@host:1/a", "at http://(hidden)@host:1/a"),
        ("Authorization: Bearer abcdefghij.klm", "Authorization: Bearer (hidden)"),
        ("still_Ab3dE9 is how it begins", "still_Ab3dE9 is how it begins"),
        ("mlflow at http://127.0.0.1:8471/#/a@b", "mlflow at http://127.0.0.1:8471/#/a@b"),
    ],
)
def test_what_looks_like_a_secret_is_hidden_and_nothing_else(text: str, shown: str) -> None:
    assert without_secrets(text) == shown
