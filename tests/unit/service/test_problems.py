"""Every error of the API is a problem document that names the field, what was found and what is wanted."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from service.access.secrets import new_token
from service.app import create_app
from tests.unit.service.factories import (
    SPLITS,
    bearer,
    distillation,
    job_spec,
    settings_in,
    sweep_spec,
    training,
)

JSON = {"Content-Type": "application/json"}


def with_losses(*losses: dict[str, Any]) -> dict[str, Any]:
    return job_spec(training=training(distillation=distillation(losses=list(losses))))


WRONG_JOBS = {
    "unknown key": (job_spec(nme="a"), "nme", "a", "priority, project"),
    "number too small": (job_spec(training=training(num_steps=0)), "training.num_steps", 0, "from 1 to 10000000"),
    "not a multiple": (
        job_spec(training=training(student={"fpn_channels": 30})),
        "training.student.fpn_channels",
        30,
        "a whole number from 16 to 512, a multiple of 8",
    ),
    "wrong choice": (job_spec(training=training(device="tpu")), "training.device", "tpu", "one of: auto, cpu, cuda"),
    "missing": ({"name": "a"}, "training", None, "an object with the keys: accumulate, batch_size"),
    "wrong type": (job_spec(training=[1]), "training", [1], "an object with the keys"),
    "in a union": (
        with_losses({"kind": "rank_mimicking", "weight": -1}),
        "training.distillation.losses.0.weight",
        -1,
        "a number from 0 to 1000000",
    ),
    "unknown key in a union": (
        with_losses({"kind": "rank_mimicking"}, {"kind": "feature_imitation", "spce": "scores"}),
        "training.distillation.losses.1.spce",
        "scores",
        "reduction, space, start_step",
    ),
    "unknown member of a union": (
        with_losses({"kind": "soft_label"}),
        "training.distillation.losses.0.kind",
        "soft_label",
        "one of: rank_mimicking, feature_imitation",
    ),
    "no kind": (with_losses({"weight": 1}), "training.distillation.losses.0.kind", {"weight": 1}, "the key 'kind'"),
    "in a tuple": (
        job_spec(training=training(student={"backbone": {"depths": [1, 0, 1, 1]}})),
        "training.student.backbone.depths.1",
        0,
        "a whole number from 1 to 50",
    ),
    "nan as text": (
        job_spec(training=training(optimizer={"learning_rate": "nan"})),
        "training.optimizer.learning_rate",
        "nan",
        "a number of at most 10 above 0",
    ),
    "a sweep": (job_spec(kind="sweep"), "kind", "sweep", "'job'"),
    "a list": ([1], "(body)", [1], "an object with the keys"),
}


@pytest.mark.parametrize("case", WRONG_JOBS)
def test_a_wrong_job_is_told_field_found_and_wanted(http: TestClient, case: str) -> None:
    body, field, found, wanted = WRONG_JOBS[case]
    response = http.post("/api/v1/jobs", json=body)
    assert response.status_code == 422
    assert response.headers["content-type"] == "application/problem+json"
    problem = response.json()
    assert [error["field"] for error in problem["errors"]] == [field]
    assert problem["errors"][0]["found"] == found
    assert wanted in problem["errors"][0]["wanted"]


def dimension(path: str, **fields: Any) -> dict[str, Any]:
    return sweep_spec(space={path: {"kind": "uniform", "low": 1, "high": 2, **fields}})


WRONG_SWEEPS = {
    "path that is not there": (dimension("optimizer.lr"), "space.optimizer.lr", "'lr' was not found"),
    "bound that the field forbids": (
        dimension("optimizer.learning_rate", low=-1),
        "space.optimizer.learning_rate",
        "reaches -1.0: Input should be greater than 0",
    ),
    "bounds in the wrong order": (dimension("optimizer.learning_rate", low=3), "space.optimizer.learning_rate", "low"),
    "unknown dimension": (
        dimension("optimizer.learning_rate", kind="normal"),
        "space.optimizer.learning_rate.kind",
        "unknown kind 'normal'",
    ),
    "empty space": (sweep_spec(space={}), "space", "at least 1 item"),
}


@pytest.mark.parametrize("case", WRONG_SWEEPS)
def test_a_wrong_sweep_is_told_which_dimension(http: TestClient, case: str) -> None:
    body, field, message = WRONG_SWEEPS[case]
    response = http.post("/api/v1/sweeps", json=body)
    assert response.status_code == 422
    errors = response.json()["errors"]
    assert [error["field"] for error in errors] == [field]
    assert message in errors[0]["message"]


def test_an_unknown_key_is_told_the_nearest_known_one(http: TestClient) -> None:
    response = http.post("/api/v1/jobs", json=job_spec(priorty=1))
    assert response.json()["errors"][0]["message"] == "unknown key 'priorty', did you mean 'priority'?"


def test_all_wrong_fields_are_named_at_once(http: TestClient) -> None:
    body = job_spec(priority=1000, training={"data": {"train": SPLITS["train"]}, "batch_size": "many"})
    fields = {error["field"] for error in http.post("/api/v1/jobs", json=body).json()["errors"]}
    assert fields == {"priority", "training.data", "training.batch_size"}


UNREADABLE = {
    "broken": (b'{"name": ', 400, "line 1"),
    "not utf-8": (b'{"name": "\xff"}', 400, "UTF-8"),
    "nan": (b'{"name": NaN}', 400, "found NaN"),
    "infinity": (b'{"name": -Infinity}', 400, "found -Infinity"),
    "huge float": (b'{"name": 1e999}', 422, "1e999"),
    "huge integer": (b'{"priority": ' + b"9" * 5000 + b"}", 422, "too large"),
    "nested": (b"[" * 100_000, 400, "nested"),
    "nested, and whole": (b"[" * 70 + b"]" * 70, 400, "at most 64 levels"),
    "half a surrogate": (b'{"name": "\\ud800"}', 422, "surrogate"),
    "NUL": (b'{"name": "\\u0000"}', 422, "NUL"),
    "too long": (b'"' + b"a" * 1024 * 1024 + b'"', 413, "1048576"),
    "nothing": (b"", 422, "a body is needed"),
}


@pytest.mark.parametrize("case", UNREADABLE)
def test_a_body_that_cannot_be_read_is_a_problem(http: TestClient, case: str) -> None:
    body, status, detail = UNREADABLE[case]
    response = http.post("/api/v1/jobs", content=body, headers=JSON)
    assert response.status_code == status
    assert response.headers["content-type"] == "application/problem+json"
    assert detail in response.json()["detail"]


def test_numbers_and_text_that_cannot_be_kept_are_named_with_their_fields(http: TestClient) -> None:
    body = b'{"name": "a\\u0000", "tags": ["\\ud800"], "training": {"seed": 18446744073709551616}, "\\udc00": 1}'
    errors = http.post("/api/v1/jobs", content=body, headers=JSON).json()["errors"]
    assert [(error["field"], error["found"]) for error in errors] == [
        ("\\udc00", "\\udc00"),
        ("name", "a\\u0000"),
        ("tags.0", "\\ud800"),
        ("training.seed", "18446744073709551616"),
    ]
    assert "too large" in errors[3]["message"]


def test_a_long_body_without_a_declared_length_is_stopped(http: TestClient) -> None:
    def pieces() -> Iterator[bytes]:
        for _ in range(20):
            yield b"a" * 100_000

    assert http.post("/api/v1/jobs", content=pieces(), headers=JSON).status_code == 413


def test_a_body_that_is_not_json_is_refused_by_its_type(http: TestClient) -> None:
    response = http.post("/api/v1/jobs", content=b"name=a", headers={"Content-Type": "text/plain"})
    assert response.status_code == 415


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/api/v1/nothing", 404),
        ("GET", "/api/v1/jobs/job-aaaaaaaaaa", 404),
        ("POST", "/api/v1/jobs/..%2f..%2fetc/cancel", 404),
        ("GET", "/api/v1/jobs/x/cancel", 405),
        ("DELETE", "/api/v1/jobs", 405),
        ("GET", "/api/v1/jobs?limit=0", 422),
        ("GET", "/api/v1/jobs?cursor=zzz", 422),
        ("GET", "/api/v1/jobs/job-aaaaaaaaaa/metrics?key=", 404),
        ("GET", "/api/v1/jobs?state=happy", 422),
        ("GET", "/api/v1/sweeps/sweep-aaaaaaaaaa/trials", 404),
    ],
)
def test_every_error_is_a_problem(http: TestClient, method: str, path: str, status: int) -> None:
    response = http.request(method, path)
    assert response.status_code == status
    problem = response.json()
    assert (problem["status"], response.headers["content-type"]) == (status, "application/problem+json")
    assert problem["request_id"] == response.headers["x-request-id"]
    assert problem["detail"]


def test_a_wrong_query_names_its_parameter(http: TestClient) -> None:
    errors = http.get("/api/v1/jobs?state=happy&limit=x").json()["errors"]
    assert {error["field"]: error["found"] for error in errors} == {"state": "happy", "limit": "x"}


def test_a_crash_shows_no_internals_but_an_id_that_is_in_the_log(
    app: FastAPI, caplog: pytest.LogCaptureFixture
) -> None:
    @app.get("/api/v1/crash", operation_id="getHealth")
    def crash() -> None:
        raise RuntimeError("the secret password is 1234")

    app.router.routes.insert(0, app.router.routes.pop())
    try:
        with TestClient(app, raise_server_exceptions=False) as http:
            response = http.get("/api/v1/crash")
    finally:
        app.router.routes.pop(0)
    assert response.status_code == 500
    assert "1234" not in response.text
    assert response.json()["request_id"] in caplog.text


@pytest.mark.parametrize(
    ("query", "found", "wanted"),
    [
        ("cursor=zzz", "zzz", "next_cursor of an earlier page of the same list"),
        ("limit=abc", "abc", "a whole number"),
        ("limit=0", "0", "at least 1"),
    ],
)
def test_a_wrong_query_names_its_field(http: TestClient, query: str, found: str, wanted: str) -> None:
    errors = http.get(f"/api/v1/jobs?{query}").json()["errors"]
    assert [(error["field"], error["found"], error["wanted"]) for error in errors] == [
        (query.partition("=")[0], found, wanted)
    ]


def test_an_absent_database_is_no_bug_but_a_reason_to_come_again(tmp_path: Path) -> None:
    away = settings_in(tmp_path, database_url="postgresql+psycopg://nobody@127.0.0.1:9/nothing")
    with TestClient(create_app(away), raise_server_exceptions=False, headers=bearer(new_token())) as client:
        answers = [client.get("/api/v1/jobs"), client.post("/api/v1/jobs", json=job_spec())]
    for answer in answers:
        assert answer.status_code == 503, answer.text
        assert answer.headers["retry-after"]
        assert "the database does not answer" in answer.json()["detail"]
