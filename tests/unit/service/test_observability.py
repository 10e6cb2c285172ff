"""Logs, metrics and traces of the service."""

from __future__ import annotations

import io
import json
import logging
import re
from collections.abc import Iterator

import httpx
import pytest
from fastapi import FastAPI
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from starlette.testclient import TestClient

from service.db import Database
from service.observability.logs import configure_logs, log_context
from service.observability.prometheus import Meters
from service.observability.requests import Observed
from service.observability.tracing import Tracing, tracing_from_environment
from service.reconciler.lease import Lease
from tests.unit.service.test_jobs_api import add_attempt, put, submit


@pytest.fixture
def lines() -> Iterator[io.StringIO]:
    before = logging.getLogger().handlers[:]
    stream = io.StringIO()
    yield stream
    logging.getLogger().handlers[:] = before


def test_json_logs_carry_the_ids_and_the_exception(lines: io.StringIO) -> None:
    configure_logs("auto", stream=lines)
    with log_context(request_id="req-1", job_id=None), log_context(job_id="job-1"):
        try:
            raise ValueError("broken\nin two lines")
        except ValueError:
            logging.getLogger("service.test").exception("it is %s", "over", extra={"status": 500})
    logging.getLogger("service.test").info("later")
    first, second = (json.loads(line) for line in lines.getvalue().splitlines())
    assert (first["level"], first["message"], first["status"]) == ("error", "it is over", 500)
    assert (first["request_id"], first["job_id"]) == ("req-1", "job-1")
    assert "ValueError: broken" in first["exception"]
    assert "job_id" not in second


def test_text_logs_are_for_people(lines: io.StringIO) -> None:
    configure_logs("text", stream=lines)
    with log_context(request_id="req-1"):
        logging.getLogger("service.test").warning("careful")
    assert re.fullmatch(r"[\d\- :,]+ WARNING service.test: careful \[req-1\]\n", lines.getvalue())


def test_what_changes_something_is_logged_with_its_job(http: TestClient, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "service.requests")
    job_id = submit(http)
    http.get(f"/api/v1/jobs/{job_id}")
    http.post(f"/api/v1/jobs/{job_id}/cancel")
    routes = [(record.__dict__["method"], record.__dict__["route"]) for record in caplog.records]
    assert routes == [("POST", "/api/v1/jobs"), ("POST", "/api/v1/jobs/{job_id}/cancel")]


def test_a_sane_request_id_of_a_client_is_kept(http: TestClient) -> None:
    assert http.get("/healthz", headers={"X-Request-Id": "build-17.3"}).headers["x-request-id"] == "build-17.3"
    for odd in ("a b", "x" * 200, "<script>", "ab"):
        assert http.get("/healthz", headers={"X-Request-Id": odd}).headers["x-request-id"].startswith("req-")


async def test_prometheus_reads_queue_attempts_lag_and_latency(http: TestClient, database: Database) -> None:
    running, _waiting = submit(http), submit(http)
    await add_attempt(database, running)
    await put(database, running, state="running")
    lease = Lease(database)
    lease.note_round()
    assert await lease.acquire()
    http.get(f"/api/v1/jobs/{running}")
    answer = http.get("/metrics")
    assert answer.headers["content-type"].startswith("text/plain")
    found = dict(line.rsplit(" ", 1) for line in answer.text.splitlines() if not line.startswith("#"))
    assert found['stillhouse_jobs{state="running"}'] == found["stillhouse_queue_depth"] == "1.0"
    assert found['stillhouse_attempts_total{outcome="running"}'] == "1.0"
    assert found["stillhouse_reconciler_active"] == "1.0"
    assert 0 <= float(found["stillhouse_reconcile_lag_seconds"]) < 60
    assert float(found["stillhouse_queue_oldest_wait_seconds"]) >= 0
    assert float(found['stillhouse_queue_wait_seconds{quantile="0.9"}']) >= 0
    label = '{method="GET",route="/api/v1/jobs/{job_id}",status="200"}'
    assert float(found[f"stillhouse_http_request_duration_seconds_count{label}"]) >= 1
    assert found["stillhouse_stream_subscribers"] == "0.0"


async def test_a_request_is_a_span_below_its_caller_s(app: FastAPI, owner: dict[str, str]) -> None:
    exporter = InMemorySpanExporter()
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    observed = Observed(app, Meters(), Tracing(provider))
    parent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
    transport = httpx.ASGITransport(observed)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=transport, base_url="http://test") as client,
    ):
        await client.get("/api/v1/jobs/job-aaaaaaaaaa", headers={"traceparent": parent, **owner})
    (span,) = exporter.get_finished_spans()
    assert span.name == "GET /api/v1/jobs/{job_id}"
    assert span.attributes is not None
    assert span.attributes["http.response.status_code"] == 404
    assert span.context.trace_id == 0x0AF7651916CD43DD8448EB211C80319C


def test_without_an_endpoint_there_are_no_traces(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OTEL_EXPORTER_OTLP_ENDPOINT", raising=False)
    assert tracing_from_environment() is None
