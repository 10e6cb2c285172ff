"""A pause leaves no trace in what a training gives, and a retry after a cancel goes on as if nothing had happened."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from safetensors.torch import load_file

from service.jobs.schemas import Job
from service.sdk import Client
from tests.crash.trainings import TIMED_METRICS
from tests.factories import small_job
from tests.stack import RunningStack, wait_for, wait_until
from workers.spec import JobFolder

pytestmark = pytest.mark.stack
STEPS = 60


@pytest.fixture
def client(stack: RunningStack) -> Iterator[Client]:
    with stack.client() as client:
        yield client


@pytest.fixture
def whole(client: Client) -> Job:
    """A job that nobody interrupts."""
    return client.jobs.submit(small_job("never interrupted", steps=STEPS, distil=False))


def wait_for_step(client: Client, job_id: str, step: int) -> None:
    wait_until(lambda: client.jobs.get(job_id).progress.step >= step, lambda: client.jobs.get(job_id), every_s=0.1)


def assert_same(found: Job, expected: Job, stack: RunningStack) -> None:
    def untimed(job: Job) -> dict[str, float]:
        return {key: value for key, value in job.metrics.items() if key not in TIMED_METRICS}

    assert untimed(found) == untimed(expected)
    students = [
        load_file(JobFolder(stack.state / "storage", job.id).work / "student.safetensors") for job in (found, expected)
    ]
    assert students[0].keys() == students[1].keys()
    for name, weights in students[0].items():
        assert weights.equal(students[1][name]), name


@pytest.mark.parametrize(
    ("action", "settled", "undo"), [("pause", "paused", "resume"), ("cancel", "cancelled", "retry")]
)
def test_a_job_taken_up_again_gives_bit_by_bit_the_same_student(
    client: Client, stack: RunningStack, whole: Job, action: str, settled: str, undo: str
) -> None:
    job = client.jobs.submit(small_job(f"{action} and {undo}", steps=STEPS, distil=False))
    wait_for_step(client, job.id, 5)
    getattr(client.jobs, action)(job.id)
    stopped = wait_for(client, job.id, settled)
    assert stopped.attempts[0].state in ("stopped", "cancelled")
    assert 5 <= stopped.progress.step < STEPS
    getattr(client.jobs, undo)(job.id)

    ended = wait_for(client, job.id, "succeeded")
    expected = wait_for(client, whole.id, "succeeded")
    assert (ended.attempt, expected.attempt) == (2, 1)
    assert_same(ended, expected, stack)
