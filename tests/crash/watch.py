"""Looking at processes and rows from outside while the load runs: what lived when, and who held what."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import psutil
from sqlalchemy import Engine, create_engine, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from service.db.base import utc_now
from service.jobs.lifecycle import ACTIVE
from service.jobs.models import AttemptRow, JobRow
from service.reconciler.models import LeaseRow
from tests.crash.crew import attempt_of

LOOK_EVERY_S = 0.25


@dataclass
class Life:
    """When the process of an attempt was there, by the kernel's start time and our last look (wall clock)."""

    job_id: str
    number: int
    pid: int
    began: float
    last_seen: float


def reading_engine(database_url: str) -> Engine:
    """A connection of our own to the service's database, for reading."""
    return create_engine(database_url.replace("+aiosqlite", ""), pool_pre_ping=True)


@dataclass(frozen=True)
class Running:
    """An attempt that had shown life when a kill came."""

    job_id: str
    number: int


class Watcher:
    """A thread that looks a few times a second until it is stopped."""

    def __init__(self, database_url: str, storage: Path, *, cpus: float) -> None:
        self._storage = storage
        self._engine = reading_engine(database_url)
        self._cpus = cpus
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._work, name="watcher", daemon=True)
        self._not_attempts: set[int] = set()
        self._lives: dict[tuple[int, float], Life] = {}
        self.num_looks = 0
        self.wrong: list[str] = []
        self._failure: BaseException | None = None

    def __enter__(self) -> Watcher:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()
        self._engine.dispose()

    def stop(self) -> None:
        self._ended.set()
        self._thread.join(30)
        if self._failure is not None:
            raise self._failure

    @property
    def lives(self) -> list[Life]:
        return list(self._lives.values())

    def running(self) -> list[Running]:
        """Attempts that have shown life and have not ended, as the database says; nothing while it is away."""
        query = (
            select(AttemptRow.job_id, AttemptRow.number)
            .join(JobRow, (JobRow.id == AttemptRow.job_id) & (JobRow.attempt == AttemptRow.number))
            .where(JobRow.state.in_([state.value for state in ACTIVE]), AttemptRow.heartbeat_at.is_not(None))
        )
        try:
            with Session(self._engine) as session:
                return [Running(job_id, number) for job_id, number in session.execute(query)]
        except DBAPIError:
            return []

    def is_settled(self, running: Sequence[Running], since: datetime) -> bool:
        """Whether each of these attempts has ended in the rows, or has a sign of life there from after `since`."""
        wanted = {(one.job_id, one.number) for one in running}
        if not wanted:
            return True
        query = select(AttemptRow).where(AttemptRow.job_id.in_([job_id for job_id, _ in wanted]))
        try:
            with Session(self._engine) as session:
                rows = [row for row in session.scalars(query) if (row.job_id, row.number) in wanted]
                return all(row.ended_at is not None or (row.heartbeat_at or since) > since for row in rows)
        except DBAPIError:
            return False

    def lease_holder(self) -> int | None:
        """The process id of the active reconciler."""
        query = select(LeaseRow.holder).where(LeaseRow.name == "reconciler", LeaseRow.expires_at > utc_now())
        try:
            with Session(self._engine) as session:
                holder = session.scalar(query)
        except DBAPIError:
            return None
        return None if holder is None else int(holder.rsplit("-", 2)[1])

    def _work(self) -> None:
        try:
            while not self._ended.wait(LOOK_EVERY_S):
                self._look_at_processes()
                self._look_at_rows()
                self.num_looks += 1
        except BaseException as error:  # noqa: BLE001  # it is raised again by stop()
            self._failure = error

    def _look_at_processes(self) -> None:
        now = time.time()
        pids = set(psutil.pids())
        self._not_attempts &= pids
        for pid in pids - self._not_attempts:
            try:
                process = psutil.Process(pid)
                found = attempt_of(process, self._storage)
                if found is None:
                    # a young shell or Python may still become one
                    if now - process.create_time() > 5:
                        self._not_attempts.add(pid)
                    continue
                key = (pid, process.create_time())
            except psutil.NoSuchProcess:
                continue
            life = self._lives.setdefault(key, Life(found.job_id, found.number, pid, key[1], now))
            life.last_seen = now

    def _look_at_rows(self) -> None:
        """Never more admitted than the cluster has."""
        query = select(JobRow.id, JobRow.cpus).where(JobRow.state.in_([state.value for state in ACTIVE]))
        try:
            with Session(self._engine) as session:
                rows = session.execute(query).all()
        except DBAPIError:
            return
        held = sum(cpus for _, cpus in rows)
        if held > self._cpus + 1e-6:
            ids = ", ".join(job_id for job_id, _ in rows)
            self.wrong.append(f"{held:g} CPUs were admitted on a cluster of {self._cpus:g}: {ids}")


@dataclass
class Kill:
    """One kill and what came after it; times are seconds after it, None where that never came."""

    number: int
    kind: str
    pid: int
    at: datetime
    back_s: float | None = None
    settled_s: float | None = None
    overlapped: bool = False
    running: list[Running] = field(default_factory=list)

    def follow(self, watcher: Watcher, is_back: Callable[[], bool], *, patience_s: float) -> None:
        """Wait until what was killed serves again, then until every job is where it belongs."""
        started = time.monotonic()
        while self.settled_s is None and time.monotonic() - started < patience_s:
            passed = time.monotonic() - started
            if self.back_s is None and is_back():
                self.back_s = time.monotonic() - started
                back_at = datetime.now(UTC)
            if self.back_s is not None and watcher.is_settled(self.running, back_at):
                self.settled_s = max(passed, self.back_s)
            time.sleep(0.1)
