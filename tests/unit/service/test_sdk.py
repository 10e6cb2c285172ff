"""The Python client, against the real application without a network."""

from __future__ import annotations

import asyncio
import inspect
import json
import os
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from service.sdk import (
    ApiError,
    AsyncClient,
    ChangedError,
    Client,
    ConflictError,
    ForbiddenError,
    InvalidError,
    JobSpec,
    NotFoundError,
    Problem,
    ServerUnreachable,
    SignInError,
    SweepSpec,
    UnavailableError,
    WaitTimeout,
)
from tests.unit.service.factories import job_spec, sweep_spec


@pytest.fixture
def client(http: TestClient) -> Client:
    return Client("http://testserver", http=http)


def test_everything_that_a_script_needs_is_there(client: Client) -> None:
    job = client.jobs.submit(JobSpec.model_validate(job_spec()))
    sweep = client.sweeps.submit(SweepSpec.model_validate(sweep_spec()))
    assert client.jobs.get(job.id) == job
    assert [one.id for one in client.jobs.list(state=["queued"]).items] == [sweep.id, job.id]
    assert client.jobs.list(limit=1).next_cursor is not None
    assert client.sweeps.get(sweep.id).kind == "sweep"
    assert [one.id for one in client.sweeps.list().items] == [sweep.id]
    assert client.sweeps.trials(sweep.id).items == []
    assert client.jobs.logs(job.id).text == ""
    assert client.jobs.metrics(job.id).series == []
    assert client.cluster.get().cpus_total == 2
    with pytest.raises(UnavailableError, match="no reconciler holds the lease"):
        client.cluster.ready()
    assert client.jobs.cancel(job.id).state == "cancelled"
    assert client.jobs.wait(job.id).state == "cancelled"
    assert [one.state for one in client.jobs.watch(job.id)] == ["cancelled"]
    assert [event.to_state for event in client.jobs.events(job.id).items] == ["queued", "cancelled"]


def test_a_wrong_spec_is_told_by_field(client: Client) -> None:
    with pytest.raises(InvalidError) as caught:
        client.jobs.submit(job_spec(training={"num_steps": 0}))
    assert {error.field for error in caught.value.problem.errors} == {"training.data", "training.num_steps"}
    assert "training.num_steps" in str(caught.value)


def test_errors_have_their_own_types(client: Client) -> None:
    with pytest.raises(NotFoundError, match="there is no job 'job-x'"):
        client.jobs.get("job-x")
    with pytest.raises(NotFoundError):
        client.jobs.get("../sweeps")
    job = client.jobs.submit(job_spec())
    with pytest.raises(WaitTimeout, match="still queued"):
        client.jobs.wait(job.id, timeout_s=0.1, poll_s=0.05)
    with pytest.raises(InvalidError):
        client.jobs.submit(job_spec(name="other"), idempotency_key="two words")


def test_a_submission_without_an_answer_is_sent_again_with_the_same_key() -> None:
    keys: list[str] = []

    def flaky(request: httpx.Request) -> httpx.Response:
        keys.append(request.headers["Idempotency-Key"])
        raise httpx.ReadTimeout("timed out", request=request)

    with (
        Client("http://x", transport=httpx.MockTransport(flaky), backoff_s=0) as client,
        pytest.raises(ServerUnreachable, match="stillhouse up"),
    ):
        client.jobs.submit(job_spec())
    assert len(keys) == 3
    assert len(set(keys)) == 1


def test_another_server_at_the_address_is_recognised() -> None:
    transport = httpx.MockTransport(lambda request: httpx.Response(200, text="<html>"))
    with Client("http://x", transport=transport) as client, pytest.raises(ServerUnreachable, match="not a Stillhouse"):
        client.jobs.list()


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
        client.jobs.cancel("job-a")


