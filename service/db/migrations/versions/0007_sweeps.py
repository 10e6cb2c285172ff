"""Sweeps: controls, repeats, objectives and learning curves of trials."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

RowNumber = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
Document = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    with op.batch_alter_table("trials") as trials:
        trials.add_column(sa.Column("role", sa.String(length=16), nullable=False, server_default="search"))
        trials.add_column(sa.Column("seed", sa.Integer(), nullable=False, server_default="0"))
        trials.add_column(sa.Column("repeats", sa.Integer(), nullable=True))
        trials.add_column(sa.Column("further_objectives", Document, nullable=False, server_default="[]"))
        trials.add_column(sa.Column("reports", Document, nullable=False, server_default="[]"))
        trials.add_column(sa.Column("seconds", sa.Double(), nullable=False, server_default="0"))
    with op.batch_alter_table("trials") as trials:
        for column in ("role", "seed", "further_objectives", "reports", "seconds"):
            trials.alter_column(column, server_default=None)
    op.create_table(
        "steering",
        sa.Column("id", RowNumber, autoincrement=True, nullable=False),
        sa.Column("job_id", sa.String(length=32), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.String(length=100), nullable=False),
        sa.Column("request", Document, nullable=False),
        sa.ForeignKeyConstraint(["job_id"], ["jobs.id"], name=op.f("fk_steering_job_id_jobs")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_steering")),
    )
    op.create_index(op.f("ix_steering_job_id"), "steering", ["job_id"])
