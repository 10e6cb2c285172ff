"""Live streams: exactly once, in order, resumable, and no load while nobody listens."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
import uvicorn
from fastapi import FastAPI
from starlette.testclient import TestClient

from service.access.principal import OWNER, Principal, Role
from service.api import Server
from service.clients.mlflow import MlflowClient
from service.db import Database
from service.errors import Unavailable
from service.jobs.lifecycle import JobState
from service.jobs.models import EventRow, JobRow
from service.jobs.repository import JobRepository
from service.jobs.transitions import transition
from service.settings import Settings
from service.store import open_store
from service.streams import feed as feed_module
from service.streams import logs as logs_module
from service.streams.feed import Feed, Gap
from service.streams.logic import JobStream, Streams, stream_all
from service.streams.logs import LogStream
from service.streams.positions import BadPosition, JobPosition, LogPosition, event_position
from service.streams.repository import Snapshot
from tests.unit.service.fake_mlflow import FakeMlflow
from tests.unit.service.sse import Reader, parse
from tests.unit.service.test_jobs_api import add_attempt, put, submit
from workers.journal import Journal
from workers.spec import JobFolder


@pytest.fixture
async def streams(database: Database, mlflow: FakeMlflow, settings: Settings) -> AsyncIterator[Streams]:
    client = MlflowClient(httpx.AsyncClient(base_url="http://mlflow", transport=mlflow))
    streams = Streams(database, client, store=open_store(settings))
    streams.feed = Feed(database, poll_s=0.02)
    await streams.feed.ready()
    yield streams
    await streams.feed.stop()


async def move(database: Database, job_id: str, *states: JobState) -> None:
    for state in states:
        async with database.writing() as session:
            jobs = JobRepository(session)
            job = await jobs.get(job_id)
            assert job is not None
            await transition(jobs, job, state, cause="test", actor="test")


async def open_job(
    streams: Streams, job_id: str, *keys: str, after: str | None = None, since: int | None = None
) -> Reader:
    async with streams.database.reading() as session:
        row = await JobRepository(session).get(job_id)
    assert row is not None
    position = None if after is None else JobPosition.read(after, num_keys=len(keys))
    return Reader(JobStream(streams, OWNER, row, keys, JobPosition(0), since).run(position))


async def test_states_come_once_and_in_order_over_a_reconnect(
    http: TestClient, database: Database, streams: Streams
) -> None:
    job_id = submit(http)
    await asyncio.sleep(0.2)
    reader = Reader(stream_all(streams, OWNER, None))
    assert (await reader.next()).event == "open"
    await move(database, job_id, JobState.STARTING, JobState.RUNNING)
    seen = [await reader.next("state") for _ in range(2)]
    assert [one.data["event"]["to_state"] for one in seen] == ["starting", "running"]
    assert seen[0].data["job"]["id"] == job_id
    await reader.close()
    await move(database, job_id, JobState.PAUSING, JobState.PAUSED)
    again = Reader(stream_all(streams, OWNER, event_position(str(seen[-1].id))))
    assert (await again.next()).data["last_event_id"] == seen[-1].id
    await move(database, job_id, JobState.QUEUED)
    later = [(await again.next("state")).data["event"]["to_state"] for _ in range(3)]
    assert later == ["pausing", "paused", "queued"]
    await again.close()


async def test_of_progress_only_the_latest_comes(http: TestClient, database: Database, streams: Streams) -> None:
    job_id = submit(http)
    await put(database, job_id, state="running", step=1)
    reader = Reader(stream_all(streams, OWNER, None))
    await reader.next("open")
    for step in range(2, 30):
        await put(database, job_id, step=step)
    seen = [await reader.next("progress")]
    while seen[-1].data["job"]["progress"]["step"] < 29:
        seen.append(await reader.next("progress"))
    assert len(seen) < 28
    assert {one.id for one in seen} == {None}, "progress does not move the position of a reader"
    await reader.close()


async def test_what_runs_is_told_when_a_stream_opens(http: TestClient, database: Database, streams: Streams) -> None:
    job_id = submit(http)
    await put(database, job_id, state="running", step=7)
    await asyncio.sleep(0.2)
    with streams.feed.subscribe(lambda *_: True):
        await asyncio.sleep(0.2)
        reader = Reader(stream_all(streams, OWNER, None))
        assert (await reader.next("progress")).data["job"]["progress"]["step"] == 7
        await reader.close()


async def test_only_projects_that_one_may_see_are_streamed(
    http: TestClient, database: Database, streams: Streams
) -> None:
    hidden, shown = submit(http, project="boats"), submit(http, project="cars")
    start = Reader(stream_all(streams, Principal("ada", {"cars": Role.VIEWER}), 0))
    assert (await start.next("state")).data["job"]["id"] == shown
    await move(database, hidden, JobState.STARTING)
    await move(database, shown, JobState.STARTING)
    assert (await start.next("state")).data["job"]["id"] == shown
    await start.close()


async def test_a_slow_reader_is_cut_and_reads_on_without_a_loss(
    http: TestClient, database: Database, streams: Streams, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(feed_module, "_MAX_WAITING", 5)
    reader = Reader(stream_all(streams, OWNER, None))
    opened = await reader.next("open")
    ids = [submit(http, name=f"n{number}") for number in range(8)]
    await asyncio.sleep(0.3)
    cut = await reader.next("cut")
    assert "connect again" in cut.data["reason"]
    again = Reader(stream_all(streams, OWNER, event_position(str(opened.id))))
    assert [(await again.next("state")).data["job"]["id"] for _ in ids] == ids
    await again.close()


async def test_a_reader_that_was_held_up_reads_on_for_those_who_listen(
    http: TestClient, database: Database, streams: Streams, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = submit(http)
    reader = Reader(stream_all(streams, OWNER, None))
    assert (await reader.next()).event == "open"
    assert (await reader.next("state")).data["job"]["state"] == "queued"
    monkeypatch.setattr(feed_module, "_PATIENCE_S", 0.0)
    await asyncio.sleep(0.1)
    await move(database, job, JobState.STARTING)
    assert (await reader.next("state")).data["job"]["state"] == "starting"


async def test_when_the_reader_crashes_who_listens_is_cut_and_finds_a_new_one(
    http: TestClient, database: Database, streams: Streams, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = submit(http)
    reader = Reader(stream_all(streams, OWNER, None))
    at = (await reader.next()).id
    with monkeypatch.context() as broken:
        broken.setattr(feed_module, "_change", lambda event, job: 1 / 0)
        await move(database, job, JobState.STARTING)
        assert (await reader.next("cut")).event == "cut"
    await streams.feed.ready()
    again = Reader(stream_all(streams, OWNER, int(at)))
    assert (await again.next("state")).data["job"]["state"] == "starting"


async def test_a_position_of_another_database_starts_anew(streams: Streams, http: TestClient) -> None:
    submit(http)
    reader = Reader(stream_all(streams, OWNER, 10**9))
    assert (await reader.next()).data["last_event_id"] in {"0", "1"}
    await reader.close()


def test_what_lies_above_a_gap_waits_until_the_gap_is_settled(streams: Streams) -> None:
    def rows(*ids: int) -> list[tuple[EventRow, JobRow]]:
        return [(EventRow(id=number), JobRow()) for number in ids]

    feed = Feed(streams.database)
    feed._horizon = 10
    before = Snapshot(oldest=100, following=105)
    assert [event.id for event, _ in feed._settled(rows(11, 13, 14), before)] == [11]
    feed._gap = Gap(until=14, transaction=105, seen_at=float("inf"))
    assert feed._settled(rows(13, 14, 16), Snapshot(104, 110)) == [], "the gap's transaction may still commit"
    settled = feed._settled(rows(13, 14, 16), Snapshot(105, 110))
    assert [event.id for event, _ in settled] == [13, 14], "12 never comes; 15 may"
    assert [event.id for event, _ in feed._settled(rows(15, 16), Snapshot(105, 110))] == [15, 16]
    feed._horizon, feed._gap = 16, Gap(until=18, transaction=200, seen_at=float("-inf"))
    assert [event.id for event, _ in feed._settled(rows(18), Snapshot(105, 210))] == [18], "patience ends"


async def test_a_job_is_streamed_with_its_curves_until_its_end(
    http: TestClient, database: Database, streams: Streams, mlflow: FakeMlflow
) -> None:
    job_id = submit(http)
    curve: list[tuple[int, float]] = [(10, 2.0)]
    mlflow.runs["run1"] = {"train/loss/total": curve}
    await put(database, job_id, state="running", mlflow_run_id="run1")
    reader = await open_job(streams, job_id, "train/loss/total", "val/AP")
    assert (await reader.next()).event == "open"
    curve += [(20, 1.5), (30, float("nan"))]
    points = await reader.next("metrics")
    assert [(one["step"], one["value"]) for one in points.data["series"][0]["points"]] == [(20, 1.5), (30, None)]
    await reader.close()
    curve.append((40, 1.0))
    again = await open_job(streams, job_id, "train/loss/total", "val/AP", after=points.id)
    points = await again.next("metrics")
    assert [one["step"] for one in points.data["series"][0]["points"]] == [40], "no point twice, none lost"
    mlflow.runs["run1"]["val/AP"] = [(40, 33.0)]
    await move(database, job_id, JobState.SUCCEEDED)
    rest = await again.rest()
    assert [one.data["series"][0]["key"] for one in rest if one.event == "metrics"] == ["val/AP"]
    assert (rest[-1].event, rest[-1].data) == ("end", {"state": "succeeded"})


async def test_curves_of_a_finished_job_can_be_streamed_from_a_step_on(
    http: TestClient, database: Database, streams: Streams, mlflow: FakeMlflow
) -> None:
    job_id = submit(http)
    mlflow.runs["run1"] = {"a": [(step, 1.0) for step in range(3000)]}
    await put(database, job_id, state="failed", mlflow_run_id="run1")
    sent = await (await open_job(streams, job_id, "a", since=9)).rest()
    steps = [point["step"] for one in sent if one.event == "metrics" for point in one.data["series"][0]["points"]]
    assert steps == list(range(10, 3000))
    mlflow.away = True
    assert (await (await open_job(streams, job_id, "a", since=9)).rest())[-1].event == "end"


async def test_points_come_from_the_journal_before_mlflow_has_them(
    http: TestClient, database: Database, streams: Streams, mlflow: FakeMlflow, settings: Settings
) -> None:
    job = submit(http)
    await put(database, job, mlflow_run_id="r1")
    journal = Journal(JobFolder(settings.storage, job).journal)
    journal.append({"val/AP": 1.0}, step=10)
    reader = await open_job(streams, job, "val/AP", since=-1)
    mlflow.away = True
    assert (await reader.next("metrics")).data["series"][0]["points"][0]["step"] == 10
    journal.append({"val/AP": 2.0}, step=20)
    assert [point["step"] for point in (await reader.next("metrics")).data["series"][0]["points"]] == [20]


async def test_readers_of_one_run_share_what_mlflow_is_asked(mlflow: FakeMlflow, streams: Streams) -> None:
    mlflow.runs["run1"] = {"a": [(1, 1.0)]}
    await asyncio.gather(*(streams.tails.since("run1", "a", -1) for _ in range(50)))
    assert len(mlflow.seen) == 1


@pytest.mark.parametrize("text", ["x", "1~run", "1~run~5~6", "-1", "1" * 30, "", "1~" + "r" * 70 + "~1"])
def test_a_position_that_was_made_up_is_refused(text: str) -> None:
    with pytest.raises(BadPosition):
        JobPosition.read(text, num_keys=1)


async def test_a_log_is_streamed_over_attempts_to_its_last_byte(
    http: TestClient, database: Database, streams: Streams, settings: Settings
) -> None:
    job_id = submit(http)
    folder = JobFolder(settings.storage, job_id)
    for number in (1, 2):
        folder.log(number).parent.mkdir(parents=True)
    folder.log(1).write_text("one\n" * 30_000)
    await add_attempt(database, job_id, 1, ended=True)
    await add_attempt(database, job_id, 2)
    await put(database, job_id, state="running")
    reader = Reader(LogStream(streams, OWNER, open_store(settings), job_id, None).run())
    await reader.next("open")
    first = await reader.next("log")
    second = await reader.next("log")
    assert first.data["text"] + second.data["text"] == "one\n" * 30_000
    assert second.id == "1~120000"
    with folder.log(2).open("a") as log:
        for line in ("größe\n", "two\n"):
            log.write(line)
            log.flush()
            piece = await reader.next("log")
            assert (piece.data["attempt"], piece.data["text"]) == (2, line)
    await reader.close()
    again = Reader(LogStream(streams, OWNER, open_store(settings), job_id, LogPosition.read(str(piece.id))).run())
    with folder.log(2).open("a") as log:
        log.write("last words")
    async with database.writing() as session:
        attempt = await JobRepository(session).attempt(job_id, 2)
        assert attempt is not None
        attempt.ended_at = attempt.created_at
    await move(database, job_id, JobState.FAILED)
    rest = await again.rest()
    assert [one.data["text"] for one in rest if one.event == "log"] == ["last words"]
    assert (rest[-1].event, rest[-1].data["state"]) == ("end", "failed")


async def test_readers_of_long_logs_leave_turns_to_others(
    http: TestClient, database: Database, streams: Streams, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    job_id = submit(http)
    log = JobFolder(settings.storage, job_id).log(1)
    log.parent.mkdir(parents=True)
    log.write_text("x" * 400_000)
    await add_attempt(database, job_id, 1, ended=True)
    await move(database, job_id, JobState.STARTING, JobState.FAILED)
    now, most = [0], [0]
    read = logs_module.read_piece

    def slow(*given: Any, **how: Any) -> tuple[str, int, bool]:
        now[0] += 1
        most[0] = max(most[0], now[0])
        time.sleep(0.005)
        now[0] -= 1
        return read(*given, **how)

    monkeypatch.setattr(logs_module, "read_piece", slow)
    readers = [Reader(LogStream(streams, OWNER, open_store(settings), job_id, None).run()) for _ in range(8)]
    for found in await asyncio.gather(*(reader.rest() for reader in readers)):
        assert sum(len(one.data["text"]) for one in found if one.event == "log") == 400_000
    assert most[0] <= 2


def test_streams_over_http_are_documented_and_resumable(http: TestClient, settings: Settings) -> None:
    job_id = submit(http)
    http.post(f"/api/v1/jobs/{job_id}/cancel")
    answer = http.get(f"/api/v1/jobs/{job_id}/stream", headers={"Last-Event-ID": "0"})
    assert answer.headers["content-type"].startswith("text/event-stream")
    assert answer.headers["cache-control"] == "no-store"
    sent = parse(answer.text)
    assert [one.event for one in sent] == ["open", "state", "state", "progress", "end"]
    logs = http.get(f"/api/v1/jobs/{job_id}/logs/stream")
    assert [one.event for one in parse(logs.text)] == ["open", "end"]
    assert http.get(f"/api/v1/jobs/{job_id}/stream?last_event_id=x~y").status_code == 422
    assert http.get("/api/v1/stream", headers={"Last-Event-ID": "1~2~3"}).status_code == 422
    assert http.get("/api/v1/jobs/job-aaaaaaaaaa/stream").status_code == 404


async def test_a_server_that_goes_down_ends_its_streams(app: FastAPI, owner: dict[str, str]) -> None:
    server = Server(uvicorn.Config(app, host="127.0.0.1", port=0, log_level="error", timeout_graceful_shutdown=5))
    serving = asyncio.create_task(server.serve())
    while not server.started:  # noqa: ASYNC110
        await asyncio.sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    async with (
        httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", headers=owner, trust_env=False) as client,
        client.stream("GET", "/api/v1/stream") as answer,
    ):
        reader = Reader(answer.aiter_bytes())
        await reader.next("open")
        server.should_exit = True
        assert "going down" in (await reader.next("cut")).data["reason"]
    async with asyncio.timeout(3):
        await serving


def test_nobody_waits_for_the_feed_with_a_connection_in_hand(http: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    """Or twenty who come at once would keep from it what it waits for."""
    job_id = submit(http)
    held: list[int] = []

    async def ready(feed: Feed) -> None:
        held.append(feed._database.engine.pool.checkedout())  # type: ignore[attr-defined]
        raise Unavailable("not yet")

    monkeypatch.setattr(Feed, "ready", ready)
    for path in ("/api/v1/stream", f"/api/v1/jobs/{job_id}/stream", f"/api/v1/jobs/{job_id}/logs/stream"):
        assert http.get(path).status_code == 503
    assert held == [0, 0, 0]
