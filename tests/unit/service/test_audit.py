"""The audit log: who asked for which change, and what came of it; never a secret."""

from __future__ import annotations

import pytest
from sqlalchemy import text
from starlette.testclient import TestClient

from service.audit.trail import Throttle
from service.db import Database
from tests.unit.service.factories import bearer, job_spec
from tests.unit.service.test_tokens import headers_of, make


def entries(http: TestClient, **query: object) -> list[dict[str, object]]:
    response = http.get("/api/v1/audit", params=query)
    assert response.status_code == 200, response.text
    return list(response.json()["items"])


def test_a_change_is_written_with_who_what_and_which_request(http: TestClient) -> None:
    answer = http.post("/api/v1/jobs", json=job_spec())
    http.post(f"/api/v1/jobs/{answer.json()['id']}/cancel")
    cancelled, submitted = entries(http)
    assert (submitted["principal"], submitted["operation"], submitted["status"]) == ("owner", "submitJob", 201)
    assert submitted["target"] == answer.headers["location"]
    assert submitted["request_id"] == answer.headers["x-request-id"]
    assert submitted["client"] == "testclient"
    assert (cancelled["operation"], cancelled["status"]) == ("cancelJob", 200)
    http.get("/api/v1/jobs")
    assert len(entries(http)) == 2, "reading is no change"


def test_refusals_and_failures_are_written_too(http: TestClient) -> None:
    viewer = headers_of(http, "ada", default="viewer")
    http.post("/api/v1/jobs", json=job_spec(), headers=viewer)
    http.post("/api/v1/jobs", json=job_spec(), headers=bearer("still_wrong"))
    http.post("/api/v1/jobs", json=job_spec(name=""))
    http.post("/api/v1/jobs", content=b"x" * 2**21)
    http.post("/api/v1/nothing%00there")
    http.post("/api/v1/session", json={"code": "spent"})
    found = [(entry["principal"], entry["operation"], entry["status"]) for entry in reversed(entries(http))]
    assert found[1:] == [
        ("ada", "submitJob", 403),
        (None, "submitJob", 401),
        ("owner", "submitJob", 422),
        (None, None, 413),
        (None, None, 422),
        (None, "signIn", 401),
    ]


def test_a_change_that_is_rolled_back_is_written_as_the_failure_it_was(http: TestClient) -> None:
    make(http, "ada", cars="viewer")
    assert http.post("/api/v1/tokens", json={"name": "ada", "roles": {"cars": "viewer"}}).status_code == 409
    assert [entry["status"] for entry in entries(http)] == [409, 201]


def test_mlflow_s_searches_are_no_changes_and_its_writes_are(http: TestClient) -> None:
    http.post("/mlflow/ajax-api/2.0/mlflow/runs/search", json={})
    http.post("/mlflow/ajax-api/2.0/mlflow/runs/delete?run_id=1", json={})
    [entry] = entries(http)
    assert (entry["operation"], entry["target"]) == ("proxyMlflow", "/mlflow/ajax-api/2.0/mlflow/runs/delete")


async def test_no_secret_reaches_the_log(http: TestClient, database: Database) -> None:
    made = make(http, "ada", cars="viewer")
    code = http.post("/api/v1/session/codes").json()["code"]
    http.post("/api/v1/session", json={"code": code})
    cookie = next(iter(http.cookies.values()))
    http.post("/api/v1/session?token=in-the-query", json={"token": made["secret"]})
    async with database.reading() as session:
        rows = str((await session.execute(text("SELECT * FROM audit"))).all())
    assert rows.count("signIn") == 2
    for secret in (made["secret"], code, cookie, "in-the-query"):
        assert secret not in rows


def test_the_log_is_filtered_and_read_in_pages(http: TestClient) -> None:
    viewer = headers_of(http, "ada", default="viewer")
    for _ in range(3):
        http.post("/api/v1/jobs", json=job_spec())
    http.post("/api/v1/jobs", json=job_spec(), headers=viewer)
    assert len(entries(http, principal="ada")) == 1
    assert len(entries(http, operation="submitJob", refused="false")) == 3
    assert len(entries(http, refused="true")) == 1
    assert len(entries(http, target="/tokens")) == 1
    assert entries(http, since="2100-01-01T00:00:00Z") == []
    assert len(entries(http, until="2100-01-01T00:00:00Z")) == 5
    first = http.get("/api/v1/audit?limit=3").json()
    rest = http.get("/api/v1/audit", params={"limit": 3, "cursor": first["next_cursor"]}).json()
    assert len(first["items"]) + len(rest["items"]) == 5
    assert rest["next_cursor"] is None


@pytest.mark.parametrize("query", ["principal=%00", "since=yesterday", "since=0001-01-01T00:00:00%2B14:00", "cursor=x"])
def test_a_wrong_filter_is_refused(http: TestClient, query: str) -> None:
    assert http.get(f"/api/v1/audit?{query}").status_code == 422


def test_only_who_administers_everything_reads_the_log(http: TestClient) -> None:
    assert http.get("/api/v1/audit", headers=headers_of(http, "ada", cars="admin")).status_code == 403


def test_strangers_cannot_fill_the_log() -> None:
    throttle = Throttle(burst=3, per_s=0)
    assert [throttle.allows() for _ in range(5)] == [True, True, True, False, False]
