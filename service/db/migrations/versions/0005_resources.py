"""Resources: data sets and models with their checks, aliases and lineage."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

Moment = sa.DateTime(timezone=True)
RowNumber = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
Document = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    _checks()
    _datasets()
    _models()
    _aliases()
    _lineage()


def _checks() -> None:
    op.create_table(
        "checks",
        sa.Column("id", RowNumber, autoincrement=True, nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("target", sa.String(length=32), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("first", sa.Integer(), nullable=False),
        sa.Column("submission_id", sa.String(length=64), nullable=False),
        sa.Column("created_at", Moment, nullable=False),
        sa.Column("submitted_at", Moment, nullable=True),
        sa.Column("ended_at", Moment, nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_checks"),
        sa.UniqueConstraint("submission_id", name="uq_checks_submission_id"),
        sa.UniqueConstraint("target", "number", name="uq_checks_target_number"),
    )
    op.create_index("ix_checks_ended_at", "checks", ["ended_at"], unique=False)


def _datasets() -> None:
    op.create_table(
        "datasets",
        sa.Column("seq", RowNumber, autoincrement=True, nullable=False),
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("project", sa.String(length=100), nullable=False),
        sa.Column("latest", sa.Integer(), nullable=False),
        sa.Column("created_at", Moment, nullable=False),
        sa.Column("deleted_at", Moment, nullable=True),
        sa.PrimaryKeyConstraint("seq", name="pk_datasets"),
        sa.UniqueConstraint("name", name="uq_datasets_name"),
    )
    op.create_index("ix_datasets_project", "datasets", ["project"], unique=False)
    op.create_table(
        "dataset_versions",
        sa.Column("seq", RowNumber, autoincrement=True, nullable=False),
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("train", Document, nullable=False),
        sa.Column("val", Document, nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("check_number", sa.Integer(), nullable=False),
        sa.Column("checked_at", Moment, nullable=True),
        sa.Column("hash", sa.String(length=64), nullable=True),
        sa.Column("report", Document, nullable=True),
        sa.Column("samples", Document, nullable=False),
        sa.Column("samples_of", sa.Integer(), nullable=False),
        sa.Column("created_at", Moment, nullable=False),
        sa.Column("created_by", sa.String(length=100), nullable=False),
        sa.ForeignKeyConstraint(["name"], ["datasets.name"], name="fk_dataset_versions_name_datasets"),
        sa.PrimaryKeyConstraint("seq", name="pk_dataset_versions"),
        sa.UniqueConstraint("id", name="uq_dataset_versions_id"),
        sa.UniqueConstraint("name", "version", name="uq_dataset_versions_name_version"),
    )


def _models() -> None:
    op.create_table(
        "models",
        sa.Column("seq", RowNumber, autoincrement=True, nullable=False),
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("project", sa.String(length=100), nullable=False),
        sa.Column("latest", sa.Integer(), nullable=False),
        sa.Column("created_at", Moment, nullable=False),
        sa.Column("deleted_at", Moment, nullable=True),
        sa.PrimaryKeyConstraint("seq", name="pk_models"),
        sa.UniqueConstraint("name", name="uq_models_name"),
    )
    op.create_index("ix_models_project", "models", ["project"], unique=False)
    op.create_table(
        "model_versions",
        sa.Column("seq", RowNumber, autoincrement=True, nullable=False),
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("source", Document, nullable=False),
        sa.Column("weights", sa.Text(), nullable=False),
        sa.Column("job_id", sa.String(length=32), nullable=True),
        sa.Column("sample", Document, nullable=True),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("check_number", sa.Integer(), nullable=False),
        sa.Column("checked_at", Moment, nullable=True),
        sa.Column("sha256", sa.String(length=64), nullable=True),
        sa.Column("size_bytes", sa.BigInteger(), nullable=True),
        sa.Column("report", Document, nullable=True),
        sa.Column("metrics", Document, nullable=False),
        sa.Column("registration", sa.String(length=16), nullable=False),
        sa.Column("registration_note", sa.Text(), nullable=False),
        sa.Column("mlflow_version", sa.String(length=32), nullable=True),
        sa.Column("created_at", Moment, nullable=False),
        sa.Column("created_by", sa.String(length=100), nullable=False),
        sa.ForeignKeyConstraint(["job_id"], ["jobs.id"], name="fk_model_versions_job_id_jobs"),
        sa.ForeignKeyConstraint(["name"], ["models.name"], name="fk_model_versions_name_models"),
        sa.PrimaryKeyConstraint("seq", name="pk_model_versions"),
        sa.UniqueConstraint("id", name="uq_model_versions_id"),
        sa.UniqueConstraint("name", "job_id", name="uq_model_versions_name_job_id"),
        sa.UniqueConstraint("name", "version", name="uq_model_versions_name_version"),
    )
    op.create_index("ix_model_versions_job_id", "model_versions", ["job_id"], unique=False)
    op.create_index("ix_model_versions_registration", "model_versions", ["registration"], unique=False)
    op.create_index("ix_model_versions_sha256", "model_versions", ["sha256"], unique=False)


def _aliases() -> None:
    op.create_table(
        "model_aliases",
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("alias", sa.String(length=64), nullable=False),
        sa.Column("version", sa.Integer(), nullable=True),
        sa.Column("synced", sa.Boolean(), nullable=False),
        sa.Column("set_at", Moment, nullable=False),
        sa.Column("set_by", sa.String(length=100), nullable=False),
        sa.ForeignKeyConstraint(["name"], ["models.name"], name="fk_model_aliases_name_models"),
        sa.PrimaryKeyConstraint("name", "alias", name="pk_model_aliases"),
    )
    op.create_index("ix_model_aliases_synced", "model_aliases", ["synced"], unique=False)
    op.create_table(
        "model_events",
        sa.Column("id", RowNumber, autoincrement=True, nullable=False),
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("at", Moment, nullable=False),
        sa.Column("actor", sa.String(length=100), nullable=False),
        sa.Column("action", sa.String(length=16), nullable=False),
        sa.Column("alias", sa.String(length=64), nullable=True),
        sa.Column("version", sa.Integer(), nullable=True),
        sa.Column("previous", sa.Integer(), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["name"], ["models.name"], name="fk_model_events_name_models"),
        sa.PrimaryKeyConstraint("id", name="pk_model_events"),
    )
    op.create_index("ix_model_events_name", "model_events", ["name"], unique=False)


def _lineage() -> None:
    op.create_table(
        "job_inputs",
        sa.Column("job_id", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["job_id"], ["jobs.id"], name="fk_job_inputs_job_id_jobs"),
        sa.PrimaryKeyConstraint("job_id", "kind", name="pk_job_inputs"),
    )
    op.create_index("ix_job_inputs_kind_name_version", "job_inputs", ["kind", "name", "version"], unique=False)
