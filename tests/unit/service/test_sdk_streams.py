"""Following jobs and logs from Python: nothing lost and nothing twice, whatever happens to the connection."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest
from typer.testing import CliRunner

from service.cli import main
from service.cli.exits import Exit
from service.sdk import Client, MetricsLogged, NotFoundError, ServerUnreachable
from service.settings import Settings
from tests.unit.service.factories import job_spec
from workers.spec import JobFolder


@pytest.fixture
def online(url: str, owner: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> Iterator[Client]:
    """A client that talks to the application over the network, as the owner."""
    monkeypatch.setenv("STILLHOUSE_URL", url)
    monkeypatch.setenv("STILLHOUSE_TOKEN", owner["Authorization"].removeprefix("Bearer "))
    with Client() as client:
        yield client


def test_watching_shows_each_change_until_the_end(online: Client) -> None:
    job = online.jobs.submit(job_spec())
    seen = []
    for now in online.jobs.watch(job.id):
        seen.append(now.state)
        if now.state == "queued":
            online.jobs.cancel(job.id)
    assert seen == ["queued", "cancelled"]
    assert online.jobs.wait(job.id).state == "cancelled"


def test_updates_of_one_job_and_of_all(online: Client) -> None:
    job = online.jobs.submit(job_spec())
    everything = online.jobs.all_updates()
    for update in online.jobs.updates(job.id, keys=["val/AP"], since_step=0):
        assert not isinstance(update, MetricsLogged)
        if update.job.state == "queued":
            online.jobs.pause(job.id)
        elif update.job.state == "paused":
            online.jobs.cancel(job.id)
    later = online.jobs.submit(job_spec(name="later"))
    assert next(one.job.name for one in everything if not isinstance(one, MetricsLogged) and one.job.id == later.id)
    everything.close()


def test_a_job_that_is_not_there_cannot_be_watched(online: Client) -> None:
    with pytest.raises(NotFoundError):
        next(online.jobs.watch("job-none"))


def test_a_log_is_followed_to_the_end(online: Client, settings: Settings) -> None:
    job = online.jobs.submit(job_spec())
    log = JobFolder(settings.storage, job.id).log(1)
    log.parent.mkdir(parents=True)
    log.write_text("step 1\nstep 2, größer\n")
    online.jobs.cancel(job.id)
    assert "".join(piece.text for piece in online.jobs.follow_logs(job.id)) == "step 1\nstep 2, größer\n"
    assert CliRunner().invoke(main.app, ["logs", job.id, "--follow"]).stdout == "step 1\nstep 2, größer\n"
    watched = CliRunner().invoke(main.app, ["watch", job.id])
    assert (watched.exit_code, "cancelled" in watched.stdout) == (Exit.FAILED, True)


class Stream:
    """A server whose stream breaks: each answer is a piece of it, an error, or a status."""

    def __init__(self, *answers: bytes | int | type[httpx.HTTPError]) -> None:
        self._answers = list(answers)
        self.resumed_at: list[str | None] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.resumed_at.append(request.headers.get("Last-Event-ID"))
        answer = self._answers.pop(0)
        if isinstance(answer, bytes):
            return httpx.Response(200, content=answer)
        if isinstance(answer, int):
            problem = {"type": "x", "title": "no", "status": answer, "detail": "no", "instance": "/", "request_id": "r"}
            return httpx.Response(answer, json={**problem, "errors": []})
        raise answer("broken", request=request)


def log(offset: int, text: str) -> bytes:
    end = offset + len(text)
    data = f'{{"attempt": 1, "offset": {offset}, "next_offset": {end}, "text": "{text}"}}'
    return f"retry: 0\n\nid: 1~{end}\nevent: log\ndata: {data}\n\n".encode()


END = b'event: end\ndata: {"state": "succeeded"}\n\n'


def followed(*answers: bytes | int | type[httpx.HTTPError]) -> tuple[str, Stream]:
    server = Stream(*answers)
    with Client("http://x", transport=httpx.MockTransport(server), tries=1, backoff_s=0) as client:
        return "".join(piece.text for piece in client.jobs.follow_logs("job-a")), server


def test_a_stream_goes_on_where_it_broke() -> None:
    half = log(3, "def")[:-9]
    text, server = followed(log(0, "abc") + half, log(3, "def") + b'event: cut\ndata: {"reason": "x"}\n\n', END)
    assert text == "abcdef"
    assert server.resumed_at == [None, "1~3", "1~6"]


def test_a_server_that_comes_back_is_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("service.sdk._streams._PAUSE_S", 0)
    text, server = followed(log(0, "abc"), httpx.ConnectError, 503, httpx.ReadTimeout, log(3, "def") + END)
    assert text == "abcdef"
    assert server.resumed_at == [None, "1~3", "1~3", "1~3", "1~3"]


def test_a_server_that_stays_away_is_not_waited_for_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ServerUnreachable):
        followed(httpx.ConnectError)
    monkeypatch.setattr("service.sdk._streams.PATIENCE_S", 0)
    with pytest.raises(ServerUnreachable, match="broken"):
        followed(log(0, "abc"), httpx.ConnectError)


def test_events_of_a_later_server_are_passed_over_and_nonsense_is_told() -> None:
    assert followed(b"event: weather\ndata: fine\n\n" + log(0, "abc") + END)[0] == "abc"
    with pytest.raises(ServerUnreachable, match="not a Stillhouse"):
        followed(b"event: log\ndata: {}\n\n")
