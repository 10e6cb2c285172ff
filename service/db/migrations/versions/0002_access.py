"""Access: tokens, sessions, sign-in codes, the audit log; an event's actor is the name of a principal."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

Moment = sa.DateTime(timezone=True)
RowNumber = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
Document = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    with op.batch_alter_table("events") as events:
        events.alter_column("actor", existing_type=sa.String(length=32), type_=sa.String(length=100))
    # a key belongs to who sent it: another's key neither finds a job nor stands in the way
    with op.batch_alter_table("jobs") as jobs:
        jobs.add_column(sa.Column("key_owner", sa.String(length=100), nullable=True))
        jobs.drop_constraint("uq_jobs_idempotency_key", type_="unique")
        jobs.create_unique_constraint("uq_jobs_key_owner_idempotency_key", ["key_owner", "idempotency_key"])
    op.execute("UPDATE jobs SET key_owner = 'owner' WHERE idempotency_key IS NOT NULL")
    _create_tokens()
    op.create_table(
        "audit",
        sa.Column("id", RowNumber, autoincrement=True, nullable=False),
        sa.Column("at", Moment, nullable=False),
        sa.Column("principal", sa.String(length=100), nullable=True),
        sa.Column("token_id", sa.String(length=32), nullable=True),
        sa.Column("operation", sa.String(length=100), nullable=True),
        sa.Column("method", sa.String(length=16), nullable=False),
        sa.Column("target", sa.String(length=500), nullable=False),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column("request_id", sa.String(length=64), nullable=False),
        sa.Column("client", sa.String(length=100), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_audit"),
    )
    op.create_index("ix_audit_at", "audit", ["at"])
    op.create_index("ix_audit_principal", "audit", ["principal"])


def _create_tokens() -> None:
    op.create_table(
        "tokens",
        sa.Column("seq", RowNumber, autoincrement=True, nullable=False),
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("prefix", sa.String(length=16), nullable=False),
        sa.Column("roles", Document, nullable=False),
        sa.Column("created_at", Moment, nullable=False),
        sa.Column("created_by", sa.String(length=100), nullable=False),
        sa.Column("expires_at", Moment, nullable=True),
        sa.Column("revoked_at", Moment, nullable=True),
        sa.Column("last_used_at", Moment, nullable=True),
        sa.PrimaryKeyConstraint("seq", name="pk_tokens"),
        sa.UniqueConstraint("id", name="uq_tokens_id"),
        sa.UniqueConstraint("hash", name="uq_tokens_hash"),
    )
    live = sa.text("revoked_at IS NULL")
    op.create_index("uq_tokens_live_name", "tokens", ["name"], unique=True, sqlite_where=live, postgresql_where=live)
    op.create_table(
        "sessions",
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("token_id", sa.String(length=32), nullable=False),
        sa.Column("created_at", Moment, nullable=False),
        sa.Column("expires_at", Moment, nullable=False),
        sa.ForeignKeyConstraint(["token_id"], ["tokens.id"], name="fk_sessions_token_id_tokens"),
        sa.PrimaryKeyConstraint("hash", name="pk_sessions"),
    )
    op.create_index("ix_sessions_token_id", "sessions", ["token_id"])
    op.create_table(
        "sign_in_codes",
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("token_id", sa.String(length=32), nullable=False),
        sa.Column("expires_at", Moment, nullable=False),
        sa.ForeignKeyConstraint(["token_id"], ["tokens.id"], name="fk_sign_in_codes_token_id_tokens"),
        sa.PrimaryKeyConstraint("hash", name="pk_sign_in_codes"),
    )
    op.create_index("ix_sign_in_codes_token_id", "sign_in_codes", ["token_id"])
