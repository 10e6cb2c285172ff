"""The Python client, against the real application without a network."""

from __future__ import annotations

import httpx
import pytest
from starlette.testclient import TestClient

from service.sdk import (
    Client,
    ConflictError,
    InvalidError,
    JobSpec,
    NotFoundError,
    ServerUnreachable,
    SweepSpec,
    WaitTimeout,
)
from tests.unit.service.factories import job_spec, sweep_spec


@pytest.fixture
def client(http: TestClient) -> Client:
    return Client("http://testserver", http=http)


def test_everything_that_a_script_needs_is_there(client: Client) -> None:
    job = client.submit(JobSpec.model_validate(job_spec()))
    sweep = client.submit_sweep(SweepSpec.model_validate(sweep_spec()))
    assert client.job(job.id) == job
    assert [one.id for one in client.jobs(state=["queued"]).items] == [sweep.id, job.id]
    assert client.jobs(limit=1).next_cursor is not None
    assert client.sweep(sweep.id).kind == "sweep"
    assert [one.id for one in client.sweeps().items] == [sweep.id]
    assert client.trials(sweep.id).items == []
    assert client.logs(job.id).text == ""
    assert client.metrics(job.id).series == []
    assert client.cluster().cpus_total == 2
    assert client.ready().status == "ok"
    assert client.cancel(job.id).state == "cancelled"
    assert client.wait(job.id).state == "cancelled"
    assert [event.to_state for event in client.events(job.id).items] == ["queued", "cancelled"]


def test_a_wrong_spec_is_told_by_field(client: Client) -> None:
    with pytest.raises(InvalidError) as caught:
        client.submit(job_spec(training={"num_steps": 0}))
    assert {error.field for error in caught.value.problem.errors} == {"training.data", "training.num_steps"}
    assert "training.num_steps" in str(caught.value)


def test_errors_have_their_own_types(client: Client) -> None:
    with pytest.raises(NotFoundError, match="there is no job 'job-x'"):
        client.job("job-x")
    with pytest.raises(NotFoundError):
        client.job("../sweeps")
    job = client.submit(job_spec())
    with pytest.raises(WaitTimeout, match="still queued"):
        client.wait(job.id, timeout_s=0.1, poll_s=0.05)
    with pytest.raises(InvalidError):
        client.submit(job_spec(name="other"), idempotency_key="two words")


def test_a_submission_without_an_answer_is_sent_again_with_the_same_key() -> None:
    keys: list[str] = []

    def flaky(request: httpx.Request) -> httpx.Response:
        keys.append(request.headers["Idempotency-Key"])
        raise httpx.ReadTimeout("timed out", request=request)

    with (
        Client("http://x", transport=httpx.MockTransport(flaky)) as client,
        pytest.raises(ServerUnreachable, match="stillhouse up"),
    ):
        client.submit(job_spec())
    assert len(keys) == 3
    assert len(set(keys)) == 1


def test_another_server_at_the_address_is_recognised() -> None:
    transport = httpx.MockTransport(lambda request: httpx.Response(200, text="<html>"))
    with Client("http://x", transport=transport) as client, pytest.raises(ServerUnreachable, match="not a Stillhouse"):
        client.jobs()


def test_a_finished_job_cannot_be_cancelled() -> None:
    problem = {
        "type": "urn:stillhouse:problem:conflict",
        "title": "The job has ended",
        "status": 409,
        "detail": "job-a has failed",
        "instance": "/",
        "request_id": "req-1",
        "errors": [],
    }
    transport = httpx.MockTransport(lambda request: httpx.Response(409, json=problem))
    with Client("http://x", transport=transport) as client, pytest.raises(ConflictError, match="job-a has failed"):
        client.cancel("job-a")
