"""The loop of the reconciler: watch what runs, then admit what waits."""

from __future__ import annotations

import asyncio
import logging
import shlex
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from datetime import datetime

from service.clients.mlflow import MlflowClient, MlflowUnreachable
from service.clients.ray import Node, RayClient, RayError, RayJob, RayRefused, RayUnreachable
from service.db import Database
from service.db.base import utc_now
from service.db.clock import database_now
from service.db.trouble import trouble_of
from service.jobs.lifecycle import ACTIVE, JobState
from service.jobs.models import AttemptRow, JobRow
from service.jobs.repository import JobRepository
from service.jobs.transitions import StateChanged, transition
from service.observability.logs import log_context
from service.observability.outages import Outages
from service.projects.repository import ProjectRepository
from service.reconciler import settle
from service.reconciler.admission import Held, Preemption, plan
from service.reconciler.records import copy_findings, end_trials
from service.reconciler.steering import Steerer
from service.reconciler.storage import Findings, Storage
from service.reconciler.verdicts import Alive, Ended, Facts, Launch, Lost, Stop, Stopped, Stuck, Verdict, Wait, judge
from service.settings import Settings
from service.store import open_store
from workers.spec import AttemptOrder
from workers.storage.objects import StorageError

logger = logging.getLogger(__name__)
_STOP_EVERY_S = 5.0
_ASK_MLFLOW_EVERY_S = 5.0
_MLFLOW_TIMEOUT_S = 3.0
# Ray kills what ignores SIGTERM after so long; a checkpoint is written in between.
_STOP_WAIT_S = 15


