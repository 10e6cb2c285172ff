"""Methods, headers and strictness of the API."""

from __future__ import annotations

import pytest
from starlette.testclient import TestClient

from tests.unit.service.factories import job_spec, training
from tests.unit.service.test_jobs_api import submit


def test_head_is_get_without_the_body(http: TestClient) -> None:
    job_id = submit(http)
    got, head = (http.request(method, f"/api/v1/jobs/{job_id}") for method in ("GET", "HEAD"))
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["etag"] == got.headers["etag"]
    assert head.headers["content-length"] == got.headers["content-length"]
    assert http.head("/api/v1/jobs/job-aaaaaaaaaa").status_code == 404
    assert http.head("/api/v1/stream").status_code == 405


@pytest.mark.parametrize(("path", "allowed"), [("/api/v1/jobs", "GET, POST"), ("/api/v1/jobs/counts", "GET")])
def test_all_methods_of_a_path_are_named(http: TestClient, path: str, allowed: str) -> None:
    refused = http.put(path)
    assert (refused.status_code, refused.headers["allow"]) == (405, allowed)
    options = http.options(path)
    assert (options.status_code, options.headers["allow"]) == (204, allowed)


def test_lists_are_compressed_and_streams_are_not(http: TestClient) -> None:
    job_id = submit(http)
    submit(http)
    http.post(f"/api/v1/jobs/{job_id}/cancel")
    assert http.get("/api/v1/jobs").headers["content-encoding"] == "gzip"
    assert "content-encoding" not in http.get(f"/api/v1/jobs/{job_id}/stream").headers


def test_pages_run_no_foreign_and_no_inline_scripts(http: TestClient) -> None:
    page = http.get("/")
    assert "script-src 'self';" in page.headers["content-security-policy"]
    assert page.headers["x-frame-options"] == "DENY"
    assert http.get("/api/v1/jobs").headers["x-content-type-options"] == "nosniff"
    assert "content-security-policy" not in http.get("/mlflow/").headers


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"priority": "1"}, "priority"),
        ({"priority": True}, "priority"),
        ({"training": training(num_steps="100")}, "training.num_steps"),
        ({"training": training(optimizer={"learning_rate": "0.1"})}, "training.optimizer.learning_rate"),
    ],
)
def test_text_is_no_number_in_a_body(http: TestClient, fields: dict[str, object], field: str) -> None:
    answer = http.post("/api/v1/jobs", json=job_spec(**fields))
    assert answer.status_code == 422
    assert [error["field"] for error in answer.json()["errors"]] == [field]


@pytest.mark.parametrize(
    ("path", "field"), [("jobs/job%00", "(path)"), ("jobs?text=a%00", "text"), ("jobs/a%0ab/cancel", "(path)")]
)
def test_control_characters_reach_no_database(http: TestClient, path: str, field: str) -> None:
    answer = http.request("POST" if path.endswith("cancel") else "GET", f"/api/v1/{path}")
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == field
