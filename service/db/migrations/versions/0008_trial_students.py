"""Students of trials as versions of models."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("model_versions") as versions:
        versions.add_column(sa.Column("trial", sa.Integer(), nullable=False, server_default="0"))
        versions.drop_constraint("uq_model_versions_name_job_id", type_="unique")
        versions.create_unique_constraint("uq_model_versions_name_job_id_trial", ["name", "job_id", "trial"])
    with op.batch_alter_table("model_versions") as versions:
        versions.alter_column("trial", server_default=None)
