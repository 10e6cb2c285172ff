"""Ray and MLflow that want tokens: the service sends them, says what is wrong with them, and shows them to nobody."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from service.clients.http import mlflow_http, ray_http
from service.clients.mlflow import MlflowClient
from service.clients.ray import RayClient, RayUnreachable
from service.settings import Settings
from service.stack.token_guard import TokenGuard
from tests.unit.service.factories import settings_in
from tests.unit.service.fake_mlflow import FakeMlflow
from tests.unit.service.fake_ray import FakeRay


@pytest.fixture
def guarded(tmp_path: Path) -> Settings:
    return settings_in(tmp_path, ray_token="for-ray", mlflow_token="for-mlflow")


async def test_each_is_sent_its_own_token_and_nothing_where_none_is_set(guarded: Settings, tmp_path: Path) -> None:
    for make, token in ((ray_http, "for-ray"), (mlflow_http, "for-mlflow")):
        async with make(guarded) as client:
            assert client.headers["Authorization"] == f"Bearer {token}"
        async with make(settings_in(tmp_path)) as client:
            assert "Authorization" not in client.headers


def test_settings_do_not_show_them(guarded: Settings) -> None:
    assert "for-ray" not in repr(guarded)
    assert "for-mlflow" not in repr(guarded)
    assert Settings.from_environment(guarded.as_environment()) == guarded


@pytest.mark.parametrize(
    ("sent", "words"), [("", "no token; STILLHOUSE_RAY_TOKEN"), ("stale", "not its own; STILLHOUSE_RAY_TOKEN")]
)
async def test_a_wrong_token_of_ray_is_an_outage_that_names_the_setting(sent: str, words: str) -> None:
    """Not a refusal: the jobs that wait have done nothing wrong."""
    headers = {"Authorization": f"Bearer {sent}"} if sent else {}
    client = RayClient(httpx.AsyncClient(base_url="http://ray", transport=FakeRay(token="right"), headers=headers))
    with pytest.raises(RayUnreachable, match=words):
        await client.nodes()
    with pytest.raises(RayUnreachable, match=words):
        await client.launch("job-1-1", "true", cpus=1, gpus=0, env_vars={})
    await client.close()


async def test_a_wrong_token_of_mlflow_is_said(guarded: Settings) -> None:
    fake = FakeMlflow(token="right")
    async with httpx.AsyncClient(base_url="http://mlflow", transport=fake) as http:
        client = MlflowClient(http)
        assert "STILLHOUSE_MLFLOW_TOKEN" in (await client.problem() or "")
        assert not await client.is_healthy()
        http.headers["Authorization"] = "Bearer right"
        assert await client.problem() is None


def test_the_proxy_sends_the_token_of_the_service_and_never_that_of_who_asks(
    http: TestClient, app: FastAPI, mlflow: FakeMlflow
) -> None:
    mlflow.token = "for-mlflow"
    app.state.context.mlflow_http.headers["Authorization"] = "Bearer for-mlflow"
    assert http.get("/mlflow/page").status_code == 200
    assert mlflow.seen[-1].headers.get_list("authorization") == ["Bearer for-mlflow"]


# The guard in front of MLflow's server


@pytest.fixture
async def behind() -> AsyncIterator[httpx.AsyncClient]:
    async def app(scope, receive, send) -> None:  # type: ignore[no-untyped-def]
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"let in"})

    transport = httpx.ASGITransport(TokenGuard(app, "right"))
    async with httpx.AsyncClient(base_url="http://mlflow", transport=transport) as client:
        yield client


@pytest.mark.parametrize("sent", [[], ["right"], ["Bearer wrong"], ["bearer right"], ["Bearer right", "Bearer right"]])
async def test_the_guard_lets_nobody_in_without_exactly_its_token(behind: httpx.AsyncClient, sent: list[str]) -> None:
    answer = await behind.get("/api/2.0/mlflow/runs/get", headers=[("Authorization", one) for one in sent])
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"] == "Bearer"
    assert "MLFLOW_TRACKING_TOKEN" in answer.text


async def test_the_guard_lets_the_token_in_and_probes_ask_for_health_alone(behind: httpx.AsyncClient) -> None:
    assert (await behind.get("/version", headers={"Authorization": "Bearer right"})).text == "let in"
    assert (await behind.get("/health")).text == "let in"
    assert (await behind.get("/health/../version")).status_code == 401


async def test_the_guard_closes_websockets_of_strangers() -> None:
    async def app(scope, receive, send) -> None:  # type: ignore[no-untyped-def]
        raise AssertionError("let in")

    said: list[object] = []

    async def send(message: object) -> None:
        said.append(message)

    async def receive() -> dict[str, str]:
        return {"type": "websocket.connect"}

    await TokenGuard(app, "right")({"type": "websocket", "path": "/health", "headers": []}, receive, send)  # type: ignore[arg-type]
    assert said == [{"type": "websocket.close", "code": 1008}]
