"""Access: an event's actor is the name of a principal."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("events") as events:
        events.alter_column("actor", existing_type=sa.String(length=32), type_=sa.String(length=100))
