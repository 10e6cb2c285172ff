"""Tokens: made once, shown once, limited to what their maker has, and useless once they have ended."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from starlette.testclient import TestClient

from service.access.models import TokenRow
from service.access.owner import ensure_owner_token
from service.db import Database
from service.settings import Settings
from tests.unit.service.factories import bearer, job_spec, sweep_spec


def make(http: TestClient, name: str, by: dict[str, str] | None = None, **roles: str) -> dict[str, Any]:
    """A token with roles by project; `every` stands for `*`."""
    given = {"*" if project == "every" else project: role for project, role in roles.items()}
    response = http.post("/api/v1/tokens", json={"name": name, "roles": given}, headers=by)
    assert response.status_code == 201, response.text
    found: dict[str, Any] = response.json()
    return found


def headers_of(http: TestClient, name: str, **roles: str) -> dict[str, str]:
    return bearer(make(http, name, **roles)["secret"])


def test_a_secret_is_shown_once_and_kept_as_a_hash(http: TestClient) -> None:
    made = make(http, "ada", cars="editor")
    assert made["secret"].startswith(made["prefix"])
    me = http.get("/api/v1/me", headers=bearer(made["secret"])).json()
    assert (me["name"], me["roles"]) == ("ada", {"cars": "editor"})
    listed = http.get("/api/v1/tokens")
    assert [token["name"] for token in listed.json()["items"]] == ["ada", "owner"]
    assert made["secret"] not in listed.text


async def test_the_database_has_no_secret(http: TestClient, database: Database) -> None:
    secret = make(http, "ada", cars="editor")["secret"]
    async with database.reading() as session:
        rows = (await session.scalars(select(TokenRow))).all()
    assert not any(secret in str(vars(row)) for row in rows)


@pytest.mark.parametrize("header", [None, "Bearer still_wrong", "Basic b3duZXI6", "Bearer", "Bearer \xe9"])
def test_who_sends_no_good_token_is_told_how(http: TestClient, header: str | None) -> None:
    http.headers.pop("Authorization")
    response = http.get("/api/v1/me", headers={} if header is None else {b"authorization": header.encode("latin-1")})
    assert response.status_code == 401
    assert response.headers["www-authenticate"].startswith("Bearer")
    assert response.json()["type"].endswith("unauthenticated")


def test_a_revoked_token_is_refused_at_once_and_its_name_is_free_again(http: TestClient) -> None:
    made = make(http, "ada", cars="editor")
    assert http.delete(f"/api/v1/tokens/{made['id']}").json()["revoked_at"] is not None
    assert http.delete(f"/api/v1/tokens/{made['id']}").status_code == 200, "asking twice changes nothing"
    response = http.get("/api/v1/me", headers=bearer(made["secret"]))
    assert response.status_code == 401
    assert "revoked" in response.json()["detail"]
    make(http, "ada", cars="viewer")


async def test_an_expired_token_is_refused(http: TestClient, database: Database) -> None:
    made = make(http, "ada", cars="editor")
    async with database.writing() as session:
        row = (await session.scalars(select(TokenRow).where(TokenRow.id == made["id"]))).one()
        row.expires_at = datetime.now(UTC) - timedelta(seconds=1)
    response = http.get("/api/v1/me", headers=bearer(made["secret"]))
    assert response.status_code == 401
    assert "expired" in response.json()["detail"]


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"name": "ada", "roles": {}}, 422),
        ({"name": "ada", "roles": {"cars": "king"}}, 422),
        ({"name": "reconciler", "roles": {"cars": "viewer"}}, 422),
        ({"name": "owner", "roles": {"cars": "viewer"}}, 422),
        ({"name": "a\tb", "roles": {"cars": "viewer"}}, 422),
        ({"name": "ada", "roles": {"cars": "viewer"}, "expires_at": "2020-01-01T00:00:00Z"}, 422),
        ({"name": "ada", "roles": {"cars": "viewer"}, "expires_at": "9999-12-31T23:59:59-14:00"}, 422),
        ({"name": "ada", "roles": {"cars": "viewer"}, "expires_at": "2030-01-01T00:00:00"}, 422),
        ({"name": "taken", "roles": {"cars": "viewer"}}, 409),
    ],
)
def test_what_makes_no_sense_is_refused(http: TestClient, body: dict[str, Any], status: int) -> None:
    make(http, "taken", cars="viewer")
    assert http.post("/api/v1/tokens", json=body).status_code == status


def test_a_wrong_token_is_told_by_its_own_fields(http: TestClient) -> None:
    errors = http.post("/api/v1/tokens", json={"name": "ada", "role": {"cars": "viewer"}}).json()["errors"]
    assert {error["field"] for error in errors} == {"roles", "role"}
    assert "did you mean 'roles'" in next(error["message"] for error in errors if error["field"] == "role")


def test_nobody_gives_more_than_they_have(http: TestClient) -> None:
    admin = headers_of(http, "ada", cars="admin", boats="viewer")
    make(http, "by ada", by=admin, cars="admin")
    for roles in ({"boats": "viewer"}, {"*": "viewer"}, {"cars": "viewer", "planes": "viewer"}):
        assert http.post("/api/v1/tokens", json={"name": "x", "roles": roles}, headers=admin).status_code == 403
    editor = headers_of(http, "eve", cars="editor")
    body = {"name": "x", "roles": {"cars": "viewer"}}
    assert http.post("/api/v1/tokens", json=body, headers=editor).status_code == 403


def test_no_token_makes_one_that_outlives_it(http: TestClient) -> None:
    soon = (datetime.now(UTC) + timedelta(hours=1)).isoformat()
    made = http.post("/api/v1/tokens", json={"name": "ada", "roles": {"cars": "admin"}, "expires_at": soon}).json()
    admin = bearer(made["secret"])
    body = {"name": "x", "roles": {"cars": "viewer"}}
    assert http.post("/api/v1/tokens", json=body, headers=admin).status_code == 403
    assert http.post("/api/v1/tokens", json={**body, "expires_at": soon}, headers=admin).status_code == 201


def test_one_sees_and_revokes_ones_own_token_and_those_one_administers(http: TestClient) -> None:
    admin, editor = headers_of(http, "ada", cars="admin"), headers_of(http, "eve", cars="editor", boats="viewer")
    bob = make(http, "bob", cars="viewer")
    seen = [token["name"] for token in http.get("/api/v1/tokens", headers=admin).json()["items"]]
    assert seen == ["bob", "ada"]
    assert [token["name"] for token in http.get("/api/v1/tokens", headers=editor).json()["items"]] == ["eve"]
    assert http.delete(f"/api/v1/tokens/{bob['id']}", headers=editor).status_code == 404
    assert http.delete(f"/api/v1/tokens/{bob['id']}", headers=admin).status_code == 200
    own = http.get("/api/v1/me", headers=editor).json()["token_id"]
    assert http.delete(f"/api/v1/tokens/{own}", headers=editor).status_code == 200
    assert http.get("/api/v1/me", headers=editor).status_code == 401


def test_tokens_come_in_pages(http: TestClient) -> None:
    for number in range(4):
        make(http, f"t{number}", cars="viewer")
    first = http.get("/api/v1/tokens?limit=3").json()
    rest = http.get("/api/v1/tokens", params={"limit": 3, "cursor": first["next_cursor"]}).json()
    assert [token["name"] for token in first["items"] + rest["items"]] == ["t3", "t2", "t1", "t0", "owner"]
    assert rest["next_cursor"] is None


def test_when_a_token_was_used_is_written_at_most_once_a_minute(http: TestClient) -> None:
    ada = headers_of(http, "ada", cars="viewer")

    def last_used() -> object:
        return next(t for t in http.get("/api/v1/tokens").json()["items"] if t["name"] == "ada")["last_used_at"]

    assert last_used() is None
    http.get("/api/v1/me", headers=ada)
    first = last_used()
    assert first is not None
    http.get("/api/v1/me", headers=ada)
    assert last_used() == first


def test_jobs_of_other_projects_are_as_unknown_as_none(http: TestClient) -> None:
    cars = http.post("/api/v1/jobs", json=job_spec(project="cars")).json()["id"]
    boats = http.post("/api/v1/sweeps", json=sweep_spec(project="boats")).json()["id"]
    viewer = headers_of(http, "ada", cars="viewer")
    assert [job["id"] for job in http.get("/api/v1/jobs", headers=viewer).json()["items"]] == [cars]
    assert http.get("/api/v1/sweeps", headers=viewer).json()["items"] == []
    assert http.get("/api/v1/jobs?project=boats", headers=viewer).json()["items"] == []
    hidden, absent = (
        http.get(path, headers=viewer).json() for path in (f"/api/v1/jobs/{boats}", "/api/v1/jobs/sweep-aaaaaaaaaa")
    )
    assert hidden["status"] == absent["status"] == 404
    assert hidden["detail"].replace(boats, "X") == absent["detail"].replace("sweep-aaaaaaaaaa", "X")
    assert http.get(f"/api/v1/sweeps/{boats}/trials", headers=viewer).status_code == 404
    assert http.post(f"/api/v1/jobs/{boats}/cancel", headers=viewer).status_code == 404
    assert http.post(f"/api/v1/jobs/{cars}/cancel", headers=viewer).status_code == 403
    assert http.post("/api/v1/jobs", json=job_spec(project="cars"), headers=viewer).status_code == 403


def test_an_idempotency_key_is_its_sender_s_own(http: TestClient) -> None:
    key = {"Idempotency-Key": "nightly"}
    mine = http.post("/api/v1/jobs", json=job_spec(project="cars"), headers=key).json()["id"]
    ada = headers_of(http, "ada", cars="editor", boats="editor")
    theirs = http.post("/api/v1/jobs", json=job_spec(project="cars"), headers=key | ada)
    assert theirs.status_code == 201
    assert theirs.json()["id"] != mine
    again = http.post("/api/v1/jobs", json=job_spec(project="boats"), headers=key | ada)
    assert again.status_code == 422
    assert mine not in again.text


async def test_the_owner_s_token_is_for_its_user_alone_and_made_anew_when_lost(
    settings: Settings, database: Database, http: TestClient
) -> None:
    path = settings.state / "owner-token"
    first = path.read_text().strip()
    assert await ensure_owner_token(database, settings.state) == first
    assert path.stat().st_mode & 0o777 == 0o600
    path.unlink()
    second = await ensure_owner_token(database, settings.state)
    assert path.stat().st_mode & 0o777 == 0o600
    assert http.get("/api/v1/me", headers=bearer(first)).status_code == 401
    assert http.get("/api/v1/me", headers=bearer(second)).json()["name"] == "owner"


def test_an_operation_without_a_row_is_refused_to_everybody(http: TestClient, app) -> None:
    app.get("/api/v1/forgotten", operation_id="forgotten")(lambda: "open")
    app.router.routes.insert(0, app.router.routes.pop())
    try:
        assert http.get("/api/v1/forgotten").status_code == 403
    finally:
        app.router.routes.pop(0)
