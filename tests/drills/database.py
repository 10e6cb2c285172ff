"""PostgreSQL is stopped for seconds, and then takes no changes for as long, under submits, cancels and pauses."""

from __future__ import annotations

import random
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, cast

import httpx
import psycopg
from sqlalchemy import select
from sqlalchemy.orm import Session

from service.jobs.lifecycle import FINAL, JobState
from service.jobs.models import AttemptRow, JobRow
from service.sdk import Client
from tests.contract.processes import PretendedCluster
from tests.crash.checks import Evidence, attempts_one_by_one, histories_legal, promises_kept
from tests.crash.load import Ledger, Promise, User
from tests.crash.trainings import TRAININGS
from tests.crash.watch import reading_engine
from tests.drills.outcome import Drill, Outcome, milliseconds
from tests.drills.service import PostgresServer, Service, wait_until
from tests.unit.service.factories import settings_in
from workers.spec import JobSpec

if TYPE_CHECKING:
    from mlflow import MlflowClient

PURPOSE = "PostgreSQL is stopped and started, then read-only for a while, under a load of submits, cancels and pauses."
SHORT_S, CALM_S = 4.0, 1.5
SETTLED_WITHIN_S = 120.0
NUM_USERS = 2


@dataclass
class Answer:
    at: float
    what: str
    status: int
    seconds: float
    detail: str = ""


@dataclass
class Prober:
    """Asks the same three things again and again, and keeps every answer."""

    url: str
    token: str
    ledger: Ledger
    answers: list[Answer] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    stopping: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        self.thread = threading.Thread(target=self._work, name="prober", daemon=True)

    def first_success_after(self, at: float, what: str) -> float | None:
        """Seconds from `at` until an answer that was asked for later was a success."""
        good = [one.at for one in self.answers if one.what == what and one.at - one.seconds >= at and one.status < 300]
        return min(good) - at if good else None

    def statuses(self, what: str, first: float, last: float) -> Counter[int]:
        return Counter(one.status for one in self.answers if one.what == what and first <= one.at < last)

    def _work(self) -> None:
        number, waiting = 0, None
        with httpx.Client(base_url=self.url, headers={"Authorization": f"Bearer {self.token}"}, timeout=30) as http:
            while not self.stopping.wait(0.2):
                self._ask(http, "GET", "/healthz")
                self._ask(http, "GET", "/api/v1/jobs")
                if waiting is None:
                    number, waiting = number + 1, _promise(f"probe-{number + 1}")
                if self._submit(http, waiting):
                    waiting = None

    def _ask(self, http: httpx.Client, method: str, path: str, **how: object) -> httpx.Response | None:
        began = time.time()
        try:
            answer = http.request(method, path, **how)  # type: ignore[arg-type]
        except httpx.HTTPError as error:
            self.wrong.append(f"{method} {path} got no answer: {error!r}")
            return None
        detail = "" if answer.is_success else answer.json().get("detail", "")
        now = time.time()
        self.answers.append(Answer(now, f"{method} {path}", answer.status_code, now - began, detail))
        if answer.status_code == 503:
            if not answer.headers.get("Retry-After", "").isdecimal():
                self.wrong.append(f"a 503 of {path} has no Retry-After")
            if answer.headers["Content-Type"] != "application/problem+json" or not detail:
                self.wrong.append(f"a 503 of {path} says nothing to people: {answer.text[:200]}")
        elif not answer.is_success:
            self.wrong.append(f"{method} {path} was answered with {answer.status_code}: {answer.text[:300]}")
        return answer

    def _submit(self, http: httpx.Client, promise: Promise) -> bool:
        """As anybody would: the same again, until it is known what became of it."""
        body, headers = promise.spec.model_dump(mode="json"), {"Idempotency-Key": promise.key}
        answer = self._ask(http, "POST", "/api/v1/jobs", json=body, headers=headers)
        if answer is None or not answer.is_success:
            return False
        with self.ledger.lock:
            self.ledger.promises.setdefault(promise.key, promise).job_ids.add(answer.json()["id"])
        return True


def _promise(name: str) -> Promise:
    spec = {"name": name, "project": "crash", "training": TRAININGS["short"]}
    return Promise(name, "short", JobSpec.model_validate(spec))


def run(drill: Drill) -> Outcome:
    outcome = Outcome()
    outage_s = drill.seconds(SHORT_S)
    cluster = PretendedCluster(cpus=6.0, storage=drill.folder / "storage", work_s=1.0)
    server = drill.shared.postgres()
    with cluster.serving() as ray_url:
        database_url = server.new_database("database_drill")
        settings = settings_in(drill.folder, database_url=database_url, ray_url=ray_url, lease_s="3")
        with Service(settings) as service:
            reconcilers = [service.start_reconciler(name) for name in ("reconciler-1", "reconciler-2")]
            url = service.start_api()
            ledger = Ledger()
            prober = Prober(url, service.token, ledger)
            users = [
                User(url, service.token, ledger, random.Random(number), name=f"user-{number}", mean_pause_s=0.5)
                for number in range(NUM_USERS)
            ]
            prober.thread.start()
            for user in users:
                user.start()
            _break_it(drill, server, prober, outcome, outage_s)
            for user in users:
                user.stop(60)
            prober.stopping.set()
            prober.thread.join(60)
            outcome.expect(all(one.is_running() for one in reconcilers), "a reconciler has ended")
            _check(outcome, service, url, ledger, cluster)
    outcome.wrong += prober.wrong + ledger.wrong_answers
    outcome.figures["jobs submitted, all there and ended"] = str(len(ledger.job_ids))
    outcome.figures["answers"] = ", ".join(
        f"{count} times {status}" for status, count in sorted(Counter(one.status for one in prober.answers).items())
    )
    outcome.figures["an answer of 503 came after"] = milliseconds(
        one.seconds for one in prober.answers if one.status == 503
    )
    return outcome


