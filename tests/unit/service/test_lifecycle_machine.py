"""Whatever happens in whatever order, the invariants of a job hold: a state machine that hypothesis drives."""

from __future__ import annotations

import asyncio
import shutil
import tempfile
from collections.abc import Coroutine
from itertools import pairwise
from pathlib import Path
from typing import Any, ClassVar, TypeVar

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, invariant, rule

from service.db import Database, migrate
from service.jobs.errors import ActionRefused
from service.jobs.lifecycle import ACTIVE, FINAL, TRANSITIONS, Action, JobState
from service.jobs.models import AttemptRow, EventRow, JobRow
from service.settings import Settings
from tests.unit.service.factories import settings_in
from tests.unit.service.fake_mlflow import FakeMlflow
from tests.unit.service.fake_ray import FakeRay
from tests.unit.service.world import World

T = TypeVar("T")
LIVE = ("PENDING", "RUNNING")


class Lifecycle(RuleBasedStateMachine):
    """People, attempts, Ray and crashes act in any order; after each act everything that must hold is looked at."""

    template: ClassVar[Path | None] = None
    jobs = Bundle("jobs")

    def __init__(self) -> None:
        super().__init__()
        self.loop = asyncio.new_event_loop()
        self.folder = Path(tempfile.mkdtemp())
        shutil.copy(self._migrated(), self.folder / "stillhouse.db")
        self.ray = FakeRay(cpus=2)
        given = {**dict(settings_in(self.folder)), "preemption": True, "preemption_min_run_s": 0}
        found = Settings.model_validate(given)
        self.world = World(found, Database(found.database_url), self.ray, FakeMlflow())
        self.retried: dict[str, int] = {}

    @classmethod
    def _migrated(cls) -> Path:
        if cls.template is None:
            cls.template = Path(tempfile.mkdtemp()) / "stillhouse.db"
            migrate(f"sqlite+aiosqlite:///{cls.template}")
        return cls.template

    def run(self, what: Coroutine[Any, Any, T]) -> T:
        return self.loop.run_until_complete(what)

    # What people do

    @rule(target=jobs, priority=st.integers(0, 2), cpus=st.sampled_from([1, 2]), preemptible=st.booleans())
    def submit(self, priority: int, cpus: int, preemptible: bool) -> str:
        return self.run(
            self.world.submit(priority=priority, resources={"cpus": cpus}, preemptible=preemptible,
                              retry={"max_attempts": 2})
        )  # fmt: skip

    @rule(job_id=jobs, action=st.sampled_from(list(Action)), from_scratch=st.booleans())
    def ask(self, job_id: str, action: Action, from_scratch: bool) -> None:
        how = {"from_scratch": from_scratch} if action == Action.RETRY else {}
        before = self.run(self.world.job(job_id))
        try:
            after = self.run(self.world.act(job_id, action, **how))
        except ActionRefused:
            return
        again = self.run(self.world.act(job_id, action, **how))
        assert (again.state, again.attempt) == (after.state, after.attempt), "asking twice changes nothing"
        if before.state in FINAL and after.state == JobState.QUEUED:
            self.retried[job_id] = self.retried.get(job_id, 0) + 1

    # What attempts do

    @rule(job_id=jobs)
    def beat(self, job_id: str) -> None:
        """The newest attempt gives a sign of life, if it runs."""
        number = self._live_attempt(job_id)
        if number is not None:
            self.world.beat(job_id, attempt=number)

    @rule(job_id=jobs, outcome=st.sampled_from(["succeeded", "failed", "stopped", "infrastructure"]))
    def end(self, job_id: str, outcome: str) -> None:
        number = self._live_attempt(job_id)
        if number is None:
            return
        cause = {"failed": "bad_input", "infrastructure": "infrastructure"}.get(outcome)
        word = "failed" if outcome == "infrastructure" else outcome
        self.world.end(job_id, attempt=number, outcome=word, cause=cause, reason="it ended")
        self.ray.end(f"{job_id}-{number}", "SUCCEEDED")

    @rule(job_id=jobs, attempt=st.integers(1, 3))
    def late_end(self, job_id: str, attempt: int) -> None:
        """An earlier attempt that everybody thought lost leaves its end marker."""
        if attempt < self.run(self.world.job(job_id)).attempt:
            self.world.end(job_id, attempt=attempt, outcome="succeeded", reason="late")

    @rule(job_id=jobs)
    def kill(self, job_id: str) -> None:
        number = self._live_attempt(job_id)
        if number is not None:
            self.ray.end(f"{job_id}-{number}", "FAILED")

    # What happens around them

    @rule()
    def ray_forgets(self) -> None:
        self.ray.jobs.clear()

    @rule(away=st.booleans())
    def ray_goes_or_comes(self, away: bool) -> None:
        self.ray.away = away

    @rule(lose=st.booleans())
    def answers_get_lost(self, lose: bool) -> None:
        self.ray.lose_answers = lose

    @rule(seconds=st.sampled_from([1, 6, 21, 70]))
    def time_passes(self, seconds: int) -> None:
        self.world.now_s += seconds

    @rule()
    def reconcile(self) -> None:
        self.run(self.world.round())

    @rule()
    def crash_and_reconcile(self) -> None:
        """A new process that remembers nothing; the old one wrote its row and had not told Ray."""
        self.world.restart()
        self.run(self.world.round())

    @rule(job_id=jobs)
    def crash_before_submission(self, job_id: str) -> None:
        job = self.run(self.world.job(job_id))
        if job.state == JobState.STARTING:
            self.run(self.world.change_attempt(job_id, job.attempt, submitted_at=None))
            self.world.restart()

    # What holds always

    @invariant()
    def what_must_hold_always_holds(self) -> None:
        rows, attempts, events = self.run(self.world.everything())
        for row in rows:
            changes = [event for event in events if event.job_id == row.id]
            tries = [attempt for attempt in attempts if attempt.job_id == row.id]
            self._no_change_was_illegal_and_none_is_missing(row, changes)
            ends = sum(JobState(change.to_state) in FINAL for change in changes)
            assert ends <= 1 + self.retried.get(row.id, 0), "it ended twice, and nobody asked for a retry"
            self._at_most_one_attempt_may_write(row, tries)

    def _no_change_was_illegal_and_none_is_missing(self, row: JobRow, changes: list[EventRow]) -> None:
        assert changes[0].from_state is None
        for before, after in pairwise(changes):
            assert after.from_state == before.to_state
            assert after.to_state in TRANSITIONS[JobState(before.to_state)]
        assert changes[-1].to_state == row.state

    def _at_most_one_attempt_may_write(self, row: JobRow, tries: list[AttemptRow]) -> None:
        live = [attempt for attempt in tries if attempt.ended_at is None]
        assert len(live) <= 1
        assert bool(live) == (row.state in ACTIVE)
        fence = self.world.folder(row.id).read_fence()
        for attempt in tries:
            if attempt.state in ("lost", "cancelled") and attempt.reason != "it ended" and attempt.started_at:
                assert fence is not None
                assert fence.attempt > attempt.number, "it would still write"

    def teardown(self) -> None:
        """Let everything come to its end: then no job is lost and nothing is held any more."""
        self.ray.away = self.ray.lose_answers = False
        for _ in range(60):
            unfinished = [job for job in map(self._job, self._ids()) if job.state not in FINAL]
            if not unfinished:
                break
            for job in unfinished:
                if job.state == JobState.PAUSED:
                    self.run(self.world.act(job.id, Action.RESUME))
                elif (number := self._live_attempt(job.id)) is not None:
                    self.world.beat(job.id, attempt=number)
                    self.world.end(job.id, attempt=number, reason="it ended")
                elif job.state == JobState.STARTING:
                    self.world.now_s += self.world.settings.start_timeout_s
            self.world.now_s += 6
            self.run(self.world.round())
        for job in map(self._job, self._ids()):
            assert job.state in FINAL, f"{job.id} is {job.state} for ever: {job.reason}"
        self.run(self.world.database.close())
        self.loop.close()
        shutil.rmtree(self.folder)

    def _job(self, job_id: str) -> Any:
        return self.run(self.world.job(job_id))

    def _ids(self) -> list[str]:
        return [row.id for row in self.run(self.world.everything())[0]]

    def _live_attempt(self, job_id: str) -> int | None:
        number = int(self._job(job_id).attempt)
        known = self.ray.jobs.get(f"{job_id}-{number}")
        return number if known is not None and known["status"] in LIVE else None


TestLifecycle = Lifecycle.TestCase
TestLifecycle.settings = settings(
    max_examples=10, stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck)
)
