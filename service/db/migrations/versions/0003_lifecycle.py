"""Lifecycle: what pauses, retries and limits need."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

Moment = sa.DateTime(timezone=True)


def upgrade() -> None:
    with op.batch_alter_table("jobs") as jobs:
        jobs.add_column(sa.Column("pause_requested_at", Moment, nullable=True))
        jobs.add_column(sa.Column("comes_back", sa.Boolean(), nullable=False, server_default=sa.false()))
        jobs.add_column(sa.Column("not_before", Moment, nullable=True))
        jobs.add_column(sa.Column("forgiven_attempts", sa.Integer(), nullable=False, server_default="0"))
        jobs.add_column(sa.Column("scratch_after", sa.Integer(), nullable=False, server_default="0"))
        jobs.add_column(sa.Column("cloned_from", sa.String(length=32), nullable=True))
    with op.batch_alter_table("attempts") as attempts:
        attempts.add_column(sa.Column("node_id", sa.String(length=64), nullable=True))
    op.create_table(
        "projects",
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("max_jobs", sa.Integer(), nullable=True),
        sa.Column("max_cpus", sa.Double(), nullable=True),
        sa.Column("max_gpus", sa.Double(), nullable=True),
        sa.Column("created_at", Moment, nullable=False),
        sa.Column("updated_at", Moment, nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_projects"),
    )
