"""Every visible change of a job makes a new revision, and conditional requests speak of revisions."""

from __future__ import annotations

import pytest
from sqlalchemy import update
from starlette.testclient import TestClient

from service.db import Database
from service.errors import PreconditionFailed
from service.http.conditions import IfMatch
from service.jobs.lifecycle import JobState
from service.jobs.models import JobRow
from service.jobs.repository import JobRepository
from service.jobs.transitions import transition
from tests.unit.service.test_jobs_api import add_attempt, put, submit


async def revision(database: Database, job_id: str) -> int:
    async with database.reading() as session:
        job = await JobRepository(session).get(job_id)
        assert job is not None
        return job.revision


async def test_every_way_of_changing_a_job_counts(http: TestClient, database: Database) -> None:
    job_id = submit(http)
    assert await revision(database, job_id) == 1
    await put(database, job_id, reason="waits")
    assert await revision(database, job_id) == 2
    await put(database, job_id, reason="waits")
    assert await revision(database, job_id) == 2, "the same value again is no change"
    async with database.writing() as session:
        await session.execute(update(JobRow).where(JobRow.state == "queued").values(priority=5))
    assert await revision(database, job_id) == 3
    async with database.writing() as session:
        jobs = JobRepository(session)
        job = await jobs.get(job_id)
        assert job is not None
        await transition(jobs, job, JobState.STARTING, cause="test", actor="test")
        await session.flush()
        shown = job.revision
    assert await revision(database, job_id) == shown > 3


async def test_a_change_of_an_attempt_is_a_change_of_its_job(http: TestClient, database: Database) -> None:
    job_id = submit(http)
    await add_attempt(database, job_id)
    before = await revision(database, job_id)
    async with database.writing() as session:
        attempt = await JobRepository(session).attempt(job_id, 1)
        assert attempt is not None
        attempt.state = "running and well"
    assert await revision(database, job_id) == before + 1
    async with database.writing() as session:
        jobs = JobRepository(session)
        job, attempt = await jobs.get(job_id), await jobs.attempt(job_id, 1)
        assert job is not None
        assert attempt is not None
        attempt.state = "lost"
        await session.flush()
        assert job.revision == before + 2, "also the row that is loaded knows it"


@pytest.mark.parametrize("kind", ["jobs", "sweeps"])
async def test_an_unchanged_job_is_not_sent_again(http: TestClient, database: Database, kind: str) -> None:
    from tests.unit.service.factories import job_spec, sweep_spec

    body = job_spec() if kind == "jobs" else sweep_spec()
    path = f"/api/v1/{kind}/" + http.post(f"/api/v1/{kind}", json=body).json()["id"]
    tag = http.get(path).headers["etag"]
    assert tag == '"1"'
    for header in (tag, f"W/{tag}", f'"99", {tag}', "*"):
        answer = http.get(path, headers={"If-None-Match": header})
        assert (answer.status_code, answer.content, answer.headers["etag"]) == (304, b"", tag)
    http.post(f"{path}/cancel")
    changed = http.get(path, headers={"If-None-Match": tag})
    assert changed.status_code == 200
    assert changed.headers["etag"] == f'"{changed.json()["revision"]}"' != tag
    assert http.get(path, headers={"If-None-Match": "seven"}).status_code == 422


def test_a_writer_who_is_late_is_told_so() -> None:
    IfMatch('"7"').check(7)
    IfMatch("*").check(7)
    IfMatch(None).check(7)
    with pytest.raises(PreconditionFailed, match=r'its ETag is "7", If-Match says "6"'):
        IfMatch('"6"').check(7)
