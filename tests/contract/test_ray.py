"""What we rely on in Ray's REST API, checked on the fake of the unit tests and on a real Ray.

The real one is that of the tests' stack, else the one whose dashboard STILLHOUSE_TEST_RAY_URL names.
"""

from __future__ import annotations

import asyncio
import os
import uuid
from collections.abc import AsyncIterator, Callable

import httpx
import pytest

from service.clients.ray import RayClient, RayRefused, RayStatus, RayUnreachable
from tests.unit.service.fake_ray import FakeRay


@pytest.fixture(params=["fake", pytest.param("real", marks=pytest.mark.stack)])
async def ray(request: pytest.FixtureRequest) -> AsyncIterator[RayClient]:
    if request.param == "fake":
        http = httpx.AsyncClient(base_url="http://ray", transport=FakeRay())
    else:
        url = os.environ.get("STILLHOUSE_TEST_RAY_URL") or request.getfixturevalue("stack").ray_url
        http = httpx.AsyncClient(base_url=url, trust_env=False)
    client = RayClient(http)
    yield client
    await client.close()


def new_id() -> str:
    return f"job-{uuid.uuid4().hex[:10]}-1"


async def launch(ray: RayClient, submission_id: str, entrypoint: str = "sleep 30") -> bool:
    return await ray.launch(submission_id, entrypoint, cpus=0.1, gpus=0, env_vars={"RAY_JOB_STOP_WAIT_TIME_S": "1"})


async def until(ray: RayClient, submission_id: str, wanted: Callable[[RayStatus], bool]) -> RayStatus:
    for _ in range(120):
        job = await ray.job(submission_id)
        if job is not None and wanted(job.status):
            return job.status
        await asyncio.sleep(0.25)
    raise AssertionError(f"Ray never said what was waited for, its last word was {job}")


async def test_a_submission_is_made_once_however_often_it_is_asked_for(ray: RayClient) -> None:
    submission_id = new_id()
    assert await launch(ray, submission_id)
    assert not await launch(ray, submission_id)
    assert submission_id in await ray.jobs()
    await ray.stop(submission_id)


async def test_an_unknown_submission_is_none_and_stopping_it_is_no_error(ray: RayClient) -> None:
    assert await ray.job("job-unknown-1") is None
    await ray.stop("job-unknown-1")
    await ray.delete("job-unknown-1")


async def test_a_running_submission_can_be_stopped(ray: RayClient) -> None:
    submission_id = new_id()
    await launch(ray, submission_id)
    await until(ray, submission_id, lambda status: status == RayStatus.RUNNING)
    await ray.stop(submission_id)
    assert await until(ray, submission_id, lambda status: status.ended) == RayStatus.STOPPED
    await ray.delete(submission_id)
    assert await ray.job(submission_id) is None


async def test_a_nonsensical_submission_is_refused(ray: RayClient) -> None:
    with pytest.raises(RayRefused, match="entrypoint must be a string"):
        await launch(ray, new_id(), entrypoint=1)  # type: ignore[arg-type]


async def test_the_cluster_has_cpus(ray: RayClient) -> None:
    for _ in range(120):  # the dashboard of a Ray that has just started knows no node yet
        resources = await ray.resources()
        if resources.cpus_total:
            break
        await asyncio.sleep(0.25)
    assert resources.cpus_total >= 1
    assert resources.gpus_total >= 0
    assert resources.cpus_used >= 0
    assert await ray.version()


async def test_nobody_at_the_address_is_unreachable() -> None:
    client = RayClient(httpx.AsyncClient(base_url="http://127.0.0.1:9", trust_env=False))
    with pytest.raises(RayUnreachable, match="Ray does not answer"):
        await client.job("job-a-1")
    with pytest.raises(RayUnreachable, match=r"no answer|does not answer"):
        await launch(client, "job-a-1")
    await client.close()
