"""Several API processes and reconcilers on one database: nothing is made, admitted or started twice."""

from __future__ import annotations

import os
import random
import signal
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest
from sqlalchemy import create_engine, select
from sqlalchemy.orm import Session

from service.db.base import utc_now
from service.jobs.lifecycle import FINAL
from service.reconciler.models import LeaseRow
from service.settings import Settings
from tests.contract.processes import PretendedCluster, Processes
from tests.unit.service.factories import bearer, job_spec, settings_in

TAKEOVER_WITHIN_S = 120


@pytest.fixture
def cluster(tmp_path: Path) -> PretendedCluster:
    return PretendedCluster(cpus=3.0, storage=tmp_path / "storage")


@pytest.fixture
def settings(tmp_path: Path, database_url: str, cluster: PretendedCluster) -> Iterator[Settings]:
    with cluster.serving() as url:
        yield settings_in(tmp_path, database_url=database_url, ray_url=url)


def test_fifty_posts_at_once_with_one_key_make_one_job(settings: Settings) -> None:
    with Processes(settings) as processes:
        urls = processes.start_apis(2)
        headers = {"Idempotency-Key": "only-one", **bearer(processes.token)}

        def post(number: int) -> tuple[int, str]:
            answer = httpx.post(
                f"{urls[number % 2]}/api/v1/jobs", json=job_spec(name="once"),
                headers=headers, timeout=60, trust_env=False,
            )  # fmt: skip
            return answer.status_code, answer.json().get("id", answer.text)

        with ThreadPoolExecutor(50) as pool:
            answers = list(pool.map(post, range(50)))
        assert {status for status, _ in answers} <= {200, 201}, Counter(answers)
        assert len({job_id for _, job_id in answers}) == 1
        with processes.client(urls[0]) as client:
            [job] = client.jobs.list().items
            assert [event.to_state for event in client.jobs.events(job.id).items] == ["queued"]
        other = httpx.post(f"{urls[1]}/api/v1/jobs", json=job_spec(name="other"), headers=headers, timeout=60)
        assert other.status_code == 422


def test_two_reconcilers_and_three_apis_start_each_job_once_and_take_over_from_a_killed_one(
    settings: Settings, cluster: PretendedCluster
) -> None:
    rng = random.Random(4)
    with Processes(settings) as processes:
        urls = processes.start_apis(3)
        reconcilers = {p.pid: p for p in (processes.start("service.reconciler"), processes.start("service.reconciler"))}

        def use(number: int) -> str:
            with processes.client(urls[number % 3]) as client:
                job = client.jobs.submit(job_spec(name=f"job {number}", priority=rng.randint(-9, 9)))
                if number % 5 == 0:
                    client.jobs.cancel(job.id)
                return job.id

        with ThreadPoolExecutor(6) as pool:
            ids = list(pool.map(use, range(24)))
        victim = wait_for_holder(settings, among=set(reconcilers))
        os.kill(victim, signal.SIGKILL)
        killed_at = time.monotonic()
        successor = wait_for_holder(settings, among=set(reconcilers) - {victim})
        takeover_s = time.monotonic() - killed_at
        assert successor != victim
        assert takeover_s < TAKEOVER_WITHIN_S, f"the other reconciler took over after {takeover_s:.1f} s"

        with processes.client(urls[0]) as client:
            deadline = time.monotonic() + 600
            while (jobs := {job_id: client.jobs.get(job_id) for job_id in ids}) and any(
                job.state not in FINAL for job in jobs.values()
            ):
                assert time.monotonic() < deadline, Counter(job.state for job in jobs.values())
                time.sleep(0.3)
            assert {job.state for job in jobs.values()} <= {"succeeded", "cancelled"}
            for job in jobs.values():
                states = [event.to_state for event in client.jobs.each_event(job.id)]
                assert len([state for state in states if state in FINAL]) == 1, states
                assert job.attempt <= 1, f"{job.id} was started {job.attempt} times"
    assert [id_ for id_, count in Counter(cluster.submitted).items() if count > 1] == []
    assert cluster.most_cpus_used <= cluster.cpus


def wait_for_holder(settings: Settings, *, among: set[int]) -> int:
    """The process id of the reconciler that holds the lease, when it is one of these."""
    engine = create_engine(settings.database_url.replace("+aiosqlite", ""))
    deadline = time.monotonic() + 300
    while True:
        with Session(engine) as session:
            holder = session.scalar(select(LeaseRow.holder).where(LeaseRow.expires_at > utc_now()))
        if holder is not None and (pid := int(holder.rsplit("-", 2)[1])) in among:
            engine.dispose()
            return pid
        assert time.monotonic() < deadline, f"the lease is held by {holder}, wanted one of {among}"
        time.sleep(0.05)
