"""Signing in with a browser: one-time codes, the cookie, and requests from other sites."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from fastapi import FastAPI
from sqlalchemy import update
from starlette.testclient import TestClient

from service.access.models import SessionRow, SignInCodeRow
from service.db import Database
from tests.unit.service.factories import bearer, job_spec
from tests.unit.service.fake_mlflow import FakeMlflow
from tests.unit.service.test_tokens import make

OURS = {"Sec-Fetch-Site": "same-origin", "X-Stillhouse": "1"}


@pytest.fixture
def browser(app: FastAPI) -> Iterator[TestClient]:
    """Somebody without a token."""
    with TestClient(app, raise_server_exceptions=False) as client:
        yield client


def code_for(browser: TestClient, owner: dict[str, str]) -> str:
    made = browser.post("/api/v1/session/codes", headers=owner).json()
    assert made["path"] == f"/signin#code={made['code']}"
    return str(made["code"])


def signed_in(browser: TestClient, owner: dict[str, str]) -> TestClient:
    response = browser.post("/api/v1/session", json={"code": code_for(browser, owner)})
    assert response.status_code == 201, response.text
    return browser


def test_a_code_signs_in_once(browser: TestClient, owner: dict[str, str]) -> None:
    code = code_for(browser, owner)
    response = browser.post("/api/v1/session", json={"code": code})
    assert response.status_code == 201
    cookie = response.headers["set-cookie"]
    assert "httponly" in cookie.lower()
    assert "samesite=strict" in cookie.lower()
    assert "secure" not in cookie.lower(), "plain http"
    assert browser.get("/api/v1/me").json()["name"] == "owner"
    again = browser.post("/api/v1/session", json={"code": code})
    assert again.status_code == 401
    assert "stillhouse signin" in again.json()["detail"]


def test_a_token_signs_in_too_and_over_https_the_cookie_is_for_https_alone(app: FastAPI, owner: dict[str, str]) -> None:
    token = owner["Authorization"].removeprefix("Bearer ")
    with TestClient(app, base_url="https://testserver") as browser:
        response = browser.post("/api/v1/session", json={"token": f" {token}\n"})
        assert "secure" in response.headers["set-cookie"].lower()
        assert response.headers["set-cookie"].startswith("__Host-")
        assert browser.get("/api/v1/me").status_code == 200


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"code": "wrong"}, 401),
        ({"token": "wrong"}, 401),
        ({}, 422),
        ({"code": "a", "token": "b"}, 422),
        ({"code": ""}, 422),
    ],
)
def test_a_wrong_proof_signs_nobody_in(browser: TestClient, body: dict[str, str], status: int) -> None:
    response = browser.post("/api/v1/session", json=body)
    assert response.status_code == status
    assert "set-cookie" not in response.headers


@pytest.mark.parametrize("body", [{"code": "hush-1", "token": "hush-2"}, {"code": "hush" * 100}, {"token": ["hush"]}])
def test_a_refused_secret_is_not_sent_back(browser: TestClient, body: dict[str, object]) -> None:
    response = browser.post("/api/v1/session", json=body)
    assert response.status_code == 422
    assert "hush" not in response.text


async def test_an_old_code_and_an_old_session_are_worth_nothing(
    browser: TestClient, owner: dict[str, str], database: Database
) -> None:
    past = datetime.now(UTC) - timedelta(seconds=1)
    code = code_for(browser, owner)
    async with database.writing() as session:
        await session.execute(update(SignInCodeRow).values(expires_at=past))
    assert browser.post("/api/v1/session", json={"code": code}).status_code == 401
    signed_in(browser, owner)
    async with database.writing() as session:
        await session.execute(update(SessionRow).values(expires_at=past))
    assert browser.get("/api/v1/me").status_code == 401


def test_signing_out_ends_the_session_on_the_server(browser: TestClient, owner: dict[str, str]) -> None:
    signed_in(browser, owner)
    [(name, value)] = browser.cookies.items()
    assert browser.delete("/api/v1/session", headers=OURS).status_code == 204
    assert browser.cookies.get(name) is None
    browser.cookies.set(name, value)
    assert browser.get("/api/v1/me").status_code == 401


def test_revoking_a_token_ends_its_sessions(http: TestClient) -> None:
    made = make(http, "ada", cars="editor")
    http.headers.pop("Authorization")
    http.post("/api/v1/session", json={"token": made["secret"]})
    assert http.get("/api/v1/me").json()["name"] == "ada"
    http.delete(f"/api/v1/tokens/{made['id']}", headers=bearer(made["secret"]))
    assert http.get("/api/v1/me").status_code == 401


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        (OURS, 201),
        ({"Origin": "http://testserver", "X-Stillhouse": "1"}, 201),
        ({"X-Stillhouse": "1"}, 403),
        ({"Sec-Fetch-Site": "same-origin"}, 403),
        ({"Sec-Fetch-Site": "same-site", "X-Stillhouse": "1"}, 403),
        ({"Sec-Fetch-Site": "cross-site", "X-Stillhouse": "1", "Origin": "http://testserver"}, 403),
        ({"Origin": "http://testserver:9999", "X-Stillhouse": "1"}, 403),
        ({"Origin": "null", "X-Stillhouse": "1"}, 403),
    ],
)
def test_a_session_changes_things_from_our_own_pages_only(
    browser: TestClient, owner: dict[str, str], headers: dict[str, str], status: int
) -> None:
    signed_in(browser, owner)
    assert browser.post("/api/v1/jobs", json=job_spec(), headers=headers).status_code == status
    assert browser.post("/api/v1/jobs", json=job_spec(), headers=owner).status_code == 201, "a token needs none of it"


def test_mlflow_s_pages_may_ask_but_other_sites_may_not(
    browser: TestClient, owner: dict[str, str], mlflow: FakeMlflow
) -> None:
    signed_in(browser, owner)
    search = "/mlflow/ajax-api/3.0/mlflow/traces/search"
    assert browser.post(search, json={}, headers={"Sec-Fetch-Site": "same-origin"}).status_code == 200
    assert {"cookie", "authorization"} & set(mlflow.seen[-1].headers) == set()
    assert browser.post(search, json={}, headers={"Sec-Fetch-Site": "same-site"}).status_code == 403


def test_mlflow_is_read_by_who_may_see_all_and_written_by_who_administers_all(http: TestClient) -> None:
    viewer, admin = (bearer(make(http, role, every=role)["secret"]) for role in ("viewer", "admin"))
    some = bearer(make(http, "some", cars="admin")["secret"])
    api = "/mlflow/ajax-api/3.0/mlflow"
    reads = [("GET", "/mlflow/"), ("HEAD", "/mlflow/"), ("POST", f"{api}/runs/search"), ("POST", "/mlflow/graphql")]
    writes = [
        ("POST", f"{api}/runs/delete"),
        ("POST", f"{api}/runs/search/../delete"),
        ("POST", f"{api}/runs/searchx"),
        ("PUT", "/mlflow/api/2.0/mlflow-artifacts/artifacts/x"),
        ("GET", "/mlflow/ajax-api/3.0/mlflow/gateway-proxy"),
        ("GET", "/mlflow/ajax-api/3.0/mlflow/gateway/secrets/list"),
    ]
    for method, path in reads:
        assert [http.request(method, path, headers=who).status_code for who in (viewer, admin)] == [200, 200], path
    for method, path in writes:
        assert [http.request(method, path, headers=who).status_code for who in (viewer, admin)] == [403, 200], path
    for method, path in reads + writes:
        assert http.request(method, path, headers=some).status_code == 403


def test_a_browser_that_wants_mlflow_signs_in_first_and_a_program_is_refused(
    browser: TestClient, owner: dict[str, str]
) -> None:
    page = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8", "Sec-Fetch-Mode": "navigate"}
    path = "/mlflow/?workspace=a%26b"
    sent = browser.get(path, headers=page, follow_redirects=False)
    assert (sent.status_code, sent.headers["cache-control"]) == (303, "no-store")
    assert sent.headers["location"] == "/signin?next=%2Fmlflow%2F%3Fworkspace%3Da%2526b"
    for like_a_program in (
        {"Accept": "application/json"},
        {"Accept": "*/*"},
        {**page, "Sec-Fetch-Mode": "cors"},
        {**page, "Authorization": "Bearer still_wrong"},
    ):
        refused = browser.get(path, headers=like_a_program, follow_redirects=False)
        assert (refused.status_code, refused.headers["content-type"]) == (401, "application/problem+json")
    assert browser.post(path, headers=page, follow_redirects=False).status_code == 401
    assert browser.get("/api/v1/jobs", headers=page, follow_redirects=False).status_code == 401
    signed_in(browser, owner)
    assert browser.get(path, headers=page, follow_redirects=False).status_code == 200