def _break_it(drill: Drill, server: PostgresServer, prober: Prober, outcome: Outcome, outage_s: float) -> None:
    wait_until(lambda: len(prober.ledger.job_ids) >= 5, 300, "jobs are submitted")
    time.sleep(CALM_S)
    drill.tell(f"PostgreSQL is stopped for {outage_s:g} s")
    stopped = time.time()
    server.stop()
    time.sleep(outage_s)
    server.start()
    started = time.time()
    _note_recovery(outcome, prober, "restart", stopped, started)
    during = prober.statuses("POST /api/v1/jobs", stopped + 1, started - 1)
    outcome.expect(set(during) <= {503}, f"while PostgreSQL was stopped, submits were answered with {dict(during)}")
    outcome.expect(
        set(prober.statuses("GET /healthz", stopped, started)) == {200}, "the API was not healthy without its database"
    )
    time.sleep(CALM_S)
    drill.tell(f"PostgreSQL takes no changes for {outage_s:g} s")
    _set_read_only(server, True)
    closed = time.time()
    time.sleep(outage_s)
    opened = time.time()
    _set_read_only(server, False)
    _note_recovery(outcome, prober, "read-only", closed, opened)
    submits = prober.statuses("POST /api/v1/jobs", closed + 1, opened)
    reads = prober.statuses("GET /api/v1/jobs", closed + 1, opened)
    outcome.expect(set(submits) == {503}, f"a read-only database answered submits with {dict(submits)}")
    outcome.expect(set(reads) == {200}, f"a read-only database answered reads with {dict(reads)}")
    words = {one.detail for one in prober.answers if one.status == 503 and closed + 1 <= one.at < opened}
    outcome.expect(
        all("takes no changes now" in detail for detail in words),
        f"people were told {sorted(words)} of a read-only one",
    )
    time.sleep(CALM_S)


def _note_recovery(outcome: Outcome, prober: Prober, what: str, began: float, over: float) -> None:
    wait_until(
        lambda: prober.first_success_after(over, "POST /api/v1/jobs") is not None, 60, f"a submit succeeds after {what}"
    )
    seconds = prober.first_success_after(over, "POST /api/v1/jobs")
    outcome.figures[f"{what}: lasted"] = f"{over - began:.1f} s"
    outcome.figures[f"{what}: first submit that succeeds, after"] = f"{seconds:.1f} s"


def _set_read_only(server: PostgresServer, on: bool) -> None:
    with psycopg.connect(server.admin_url, autocommit=True) as connection:
        connection.execute(f"ALTER SYSTEM SET default_transaction_read_only = {'on' if on else 'off'}")
        connection.execute("SELECT pg_reload_conf()")


def _check(outcome: Outcome, service: Service, url: str, ledger: Ledger, cluster: PretendedCluster) -> None:
    engine = reading_engine(service.settings.database_url)
    with service.client(url) as client:
        settled_s = _settle(client)
        evidence = Evidence(
            client=client, engine=engine, storage=service.settings.storage, mlflow=cast("MlflowClient", None),
            ray_url=service.settings.ray_url, ledger=ledger, lives=[], references={},
        )  # fmt: skip
        with Session(engine) as session:
            jobs = {job.id: job for job in session.scalars(select(JobRow))}
            attempts = list(session.scalars(select(AttemptRow).order_by(AttemptRow.job_id, AttemptRow.number)))
        outcome.wrong += [
            *promises_kept(evidence, jobs), *histories_legal(evidence, jobs), *attempts_one_by_one(attempts, []),
        ]  # fmt: skip
        outcome.wrong += [f"{job.id} has {job.state}: {job.reason}" for job in jobs.values() if job.state == "failed"]
        outcome.wrong += [
            f"{attempt.submission_id} is {attempt.state}: {attempt.reason}"
            for attempt in attempts
            if attempt.state == "lost"
        ]
    outcome.wrong += [
        f"{name} was started {count} times" for name, count in Counter(cluster.submitted).items() if count > 1
    ]
    outcome.figures["all jobs at their end, after the load"] = f"{settled_s:.1f} s"
    engine.dispose()


def _settle(client: Client) -> float:
    def all_have_ended() -> bool:
        waiting = client.jobs.list(state=[state for state in JobState if state not in FINAL], limit=100).items
        for job in waiting:
            if job.state == JobState.PAUSED:
                client.jobs.resume(job.id)
        return not waiting

    return wait_until(all_have_ended, SETTLED_WITHIN_S, "all jobs have ended", every_s=0.3)
