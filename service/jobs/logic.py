"""What can be done with jobs: submit, list, show, read their events. `actions.py` has what changes their state."""

from __future__ import annotations

import hashlib
from typing import Any, Protocol

from pydantic import ValidationError

from service.access.principal import Principal, Role
from service.db.base import utc_now
from service.errors import Invalid
from service.ids import new_id
from service.jobs import listing
from service.jobs.cursors import row_at, write_cursor
from service.jobs.errors import JobNotFound, KeyReused
from service.jobs.lifecycle import JobState
from service.jobs.listing import JobFilter, Sort
from service.jobs.models import EventRow, JobRow
from service.jobs.repository import JobRepository
from service.jobs.schemas import AttemptView, Event, EventPage, Job, JobCounts, JobKind, JobPage
from service.jobs.transitions import born
from service.jobs.views import job_view, summary
from service.lineage.pins import pin
from service.settings import Settings
from service.validation import non_finite
from workers.spec import JobSpec, SweepSpec


def new_row(
    spec: JobSpec | SweepSpec,
    *,
    idempotency_key: str | None,
    key_owner: str | None = None,
    cloned_from: str | None = None,
) -> JobRow:
    now = utc_now()
    return JobRow(
        id=new_id(spec.kind),
        kind=spec.kind,
        name=spec.name,
        project=spec.project,
        tags=list(spec.tags),
        priority=spec.priority,
        spec=spec.model_dump(mode="json"),
        cpus=spec.resources.cpus * spec.num_shares,
        gpus=spec.resources.gpus * spec.num_shares,
        max_attempts=spec.retry.max_attempts,
        state=JobState.QUEUED.value,
        reason="queued: waits for the reconciler",
        step=0,
        num_steps=spec.num_trainings if isinstance(spec, SweepSpec) else spec.training.num_steps,
        metrics={},
        attempt=0,
        idempotency_key=idempotency_key,
        cloned_from=cloned_from,
        key_owner=key_owner if idempotency_key is not None else None,
        body_hash=hashlib.sha256(spec.model_dump_json().encode()).hexdigest(),
        created_at=now,
        updated_at=now,
    )


async def check(
    jobs: JobRepository, spec: JobSpec | SweepSpec, principal: Principal, *, settings: Settings
) -> JobSpec | SweepSpec:
    """The spec as it would be stored if it were submitted now; nothing is queued.

    Raises:
        Forbidden: the principal may not submit to the spec's project.
        Invalid: a number of the spec is not finite, or what it names or its paths cannot be used.
    """
    principal.check(Role.EDITOR, spec.project)
    if wrong := non_finite(spec):
        raise Invalid(f"{wrong[0].field}: {wrong[0].message}", errors=wrong)
    return (await pin(jobs.session, spec, principal, settings)).spec


async def submit(
    jobs: JobRepository,
    spec: JobSpec | SweepSpec,
    principal: Principal,
    *,
    idempotency_key: str | None,
    settings: Settings,
    cloned_from: str | None = None,
) -> Job:
    """Queue a job, or return the one that the same principal made with the same key before.

    Raises:
        Forbidden: the principal may not submit to the spec's project.
        Invalid: a number of the spec is not finite, or what it names or its paths cannot be used.
        KeyReused: the key belongs to a job with another spec.
    """
    principal.check(Role.EDITOR, spec.project)
    if wrong := non_finite(spec):
        raise Invalid(f"{wrong[0].field}: {wrong[0].message}", errors=wrong)
    row = new_row(spec, idempotency_key=idempotency_key, key_owner=principal.name, cloned_from=cloned_from)
    earlier = None if idempotency_key is None else await jobs.by_key(principal.name, idempotency_key)
    if earlier is None:
        pinned = await pin(jobs.session, spec, principal, settings)
        row.spec = pinned.spec.model_dump(mode="json")
        if await jobs.add(row):
            jobs.session.add_all(pinned.inputs(row.id))
            cause = "submitted" if cloned_from is None else f"cloned from {cloned_from}"
            jobs.session.add(born(row, cause=cause, actor=principal.name))
            await jobs.session.flush()
            return job_view(row, [])
        assert idempotency_key is not None
        earlier = await jobs.by_key(principal.name, idempotency_key)
    assert earlier is not None
    if earlier.body_hash != row.body_hash and not _means_the_same(earlier.spec, spec):
        raise KeyReused(
            f"the Idempotency-Key {idempotency_key!r} made {earlier.id} from another body; "
            "send the same body, or another key"
        )
    return await show(jobs, earlier.id)


def _means_the_same(stored: dict[str, Any], spec: JobSpec | SweepSpec) -> bool:
    """Whether a spec that an earlier version stored, when specs had fewer fields, is `spec`."""
    try:
        return type(spec).model_validate(stored) == spec
    except ValidationError:
        return False


async def find(jobs: JobRepository, job_id: str, *, kind: JobKind | None = None, lock: bool = False) -> JobRow:
    """Raises JobNotFound."""
    row = await jobs.get(job_id, kind=kind, lock=lock)
    if row is None:
        raise JobNotFound(job_id, noun=kind or "job")
    return row


class Freshness(Protocol):
    """Ends the reading of a job that the reader has already, by an exception of its own."""

    def check(self, revision: int) -> None: ...


async def show(
    jobs: JobRepository, job_id: str, *, kind: JobKind | None = None, freshness: Freshness | None = None
) -> Job:
    row = await find(jobs, job_id, kind=kind)
    if freshness is not None:
        freshness.check(row.revision)
    attempts = [AttemptView.model_validate(attempt) for attempt in await jobs.attempts(job_id)]
    return job_view(row, attempts)


async def list_page(jobs: JobRepository, shown: JobFilter, *, sort: Sort, limit: int, cursor: str | None) -> JobPage:
    """Raises BadCursor."""
    after = None if cursor is None else listing.position_at(cursor, sort)
    rows = await jobs.page(shown, sort=sort, after=after, limit=limit + 1)
    following = listing.cursor_after(rows[limit - 1], sort) if len(rows) > limit else None
    return JobPage(items=[summary(row) for row in rows[:limit]], next_cursor=following)


async def count(jobs: JobRepository, counted: JobFilter) -> JobCounts:
    by_state = await jobs.counts(counted)
    return JobCounts(total=sum(by_state.values()), by_state={state: by_state.get(state, 0) for state in JobState})


async def event_page(
    jobs: JobRepository, job_id: str, *, limit: int, cursor: str | None, kind: JobKind | None = None
) -> EventPage:
    await find(jobs, job_id, kind=kind)
    rows = await jobs.events(job_id, after=0 if cursor is None else row_at(cursor), limit=limit + 1)
    shown: list[EventRow] = list(rows[:limit])
    following = write_cursor(shown[-1].id) if len(rows) > limit else None
    return EventPage(items=[Event.model_validate(row) for row in shown], next_cursor=following)
