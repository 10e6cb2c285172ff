"""Changes: what live streams, ETags and lists need."""

from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

Document = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
jobs_before = sa.table(
    "jobs",
    sa.column("seq", sa.Integer()),
    *(sa.column(name, sa.String()) for name in ("id", "name", "project")),
    *(sa.column(name, Document) for name in ("tags", "spec", "metrics")),
)
jobs_after = sa.table(
    "jobs",
    sa.column("seq", sa.Integer()),
    sa.column("resources", Document),
    *(sa.column(name, sa.Text()) for name in ("teacher", "student", "search")),
    sa.column("best_ap", sa.Double()),
)


def upgrade() -> None:
    with op.batch_alter_table("jobs") as jobs:
        jobs.add_column(sa.Column("revision", sa.Integer(), server_default="1", nullable=False))
        jobs.add_column(sa.Column("resources", Document, nullable=True))
        jobs.add_column(sa.Column("teacher", sa.Text(), nullable=True))
        jobs.add_column(sa.Column("student", sa.String(length=200), nullable=True))
        jobs.add_column(sa.Column("best_ap", sa.Double(), nullable=True))
        jobs.add_column(sa.Column("search", sa.Text(), nullable=True))
    with op.batch_alter_table("leases") as leases:
        leases.add_column(sa.Column("round_at", sa.DateTime(timezone=True), nullable=True))
    _fill()
    with op.batch_alter_table("jobs") as jobs:
        jobs.alter_column("resources", existing_type=Document, nullable=False)
        jobs.alter_column("student", existing_type=sa.String(length=200), nullable=False)
        jobs.alter_column("search", existing_type=sa.Text(), nullable=False)
        jobs.create_index("ix_jobs_updated_at", ["updated_at", "seq"])
        jobs.create_index("ix_jobs_priority", ["priority", "seq"])
        jobs.create_index("ix_jobs_best_ap", ["best_ap", "seq"])
        jobs.create_index("ix_jobs_project_state", ["project", "state"])


def _fill() -> None:
    connection = op.get_bind()
    derived = ("resources", "teacher", "student", "best_ap", "search")
    fill = sa.update(jobs_after).where(jobs_after.c.seq == sa.bindparam("row"))
    fill = fill.values({name: sa.bindparam(f"new_{name}") for name in derived})
    for rows in _batches(connection):
        connection.execute(fill, [{"row": row.seq, **_derive(row)} for row in rows])


def _batches(connection: sa.Connection) -> Iterator[list[Any]]:
    last = 0
    while rows := list(
        connection.execute(
            sa.select(jobs_before).where(jobs_before.c.seq > last).order_by(jobs_before.c.seq).limit(500)
        )
    ):
        yield rows
        last = rows[-1].seq


def _derive(row: Any) -> dict[str, Any]:
    training = row.spec.get("training") or {}
    teacher = ((training.get("distillation") or {}).get("teacher") or {}).get("weights")
    student = training.get("student") or {}
    kinds = f"{student.get('kind', '')} {(student.get('backbone') or {}).get('kind', '')}".strip()
    words = (row.name, row.id, row.project, *row.tags)
    return {
        "new_resources": row.spec.get("resources") or {},
        "new_teacher": teacher,
        "new_student": kinds,
        "new_best_ap": row.metrics.get("val/AP"),
        "new_search": "\n".join(words).casefold(),
    }
