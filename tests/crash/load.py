"""Clients that submit and cancel for as long as they are let, and remember what they were promised."""

from __future__ import annotations

import random
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar

from service.jobs.lifecycle import FINAL, JobState
from service.jobs.schemas import Job
from service.sdk import ApiError, Client, ConflictError, NotFoundError, ServerUnreachable
from tests.crash.trainings import TRAININGS
from workers.spec import JobSpec

T = TypeVar("T")

# How often each is drawn in comparison with the others.
ACTIONS = {"submit": 6, "submit_again": 2, "cancel": 1, "pause": 2, "resume": 3, "retry": 1}
SPECS = {"short": 3, "plain": 3, "long": 2, "distil": 1}
MAX_OPEN_JOBS = 5
MEAN_PAUSE_S = 2.5
# In which states a person asks for what, mostly.
MAKES_SENSE = {
    "cancel": [JobState.QUEUED, JobState.STARTING, JobState.RUNNING, JobState.PAUSED, JobState.PAUSING],
    "pause": [JobState.STARTING, JobState.RUNNING],
    "resume": [JobState.PAUSED, JobState.PAUSING],
    "retry": [JobState.CANCELLED, JobState.FAILED],
}
TRY_AGAIN_EVERY_S = 0.5


@dataclass
class Promise:
    """A submit that was answered with success, and every id that its key gave."""

    key: str
    training: str
    spec: JobSpec
    job_ids: set[str] = field(default_factory=set)


@dataclass
class Ledger:
    """What the clients know."""

    promises: dict[str, Promise] = field(default_factory=dict)
    done: dict[str, set[str]] = field(default_factory=dict)  # job ids by action, where the answer was a success
    answers: Counter[str] = field(default_factory=Counter)
    refusals: Counter[str] = field(default_factory=Counter)
    wrong_answers: list[str] = field(default_factory=list)
    lost_answers: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def job_ids(self) -> list[str]:
        with self.lock:
            return [job_id for promise in self.promises.values() for job_id in sorted(promise.job_ids)]

    def count(self, answers: Counter[str], action: str) -> None:
        with self.lock:
            answers[action] += 1


class User:
    """One client: draws what to do, and asks again until it knows the answer."""

    def __init__(
        self, url: str, token: str, ledger: Ledger, rng: random.Random, *, name: str, mean_pause_s: float = MEAN_PAUSE_S
    ) -> None:
        self._url, self._token, self._ledger, self._rng, self._name = url, token, ledger, rng, name
        self._mean_pause_s = mean_pause_s
        self._count = 0
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._work, name=name, daemon=True)
        self.error: BaseException | None = None

    def start(self) -> None:
        self._thread.start()

    def stop(self, patience_s: float) -> None:
        """Let it finish what it is at. Raises TimeoutError where it does not get an answer any more."""
        self._stopping.set()
        self._thread.join(patience_s)
        if self._thread.is_alive():
            raise TimeoutError(f"{self._name} got no answer to its last request for {patience_s:g} s")
        if self.error is not None:
            raise self.error

    def _work(self) -> None:
        try:
            with Client(self._url, token=self._token, timeout_s=10, tries=1) as client:
                while not self._stopping.wait(self._rng.expovariate(1 / self._mean_pause_s)):
                    action = self._rng.choices(list(ACTIONS), weights=list(ACTIONS.values()))[0]
                    if action == "submit":
                        self._submit(client)
                    elif action == "submit_again":
                        self._submit_again(client)
                    else:
                        self._ask(client, action)
        except BaseException as error:  # noqa: BLE001  # it is raised again by stop()
            self.error = error

    # What a user does

    def _submit(self, client: Client) -> None:
        if self._num_open(client) >= MAX_OPEN_JOBS:
            return
        self._count += 1
        training = self._rng.choices(list(SPECS), weights=list(SPECS.values()))[0]
        key = f"{self._name}-{self._count}"
        spec = JobSpec.model_validate(
            {
                "name": key,
                "project": "crash",
                "priority": self._rng.randint(-5, 5),
                "training": TRAININGS[training],
                # a few jobs may be lost with their first attempt, and are then to fail and say so
                "retry": {"max_attempts": 1 if self._rng.random() < 0.1 else 20},
            }
        )
        promise = Promise(key, training, spec)
        self._send(client, promise)

    def _submit_again(self, client: Client) -> None:
        with self._ledger.lock:
            known = list(self._ledger.promises.values())
        if known:
            self._send(client, self._rng.choice(known))

    def _send(self, client: Client, promise: Promise) -> None:
        job = self._until_answered(lambda: client.jobs.submit(promise.spec, idempotency_key=promise.key))
        with self._ledger.lock:
            self._ledger.promises.setdefault(promise.key, promise).job_ids.add(job.id)
            self._ledger.answers["submit"] += 1

    def _ask(self, client: Client, action: str) -> None:
        """Do something to a job, mostly to one in a state where it makes sense, sometimes to any."""
        likely = self._rng.random() < 0.9
        states = MAKES_SENSE[action] if likely else list(JobState)
        found = [job.id for job in self._until_answered(lambda: client.jobs.list(state=states, limit=100)).items]
        if not found:
            return
        job_id = self._rng.choice(sorted(found))
        call: Callable[[str], Job] = getattr(client.jobs, action)
        try:
            self._until_answered(lambda: call(job_id))
        except ConflictError:
            self._ledger.count(self._ledger.refusals, action)
        except NotFoundError:
            self._note_wrong(f"{action} of {job_id}, which is there, was answered with 404")
        else:
            with self._ledger.lock:
                self._ledger.done.setdefault(action, set()).add(job_id)
                self._ledger.answers[action] += 1

    def _num_open(self, client: Client) -> int:
        states = [state for state in JobState if state not in FINAL]
        return len(self._until_answered(lambda: client.jobs.list(state=states, limit=100)).items)

    def _until_answered(self, call: Callable[[], T]) -> T:
        while True:
            try:
                return call()
            except ServerUnreachable:
                with self._ledger.lock:
                    self._ledger.lost_answers += 1
            except ApiError as error:
                if error.problem.status < 500:
                    raise
                if error.problem.status != 503:
                    problem = error.problem
                    self._note_wrong(f"{problem.instance} was answered with {problem.status}: {problem.detail}")
            time.sleep(TRY_AGAIN_EVERY_S)

    def _note_wrong(self, words: str) -> None:
        with self._ledger.lock:
            self._ledger.wrong_answers.append(words)