@dataclass
class Reconciler:
    """One round after the other. `clock` is monotonic seconds."""

    settings: Settings
    database: Database
    ray: RayClient
    mlflow: MlflowClient
    clock: Callable[[], float] = time.monotonic
    ask_nodes_every_s: float = 2.0
    _heard: dict[str, tuple[datetime, float]] = field(default_factory=dict)
    _since: dict[tuple[str, str], float] = field(default_factory=dict)  # by submission and what is waited for
    _asked_mlflow: dict[str, float] = field(default_factory=dict)
    _nodes: tuple[Node, ...] | None = None
    _asked_nodes: float = 0.0

    def __post_init__(self) -> None:
        store = open_store(self.settings)
        self.storage = Storage(store)
        self.steerer = Steerer(self.database, store)
        self.outages = Outages(logger, self.clock)

    async def run_once(self, may_act: Callable[[], bool] = lambda: True) -> None:
        """One round. `may_act` is asked before each job: it turns False when the lease is lost."""
        nodes = await self._ask_nodes()
        async with self.database.reading() as session:
            active = [job.id for job in await JobRepository(session).in_states(sorted(ACTIVE))]
        self._asked_mlflow = {job_id: at for job_id, at in self._asked_mlflow.items() if job_id in active}
        for job_id in active:
            if may_act():
                await self._guarded(job_id, self._watch(job_id, ray_answers=nodes is not None))
        if may_act():
            for job_id in await self._admit(nodes):
                await self._guarded(job_id, self._watch(job_id, ray_answers=True))

    async def _ask_nodes(self) -> tuple[Node, ...] | None:
        """The cluster's nodes, asked for every few seconds only; None while Ray does not answer."""
        if self._nodes is not None and self.clock() - self._asked_nodes < self.ask_nodes_every_s:
            return self._nodes
        self._asked_nodes = self.clock()
        try:
            self._nodes = await self.ray.nodes()
            self.outages.over("Ray")
        except RayError as error:
            self.outages.note("Ray", error)
            self._nodes = None
        return self._nodes

    async def _guarded(self, job_id: str, work: Awaitable[None]) -> None:
        """One broken job must not stop the others; a database that is away stops all of them."""
        with log_context(job_id=job_id):
            try:
                await work
                self.outages.over("the storage")
            except StorageError as error:
                self.outages.note("the storage", error)
            except StateChanged as error:
                logger.info("%s; looked at again in the next round", error)
            except Exception as error:
                if trouble_of(error) is not None:
                    raise
                logger.exception("the round of %s failed; it is tried again in the next one", job_id)

    async def _admit(self, nodes: tuple[Node, ...] | None) -> list[str]:
        """Start what fits, tell the others what they wait for. Returns the ids of what was started."""
        obstacle = await self._shortage()
        async with self.database.writing() as session:
            jobs = JobRepository(session)
            queued = await jobs.in_states([JobState.QUEUED], lock=True)
            if nodes is None or obstacle is not None:
                for job in queued:
                    job.reason = f"queued: {obstacle or 'Ray does not answer; starts when it is back'}"
                return []
            held = await self._held(jobs)
            preemption = Preemption(self.settings.preemption, self.settings.preemption_min_run_s)
            limits = await ProjectRepository(session).limits()
            now = await database_now(session)
            decided = plan(queued, held, nodes, now=now, limits=limits, preemption=preemption)
            for job in queued:
                if job.id in decided.admitted:
                    await self._begin_attempt(jobs, job)
                elif job.id in decided.reasons:
                    job.reason = decided.reasons[job.id]
            for held_job in held:
                if held_job.job.id in decided.pushed_aside:
                    await settle.push_aside(jobs, held_job.job.id, decided.pushed_aside[held_job.job.id])
            return decided.admitted

    async def _shortage(self) -> str | None:
        short = await asyncio.to_thread(self.storage.shortage, self.settings.min_free_bytes)
        if short is None:
            self.outages.over("the storage")
            return None
        self.outages.note("the storage", f"nothing is started: {short}")
        return f"{short}; starts when that is over"

    async def _held(self, jobs: JobRepository) -> list[Held]:
        active = await jobs.in_states(sorted(ACTIVE))
        attempts = {one.job_id: one for one in await jobs.newest_attempts([job.id for job in active])}
        return [Held(job, attempts[job.id].node_id, attempts[job.id].started_at) for job in active]

    async def _begin_attempt(self, jobs: JobRepository, job: JobRow) -> None:
        job.attempt += 1
        job.phase = None
        job.not_before = None
        jobs.session.add(
            AttemptRow(
                job_id=job.id,
                number=job.attempt,
                submission_id=f"{job.id}-{job.attempt}",
                state="starting",
                created_at=utc_now(),
            )
        )
        cause = f"admitted as attempt {job.attempt}"
        await transition(jobs, job, JobState.STARTING, cause=cause, actor="reconciler", reason="starting")

    async def _watch(self, job_id: str, *, ray_answers: bool) -> None:
        """Look at one active job and do what is to be done about it."""
        async with self.database.reading() as session:
            jobs = JobRepository(session)
            job = await jobs.get(job_id)
            assert job is not None
            attempt = await jobs.attempt(job_id, job.attempt)
            assert attempt is not None
        if job.kind == "sweep":
            await self._steer(job)
        found = await self._find(job, attempt)
        facts = await self._facts(job, attempt, found, ray_answers=ray_answers)
        verdict = judge(facts, self.settings)
        if isinstance(verdict, Lost | Stopped):
            # It may have written its end marker while Ray was asked.
            found = await self._find(job, attempt, before=found)
            verdict = verdict if found.terminal is None else Ended(found.terminal)
        try:
            done = await self._act_or_tell(job, attempt, verdict)
            await self._write(job_id, attempt.number, found, verdict, done, facts.node_id)
        except BaseException:
            self.storage.forget(job_id)
            raise
        await self._find_experiment(job_id, found)

    async def _steer(self, job: JobRow) -> None:
        what = f"the storage, written to for the requests to {job.id},"
        try:
            await self.steerer.hand_over(job.id, scratch_after=job.scratch_after)
            self.outages.over(what)
        except OSError as error:
            self.outages.note(what, f"what was asked of {job.id} is handed over later: {error}")

    async def _find(self, job: JobRow, attempt: AttemptRow, before: Findings | None = None) -> Findings:
        found = await asyncio.to_thread(
            self.storage.find,
            job.id,
            attempt.number,
            is_sweep=job.kind == "sweep",
            scratch_after=job.scratch_after,
        )
        return found if before is None else replace(found, trials=before.trials + found.trials)

    async def _facts(self, job: JobRow, attempt: AttemptRow, found: Findings, *, ray_answers: bool) -> Facts:
        ray_job: RayJob | None = None
        silence_s = self._silence_s(attempt.submission_id, found)
        if ray_answers and found.terminal is None and not self._is_lively(job, attempt, silence_s):
            try:
                ray_job = await self.ray.job(attempt.submission_id)
                self.outages.over("Ray, asked about submissions,")
            except RayUnreachable as error:
                self.outages.note("Ray, asked about submissions,", error)
                ray_answers = False
        is_stopping = job.state in (JobState.CANCELLING, JobState.PAUSING)
        return Facts(
            terminal=found.terminal,
            silence_s=silence_s,
            submitted=attempt.submitted_at is not None,
            age_s=0.0 if attempt.submitted_at is None else self._waited_s(attempt, "life"),
            ray_answers=ray_answers,
            ray=ray_job.status if ray_job else None,
            node_id=ray_job.driver_node_id if ray_job else None,
            ray_message=(ray_job.message if ray_job else None) or "no reason given",
            stopping_s=self._waited_s(attempt, job.state) if is_stopping else None,
        )

    def _is_lively(self, job: JobRow, attempt: AttemptRow, silence_s: float | None) -> bool:
        """A fresh heartbeat says all there is to know: whatever Ray says then, the attempt runs."""
        fresh = silence_s is not None and silence_s < self.settings.heartbeat_timeout_s / 4
        return job.state == JobState.RUNNING and fresh and attempt.node_id is not None

    def _silence_s(self, submission_id: str, found: Findings) -> float | None:
        """Seconds by our own clock since the heartbeat changed: clocks of other machines are not trusted."""
        if found.heartbeat is None:
            return None
        at, heard = self._heard.get(submission_id, (None, 0.0))
        if at != found.heartbeat.at:
            heard = self.clock()
            self._heard[submission_id] = (found.heartbeat.at, heard)
        return self.clock() - heard

    def _waited_s(self, attempt: AttemptRow, what: str) -> float:
        """Seconds by our own clock since this was first waited for.

        The rows say when it began by clocks of other machines; a new process does not know and is patient once more.
        """
        now = self.clock()
        return now - self._since.setdefault((attempt.submission_id, what), now)

    async def _act_or_tell(self, job: JobRow, attempt: AttemptRow, verdict: Verdict) -> Verdict:
        """Without its order no attempt may start, and without its fence none may be taken for ended."""
        what = f"the storage, written to for {job.id},"
        try:
            done = await self._act(job, attempt, verdict)
        except OSError as error:
            why = f"the storage does not take what has to be written ({error.strerror or error})"
            self.outages.note(what, f"{job.id} waits: {why}")
            return Stuck(f"{job.state}: {why}; goes on when it does")
        self.outages.over(what)
        return done

    async def _act(self, job: JobRow, attempt: AttemptRow, verdict: Verdict) -> Verdict:
        """Do what a verdict asks of Ray and storage. Returns the verdict that holds afterwards."""
        match verdict:
            case Launch():
                return await self._launch(job, attempt)
            case Stop(fence=fence):
                if fence:
                    await asyncio.to_thread(self.storage.fence_off, job.id, attempt.number)
                asked = self._since.get((attempt.submission_id, "stop"))
                if asked is not None and self.clock() - asked <= _STOP_EVERY_S:
                    return Wait(job.reason)
                self._since[attempt.submission_id, "stop"] = self.clock()
                await self._stop(attempt.submission_id)
            case Lost():
                await asyncio.to_thread(self.storage.fence_off, job.id, attempt.number)
                await self._stop(attempt.submission_id)
            case Stopped():
                await asyncio.to_thread(self.storage.fence_off, job.id, attempt.number)
            case _:
                pass
        return verdict

    async def _launch(self, job: JobRow, attempt: AttemptRow) -> Verdict:
        order = AttemptOrder.model_validate(
            {
                "job_id": job.id,
                "attempt": attempt.number,
                "spec": job.spec,
                "mlflow_tracking_uri": self.settings.mlflow_url,
                "data_root": str(self.settings.data),
                "scratch_after": job.scratch_after,
                "max_log_bytes": self.settings.max_log_bytes,
                "keep_best": self.settings.keep_best_checkpoint,
                "retry_failed_trials": job.forgiven_attempts > 0 and attempt.number == job.forgiven_attempts + 1,
            }
        )
        await asyncio.to_thread(self.storage.write_order, order)
        words = [self.settings.worker_python, "-m", "workers.entrypoint"]
        words += [self.settings.storage_at, job.id, str(attempt.number)]
        alone = job.kind != "sweep"
        try:
            await self.ray.launch(
                attempt.submission_id,
                shlex.join(words),
                cpus=job.spec["resources"]["cpus"] if alone else 0,
                gpus=job.spec["resources"]["gpus"] if alone else 0,
                env_vars={"RAY_JOB_STOP_WAIT_TIME_S": str(_STOP_WAIT_S)},
            )
            self.outages.over("Ray, sent submissions,")
        except RayUnreachable as error:
            self.outages.note("Ray, sent submissions,", error)
            return Wait("starting: Ray gave no clear answer; it is asked again")
        except RayRefused as error:
            return Lost(str(error))
        return Launch()

    async def _stop(self, submission_id: str) -> None:
        try:
            await self.ray.stop(submission_id)
            self.outages.over("Ray, asked to stop attempts,")
        except RayUnreachable as error:
            self.outages.note("Ray, asked to stop attempts,", f"could not ask for the end of {submission_id}: {error}")

    async def _write(
        self, job_id: str, number: int, found: Findings, verdict: Verdict, done: Verdict, node_id: str | None
    ) -> None:
        tail = ""
        if isinstance(done, Lost | Ended):
            tail = await asyncio.to_thread(self.storage.log_tail, job_id, number)
        async with self.database.writing() as session:
            jobs = JobRepository(session)
            job = await jobs.get(job_id, lock=True)
            attempt = await jobs.attempt(job_id, number)
            assert job is not None
            assert attempt is not None
            if job.attempt != number or JobState(job.state) not in ACTIVE:
                return
            await copy_findings(session, job, attempt, found)
            attempt.node_id = node_id or attempt.node_id
            if found.heartbeat is not None and job.state == JobState.STARTING:
                await settle.mark_running(jobs, job, attempt)
            await self._settle(jobs, job, attempt, verdict, done, tail)
            ended = JobState(job.state) not in ACTIVE
            if job.kind == "sweep" and ended:
                await end_trials(session, job)
        if ended:
            self._forget(job_id, number)

    def _forget(self, job_id: str, number: int) -> None:
        ended = f"{job_id}-{number}"
        self._heard.pop(ended, None)
        self._since = {key: since for key, since in self._since.items() if key[0] != ended}
        self.storage.forget(job_id)

    async def _settle(
        self, jobs: JobRepository, job: JobRow, attempt: AttemptRow, verdict: Verdict, done: Verdict, tail: str
    ) -> None:
        match done:
            case Ended(terminal=terminal):
                await settle.settle_end(jobs, job, attempt, terminal, tail)
            case Lost(why=why) if isinstance(verdict, Launch):
                await settle.settle_refusal(jobs, job, attempt, why)
            case Lost(why=why) if job.state in (JobState.STARTING, JobState.RUNNING):
                logger.warning("attempt %s of %s was lost: %s", attempt.number, job.id, why)
                await settle.settle_loss(jobs, job, attempt, why, tail)
            case Stopped(how=how):
                await settle.settle_stop(jobs, job, attempt, how)
            case Stuck(reason=reason):
                job.reason = reason
            case Launch():
                attempt.submitted_at = utc_now()
            case Stop():
                attempt.stop_requested_at = utc_now()
            case Alive(note=note) if job.state == JobState.RUNNING:
                job.reason = note
            case Wait(reason=reason) if job.state == JobState.STARTING:
                job.reason = reason

    async def _find_experiment(self, job_id: str, found: Findings) -> None:
        """Note which MLflow experiment the job's run belongs to: links to MLflow's pages need it."""
        run_id = found.heartbeat.mlflow_run_id if found.heartbeat else None
        if run_id is None or self.clock() - self._asked_mlflow.get(job_id, -_ASK_MLFLOW_EVERY_S) < _ASK_MLFLOW_EVERY_S:
            return
        self._asked_mlflow[job_id] = self.clock()
        try:
            async with asyncio.timeout(_MLFLOW_TIMEOUT_S):
                run = await self.mlflow.run(run_id)
            self.outages.over("MLflow")
        except (MlflowUnreachable, TimeoutError) as error:
            why = str(error) or f"MLflow has not answered within {_MLFLOW_TIMEOUT_S:.0f} s"
            self.outages.note("MLflow", f"the experiment of {job_id} is not known yet: {why}")
            return
        if run is None:
            return
        async with self.database.writing() as session:
            job = await JobRepository(session).get(job_id)
            assert job is not None
            job.mlflow_experiment_id = run.experiment_id
            self._asked_mlflow[job_id] = float("inf")