def test_lists_are_iterated_over_all_pages(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("service.sdk._jobs._PAGE", 2)
    ids = [client.jobs.submit(job_spec(name=f"job {number}")).id for number in range(5)]
    assert [job.id for job in client.jobs.each(sort="created")] == ids
    assert [job.id for job in client.jobs.each(text="job 3")] == [ids[3]]
    assert [event.to_state for event in client.jobs.each_event(ids[0])] == ["queued"]


class Answers:
    """A server that gives these answers, one after the other; an exception breaks the connection."""

    def __init__(self, *answers: httpx.Response | type[httpx.HTTPError]) -> None:
        self._answers = iter(answers)
        self.requests = 0

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.requests += 1
        answer = next(self._answers)
        if isinstance(answer, httpx.Response):
            return answer
        raise answer("broken", request=request)


def healthy() -> httpx.Response:
    return httpx.Response(200, json={"status": "ok", "version": "1"})


def problem(status: int) -> httpx.Response:
    document = Problem(type="x", title="no", status=status, detail="no", instance="/", request_id="req-1", errors=[])
    return httpx.Response(status, json=document.model_dump(), headers={"Retry-After": "0"})


@pytest.mark.parametrize(
    "trouble",
    [problem(502), problem(503), problem(429), httpx.ConnectError, httpx.ReadTimeout, httpx.RemoteProtocolError],
)
def test_passing_trouble_is_sat_out(trouble: httpx.Response | type[httpx.HTTPError]) -> None:
    answers = Answers(trouble, trouble, healthy())
    with Client("http://x", transport=httpx.MockTransport(answers), backoff_s=0) as client:
        assert client.cluster.health().status == "ok"
    assert answers.requests == 3


def test_trouble_that_does_not_pass_is_raised() -> None:
    for trouble, error in ((problem(503), UnavailableError), (httpx.ReadTimeout, ServerUnreachable)):
        answers = Answers(*[trouble] * 4)
        with Client("http://x", transport=httpx.MockTransport(answers), backoff_s=0) as client, pytest.raises(error):
            client.cluster.health()
        assert answers.requests == 3


@pytest.mark.parametrize(
    ("status", "error"),
    [
        (400, InvalidError),
        (401, SignInError),
        (403, ForbiddenError),
        (404, NotFoundError),
        (409, ConflictError),
        (412, ChangedError),
        (422, InvalidError),
        (500, ApiError),
    ],
)
def test_what_will_not_pass_is_raised_at_once(status: int, error: type[ApiError]) -> None:
    answers = Answers(problem(status))
    with Client("http://x", transport=httpx.MockTransport(answers)) as client, pytest.raises(error) as caught:
        client.cluster.health()
    assert type(caught.value) is error
    assert answers.requests == 1


@pytest.fixture
async def patient(app: FastAPI, owner: dict[str, str]) -> AsyncIterator[AsyncClient]:
    token = owner["Authorization"].removeprefix("Bearer ")
    async with (
        app.router.lifespan_context(app),
        AsyncClient("http://testserver", token=token, transport=httpx.ASGITransport(app)) as client,
    ):
        yield client


async def test_the_asynchronous_client_does_the_same(patient: AsyncClient) -> None:
    jobs = await asyncio.gather(*(patient.jobs.submit(job_spec(name=f"job {number}")) for number in range(3)))
    assert {job.id async for job in patient.jobs.each()} == {job.id for job in jobs}
    assert (await patient.jobs.cancel(jobs[0].id)).state == "cancelled"
    assert (await patient.jobs.wait(jobs[0].id)).state == "cancelled"
    assert [job.state async for job in patient.jobs.watch(jobs[0].id)] == ["cancelled"]
    with pytest.raises(NotFoundError):
        await patient.jobs.get("job-x")
    with pytest.raises(WaitTimeout):
        await patient.jobs.wait(jobs[1].id, timeout_s=0.02, poll_s=0.01)


async def test_the_synchronous_client_works_beside_a_running_event_loop() -> None:
    with Client("http://x", transport=httpx.MockTransport(Answers(healthy()))) as client:
        assert client.cluster.health().status == "ok"


def test_methods_explain_themselves(client: Client) -> None:
    assert client.jobs.get.__doc__ == "One job or sweep with its spec and its attempts."
    assert str(inspect.signature(client.jobs.get)) == "(job_id: 'str') -> 'Job'"


def test_the_address_is_found(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("STILLHOUSE_STATE", str(tmp_path))
    assert Client().url == "http://127.0.0.1:8470"
    record = {"url": "http://127.0.0.1:4321", "pid": os.getpid()}
    (tmp_path / "stack.json").write_text(json.dumps(record))
    assert Client().url == "http://127.0.0.1:4321"
    (tmp_path / "stack.json").write_text(json.dumps({**record, "pid": 2**22 + 1}))
    assert Client().url == "http://127.0.0.1:8470"
    monkeypatch.setenv("STILLHOUSE_URL", "http://cluster:8470/")
    assert Client().url == "http://cluster:8470"
    assert Client("http://given").url == "http://given"


def test_the_owners_token_goes_to_the_embedded_stack_alone(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("STILLHOUSE_STATE", str(tmp_path))
    (tmp_path / "stack.json").write_text(json.dumps({"url": "http://127.0.0.1:4321", "pid": os.getpid()}))
    (tmp_path / "owner-token").write_text("secret\n")
    seen: list[str | None] = []

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append(request.headers.get("Authorization"))
        return healthy()

    def ask(url: str | None = None, token: str | None = None) -> str | None:
        with Client(url, token=token, transport=httpx.MockTransport(answer)) as client:
            client.cluster.health()
        return seen[-1]

    assert ask() == ask("http://localhost:4321") == "Bearer secret"
    assert ask("http://127.0.0.1:4322") is ask("https://127.0.0.1:4321") is ask("http://elsewhere:4321") is None
    monkeypatch.setenv("STILLHOUSE_TOKEN", "environment")
    assert ask("http://elsewhere") == "Bearer environment"
    assert ask("http://elsewhere", "argument") == "Bearer argument"
