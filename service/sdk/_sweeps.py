"""`client.sweeps`: searches over a training, and their trials."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Iterable, Mapping
from typing import Any, TypedDict, Unpack

from service.jobs.lifecycle import JobState
from service.jobs.schemas import Job, JobSummary, Metrics, Sort
from service.sdk._jobs import over_pages, submit
from service.sdk._operation import M, Resource, operation, stream
from service.sdk._session import path_of
from service.sweeps.answer_schemas import Answers
from service.sweeps.schemas import Sweep, SweepPage, Trials
from workers.spec import SweepSpec

_PAGE = 200


class SweepFilters(TypedDict, total=False):
    """What a list of sweeps can be cut down to, and its order."""

    state: Iterable[JobState | str] | None
    project: Iterable[str] | str | None
    tag: Iterable[str] | str | None
    teacher: str | None
    student: str | None
    text: str | None
    sort: Sort | None


class Sweeps(Resource[M]):
    """Submit, list, show and cancel sweeps; `client.jobs` watches and waits for them too."""

    @operation("submitSweep")
    async def submit(self, spec: SweepSpec | Mapping[str, Any], *, idempotency_key: str | None = None) -> Sweep:
        """Queue a sweep. Sent again where no answer came; the key, made here if none is given, keeps it one sweep."""
        return await submit(self._session, path_of("sweeps"), spec, idempotency_key)

    @operation("checkSweep")
    async def check(self, spec: SweepSpec | Mapping[str, Any]) -> SweepSpec:
        """Ask what `submit` would say, without queueing; answers the spec with all defaults filled in."""
        return await self._session.ask(SweepSpec, "POST", path_of("sweeps", "check"), body=spec)

    @operation("listSweeps")
    async def list(self, *, limit: int = 50, cursor: str | None = None, **filters: Unpack[SweepFilters]) -> SweepPage:
        """One page of sweeps; see `SweepFilters` for what it can be cut down to."""
        return await self._page(cursor, limit, filters)

    @stream("listSweeps")
    async def each(self, **filters: Unpack[SweepFilters]) -> AsyncGenerator[JobSummary, None]:
        """All sweeps, page after page."""
        async for sweep in over_pages(lambda cursor: self._page(cursor, _PAGE, filters)):
            yield sweep

    @operation("getSweep")
    async def get(self, sweep_id: str) -> Sweep:
        """One sweep with its spec and its attempts."""
        return await self._session.ask(Sweep, "GET", path_of("sweeps", sweep_id))

    @operation("cancelSweep")
    async def cancel(self, sweep_id: str) -> Sweep:
        """End a sweep and its running trials. Raises ConflictError where it ended by itself."""
        return await self._session.ask(Sweep, "POST", path_of("sweeps", sweep_id, "cancel"))

    @operation("listTrials")
    async def trials(self, sweep_id: str, *, max_reports: int | None = None) -> Trials:
        """All trials of a sweep, by number; `max_reports` thins out what each has reported."""
        path = path_of("sweeps", sweep_id, "trials")
        return await self._session.ask(Trials, "GET", path, query={"max_reports": max_reports})

    @operation("getSweepAnswers")
    async def answers(self, sweep_id: str) -> Answers:
        """What a sweep has found so far: the verdict with its interval, importances, history, front and cost."""
        return await self._session.ask(Answers, "GET", path_of("sweeps", sweep_id, "answers"))

    @operation("steerSweep")
    async def steer(
        self,
        sweep_id: str,
        *,
        added_trials: Iterable[Mapping[str, Any]] = (),
        more_trials: int = 0,
        more_wall_s: float = 0,
        more_gpu_hours: float = 0,
        end_search: bool = False,
    ) -> Sweep:
        """Add trials or budget to a running sweep, or end its search. Raises ConflictError where it has ended.

        Requests add up, so this one is never sent twice by itself.
        """
        body = {
            "added_trials": list(added_trials),
            "more_trials": more_trials,
            "more_wall_s": more_wall_s,
            "more_gpu_hours": more_gpu_hours,
            "end_search": end_search,
        }
        return await self._session.ask(Sweep, "POST", path_of("sweeps", sweep_id, "steer"), body=body, once=True)

    @operation("stopTrial")
    async def stop_trial(self, sweep_id: str, number: int) -> Sweep:
        """End one trial at its next evaluation. Raises ConflictError where it came to its own end."""
        return await self._session.ask(Sweep, "POST", path_of("sweeps", sweep_id, "trials", number, "stop"))

    @operation("retrainSweep")
    async def retrain(
        self,
        sweep_id: str,
        *,
        trial: int | None = None,
        num_steps: int | None = None,
        seed: int | None = None,
        name: str | None = None,
        idempotency_key: str | None = None,
    ) -> Job:
        """Submit the winner, or another trial, as a job. Raises ConflictError while no trial has finished."""
        body = {"trial": trial, "num_steps": num_steps, "seed": seed, "name": name}
        return await submit(self._session, path_of("sweeps", sweep_id, "retrain"), body, idempotency_key)

    @operation("forkSweep")
    async def fork(
        self, sweep_id: str, edits: Mapping[str, Any] | None = None, *, idempotency_key: str | None = None
    ) -> Sweep:
        """Queue a sweep with an edited spec (RFC 7396) that starts from what this one has found."""
        body = {"edits": edits or {}}
        return await submit(self._session, path_of("sweeps", sweep_id, "fork"), body, idempotency_key)

    @operation("getTrialMetrics")
    async def trial_metrics(
        self,
        sweep_id: str,
        number: int,
        *,
        keys: Iterable[str] = (),
        max_points: int = 500,
        since_step: int | None = None,
    ) -> Metrics:
        """Curves of one trial; all of them where no key is named."""
        query = {"key": keys, "max_points": max_points, "since_step": since_step}
        path = path_of("sweeps", sweep_id, "trials", number, "metrics")
        return await self._session.ask(Metrics, "GET", path, query=query)

    async def _page(self, cursor: str | None, limit: int, filters: SweepFilters) -> SweepPage:
        query = {**filters, "limit": limit, "cursor": cursor}
        return await self._session.ask(SweepPage, "GET", path_of("sweeps"), query=query)
