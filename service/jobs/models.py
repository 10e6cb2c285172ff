"""Tables of jobs, their attempts and their events."""

from __future__ import annotations

from datetime import datetime
from itertools import chain
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint, event, false, text, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from service.db.base import Base, RowNumber, utc_now
from service.jobs.derived import best_ap, search_text, student_of, teacher_of


class JobRow(Base):
    """A job or a sweep. `seq` is the order in which jobs came."""

    __tablename__ = "jobs"
    __table_args__ = (
        Index("ix_jobs_state_seq", "state", "seq"),
        Index("ix_jobs_project_seq", "project", "seq"),
        UniqueConstraint("key_owner", "idempotency_key"),
        Index("ix_jobs_updated_at", "updated_at", "seq"),
        Index("ix_jobs_priority", "priority", "seq"),
        Index("ix_jobs_best_ap", "best_ap", "seq"),
        Index("ix_jobs_project_state", "project", "state"),
    )

    # The revision that an UPDATE made is known after it, without another query.
    __mapper_args__ = {"eager_defaults": True}

    seq: Mapped[int] = mapped_column(RowNumber, primary_key=True, autoincrement=True)
    id: Mapped[str] = mapped_column(String(32), unique=True)
    kind: Mapped[str] = mapped_column(String(16))
    name: Mapped[str] = mapped_column(String(100))
    project: Mapped[str] = mapped_column(String(100))
    tags: Mapped[list[str]]
    priority: Mapped[int]
    spec: Mapped[dict[str, Any]]
    cpus: Mapped[float] = mapped_column(doc="What one attempt holds in all; of a sweep, with all its parallel trials.")
    gpus: Mapped[float]
    max_attempts: Mapped[int]
    state: Mapped[str] = mapped_column(String(16))
    reason: Mapped[str] = mapped_column(Text, default="")
    cause: Mapped[str | None] = mapped_column(String(32))
    cancel_requested_at: Mapped[datetime | None]
    pause_requested_at: Mapped[datetime | None]
    comes_back: Mapped[bool] = mapped_column(
        default=False, server_default=false(), doc="Goes back to the queue by itself when its pause is settled."
    )
    not_before: Mapped[datetime | None] = mapped_column(doc="A queued job waits until then: the backoff of retries.")
    forgiven_attempts: Mapped[int] = mapped_column(
        default=0, server_default="0", doc="Losses of attempts up to this number count no more: a person retried."
    )
    scratch_after: Mapped[int] = mapped_column(
        default=0, server_default="0", doc="Attempts after this one train from scratch, in a folder of their own."
    )
    cloned_from: Mapped[str | None] = mapped_column(String(32))
    phase: Mapped[str | None] = mapped_column(String(16))
    step: Mapped[int] = mapped_column(default=0)
    num_steps: Mapped[int] = mapped_column(default=0)
    eta_s: Mapped[float | None]
    metrics: Mapped[dict[str, float]]
    attempt: Mapped[int] = mapped_column(default=0)
    mlflow_run_id: Mapped[str | None] = mapped_column(String(64))
    mlflow_experiment_id: Mapped[str | None] = mapped_column(String(64))
    idempotency_key: Mapped[str | None] = mapped_column(String(255))
    key_owner: Mapped[str | None] = mapped_column(String(100), doc="Name of who sent the key: keys are theirs alone.")
    body_hash: Mapped[str] = mapped_column(String(64))
    revision: Mapped[int] = mapped_column(
        default=1,
        server_default="1",
        onupdate=text("revision + 1"),
        doc="Counted up by every UPDATE, by the session or by a statement; changes of attempts count too.",
    )
    # What lists show, filter and sort by; derived from the columns above whenever a row is written.
    resources: Mapped[dict[str, Any]] = mapped_column(doc="What the spec asks for one training.")
    teacher: Mapped[str | None] = mapped_column(Text)
    student: Mapped[str] = mapped_column(String(200))
    best_ap: Mapped[float | None] = mapped_column(doc="Highest val/AP that was seen, in percent.")
    search: Mapped[str] = mapped_column(Text, doc="All that a text search looks at, in one case.")
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime] = mapped_column(onupdate=utc_now)
    started_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]


class EventRow(Base):
    """One change of a job's state. Rows are only ever added."""

    __tablename__ = "events"

    id: Mapped[int] = mapped_column(RowNumber, primary_key=True, autoincrement=True)
    job_id: Mapped[str] = mapped_column(ForeignKey("jobs.id"), index=True)
    at: Mapped[datetime]
    from_state: Mapped[str | None] = mapped_column(String(16))
    to_state: Mapped[str] = mapped_column(String(16))
    cause: Mapped[str] = mapped_column(Text)
    actor: Mapped[str] = mapped_column(String(100))
    attempt: Mapped[int | None]


class AttemptRow(Base):
    """One try of a job on the cluster. The row is written before Ray hears of the attempt."""

    __tablename__ = "attempts"
    __table_args__ = (UniqueConstraint("job_id", "number"),)

    id: Mapped[int] = mapped_column(RowNumber, primary_key=True, autoincrement=True)
    job_id: Mapped[str] = mapped_column(ForeignKey("jobs.id"))
    number: Mapped[int]
    submission_id: Mapped[str] = mapped_column(String(64), unique=True)
    state: Mapped[str] = mapped_column(String(16))
    cause: Mapped[str | None] = mapped_column(String(32))
    reason: Mapped[str] = mapped_column(Text, default="")
    created_at: Mapped[datetime]
    submitted_at: Mapped[datetime | None]
    started_at: Mapped[datetime | None]
    heartbeat_at: Mapped[datetime | None]
    first_step: Mapped[int | None] = mapped_column(doc="First step that was seen, with its time: the ETA's base.")
    first_step_at: Mapped[datetime | None]
    stop_requested_at: Mapped[datetime | None]
    node_id: Mapped[str | None] = mapped_column(String(64), doc="Ray's id of the node where its process is.")
    ended_at: Mapped[datetime | None]


@event.listens_for(JobRow, "before_insert")
@event.listens_for(JobRow, "before_update")
def _derive(_mapper: Any, _connection: Any, job: JobRow) -> None:
    job.resources = job.spec["resources"]
    job.teacher = teacher_of(job.spec)
    job.student = student_of(job.spec)
    job.best_ap = best_ap(job.best_ap, job.metrics)
    job.search = search_text(job.name, job.id, job.project, *job.tags)


@event.listens_for(Session, "before_flush")
def _count_changes_of_attempts(session: Session, _context: Any, _instances: Any) -> None:
    """A job is shown with its attempts: a change of one makes a new revision of the job."""
    changed = {
        row.job_id
        for row in chain(session.new, session.dirty)
        if isinstance(row, AttemptRow) and session.is_modified(row)
    }
    if not changed:
        return
    loaded = {row.id: row for row in session.identity_map.values() if isinstance(row, JobRow)}
    for job_id in changed:
        if job_id not in loaded:
            session.execute(
                update(JobRow).where(JobRow.id == job_id).values(revision=JobRow.revision + 1),
                execution_options={"synchronize_session": False},
            )
        elif not session.is_modified(loaded[job_id]):
            loaded[job_id].revision = JobRow.revision + 1
