"""One crash test on one database: load, kills, quiet, checks."""

from __future__ import annotations

import asyncio
import json
import os
import random
import threading
import time
from collections import Counter
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

import httpx
import mlflow
import psutil
from mlflow import MlflowClient
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from service.clients.ray import RayClient, RayError
from service.jobs.lifecycle import FINAL, JobState
from service.sdk import Client, StillhouseError
from service.stack.processes import descendants
from tests.crash.checks import Evidence, check_all, resources_free
from tests.crash.crew import KINDS, Crew, DatabaseKind
from tests.crash.load import Ledger, User
from tests.crash.report import Outcome
from tests.crash.trainings import Reference
from tests.crash.watch import Kill, Watcher, reading_engine

T = TypeVar("T")
CPUS = 2
NUM_USERS = 2
READY_WITHIN_S = 240
FIRST_LIFE_WITHIN_S = 90
SETTLED_WITHIN_S = 1200
FREE_WITHIN_S = 90
TARGET_WITHIN_S = 20
FOLLOW_FOR_S = 240


class CrashRun:
    """Use once. `tell` gets a line for each thing that happens."""

    def __init__(
        self, folder: Path, database: DatabaseKind, data: Path, references: Mapping[str, Reference], *, seed: int,
        num_kills: int, mean_gap_s: float, tell: Callable[[str], None],
    ) -> None:  # fmt: skip
        self._folder, self._database, self._references = folder, database, references
        self._seed, self._num_kills, self._mean_gap_s, self._tell = seed, num_kills, mean_gap_s, tell
        folder.mkdir(parents=True)
        (folder / "data").symlink_to(data)
        self._rng = random.Random(f"{seed}-{database}-kills")
        self._ledger = Ledger()
        self._kills: list[Kill] = []
        self._followers: list[threading.Thread] = []
        self._pool = ThreadPoolExecutor(4)

    def carry_out(self) -> Outcome:
        started = time.monotonic()
        wrong: list[str] = []
        with Crew(self._folder, self._database, cpus=CPUS, tell=self._tell) as crew:
            self._crew = crew
            self._while_tending(self._wait_until_ready)
            self._tell(f"{self._database}: the stack is ready; {self._num_kills} kills follow")
            with Watcher(crew.database_url, crew.storage, cpus=CPUS) as watcher:
                self._watcher = watcher
                self._load_and_kill()
                wrong += self._while_tending(self._settle_and_check)
            wrong += watcher.wrong
            self._write_kills()
        if left := [process for process in descendants([os.getpid()]) if process.status() != psutil.STATUS_ZOMBIE]:
            wrong.append(f"these processes are left: {left}")
        for words in wrong:
            self._tell(f"WRONG: {words}")
        return Outcome(
            database=self._database, seed=self._seed, seconds=time.monotonic() - started, kills=self._kills,
            ledger=self._ledger, lives=watcher.lives, ends=self._ends, num_looks=watcher.num_looks, wrong=wrong,
        )  # fmt: skip

    # Load and kills, on the thread that owns the processes

    def _load_and_kill(self) -> None:
        rng = [random.Random(f"{self._seed}-{self._database}-user-{number}") for number in range(NUM_USERS)]
        url, token = self._crew.layout.url, self._crew.token
        users = [User(url, token, self._ledger, rng[n], name=f"user-{n}") for n in range(NUM_USERS)]
        for user in users:
            user.start()
        deadline = time.monotonic() + FIRST_LIFE_WITHIN_S
        while not self._watcher.running() and time.monotonic() < deadline:
            self._tend_for(0.5)
        for kind in self._deck():
            # now and then two come together
            gap_s = self._rng.uniform(0, 1) if self._rng.random() < 0.2 else self._rng.expovariate(1 / self._mean_gap_s)
            self._tend_for(min(gap_s, 4 * self._mean_gap_s))
            self._kill(kind)
        self._tend_for(self._mean_gap_s)
        for user in users:
            self._while_tending(lambda user=user: user.stop(READY_WITHIN_S))  # type: ignore[misc]
        for follower in self._followers:
            self._while_tending(follower.join)

    def _deck(self) -> list[str]:
        """Kinds to kill, each about as often as it should be and at least once, in random order."""
        kinds = {kind: weight for kind, weight in KINDS.items() if kind != "database" or self._database != "sqlite"}
        deck: list[str] = []
        while len(deck) < self._num_kills:
            once = sorted(kinds)
            self._rng.shuffle(once)
            drawn = self._rng.choices(
                sorted(kinds), weights=[kinds[kind] for kind in sorted(kinds)], k=sum(kinds.values())
            )
            deck += (once if not deck else []) + drawn
        deck = deck[: self._num_kills]
        self._rng.shuffle(deck)
        return deck

    def _kill(self, kind: str) -> None:
        """Kill a process of `kind`, or of another kind where for some time there is none."""
        deadline = time.monotonic() + TARGET_WITHIN_S
        while not self._crew.targets(kind) and time.monotonic() < deadline:
            self._tend_for(0.2)
        if not self._crew.targets(kind):
            kind = self._rng.choice([other for other in sorted(KINDS) if self._crew.targets(other)])
        running = self._watcher.running()
        starts = self._crew.starts("ray")
        at = datetime.now(UTC)
        victim = self._crew.kill(kind, self._rng)
        if victim is None:
            self._tell(f"the {kind} to be killed was gone already")
            return
        kill = Kill(len(self._kills) + 1, kind, victim.pid, at, running=running)
        self._kills.append(kill)
        self._tell(f"kill {kill.number} of {self._num_kills}: {kind}, process {kill.pid}, {len(running)} running")
        follower = threading.Thread(
            target=kill.follow,
            args=(self._watcher, lambda: self._is_back(kind, starts)),
            kwargs={"patience_s": FOLLOW_FOR_S},
            daemon=True,
        )
        follower.start()
        self._followers.append(follower)

    def _is_back(self, kind: str, ray_starts: int) -> bool:
        layout = self._crew.layout
        match kind:
            case "api":
                return _answers(f"{layout.url}/healthz")
            case "mlflow":
                return _answers(f"{layout.mlflow_url}/health")
            case "raylet" | "gcs":
                return self._crew.starts("ray") > ray_starts and _ray_has_nodes(layout.ray_url)
            case "reconciler":
                holder = self._watcher.lease_holder()
                return holder is not None and self._crew.is_alive(holder)
            case "database":
                return self._database_answers()
            case _:
                return True

    def _database_answers(self) -> bool:
        engine = reading_engine(self._crew.database_url)
        try:
            with engine.connect() as connection:
                return connection.execute(text("SELECT 1")).scalar() == 1
        except DBAPIError:
            return False
        finally:
            engine.dispose()

    # Waiting and checking, on other threads

    def _wait_until_ready(self) -> None:
        deadline = time.monotonic() + READY_WITHIN_S
        while not _answers(f"{self._crew.layout.url}/readyz"):
            if time.monotonic() > deadline:
                raise TimeoutError(f"the stack is not ready after {READY_WITHIN_S} s; logs: {self._folder / 'logs'}")
            time.sleep(0.3)

    def _settle_and_check(self) -> list[str]:
        self._tell("the kills are over; waiting until all jobs have ended")
        with Client(self._crew.layout.url, token=self._crew.token) as client:
            self._wait_until_settled(client)
            engine = reading_engine(self._crew.database_url)
            os.environ["MLFLOW_ENABLE_ARTIFACTS_PROGRESS_BAR"] = "false"
            mlflow.set_tracking_uri(self._crew.layout.mlflow_url)
            evidence = Evidence(
                client=client, engine=engine, storage=self._crew.storage,
                mlflow=MlflowClient(self._crew.layout.mlflow_url), ray_url=self._crew.layout.ray_url,
                ledger=self._ledger, lives=self._watcher.lives, references=self._references,
            )  # fmt: skip
            deadline = time.monotonic() + FREE_WITHIN_S
            while (list(resources_free(evidence.ray_url)) or self._crew.attempts()) and time.monotonic() < deadline:
                time.sleep(1)
            self._tell("all have ended; checking")
            wrong = check_all(evidence)
            if left := self._crew.attempts():
                wrong.append(f"attempts live on though their jobs have ended: {left}")
            self._ends = Counter(client.jobs.get(job_id).state for job_id in self._ledger.job_ids)
            engine.dispose()
        return wrong

    def _wait_until_settled(self, client: Client) -> None:
        open_states = [state for state in JobState if state not in FINAL]
        deadline = time.monotonic() + SETTLED_WITHIN_S
        told_at = 0.0
        while time.monotonic() < deadline:
            try:
                waiting = client.jobs.list(state=open_states, limit=100).items
                for job in waiting:
                    if job.state == JobState.PAUSED:
                        client.jobs.resume(job.id)
            except StillhouseError as error:
                self._tell(f"asked again: {error}")
            else:
                if not waiting:
                    return
                if time.monotonic() - told_at > 20:
                    told_at = time.monotonic()
                    self._tell("; ".join(f"{job.id} {job.state} {job.progress.step} {job.reason}" for job in waiting))
            time.sleep(0.5)

    # The thread that owns the processes

    def _while_tending(self, work: Callable[[], T]) -> T:
        done = self._pool.submit(work)
        while not done.done():
            self._tend_for(0.1)
        return done.result()

    def _tend_for(self, seconds: float) -> None:
        deadline = time.monotonic() + seconds
        while True:
            self._crew.tend()
            if time.monotonic() >= deadline:
                return
            time.sleep(min(0.1, max(0.0, deadline - time.monotonic())))

    def _write_kills(self) -> None:
        (self._folder / "kills.jsonl").write_text(
            "".join(json.dumps(asdict(kill), default=str) + "\n" for kill in self._kills)
        )
        lives = sorted(self._watcher.lives, key=lambda life: life.began)
        (self._folder / "lives.jsonl").write_text("".join(json.dumps(asdict(life)) + "\n" for life in lives))


def _answers(url: str) -> bool:
    try:
        return httpx.get(url, timeout=2, trust_env=False).is_success
    except httpx.HTTPError:
        return False


def _ray_has_nodes(url: str) -> bool:
    async def ask() -> float:
        async with httpx.AsyncClient(base_url=url, trust_env=False) as http:
            return (await RayClient(http).resources()).cpus_total

    try:
        return asyncio.run(ask()) >= CPUS
    except RayError:
        return False
