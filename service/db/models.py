"""All tables, gathered so that migrations see every one of them."""

from service.access.models import SessionRow, SignInCodeRow, TokenRow
from service.audit.models import AuditRow
from service.checks.models import CheckRow
from service.datasets.models import DatasetRow, DatasetVersionRow
from service.db.base import Base
from service.jobs.models import AttemptRow, EventRow, JobRow
from service.lineage.models import JobInputRow
from service.models.models import ModelAliasRow, ModelEventRow, ModelRow, ModelVersionRow
from service.projects.models import ProjectRow
from service.reconciler.models import LeaseRow
from service.sweeps.models import SteeringRow, TrialRow
from service.webhooks.models import DeliveryRow, EventCursorRow, WebhookRow

__all__ = [
    "AttemptRow",
    "AuditRow",
    "Base",
    "CheckRow",
    "DatasetRow",
    "DatasetVersionRow",
    "DeliveryRow",
    "EventCursorRow",
    "EventRow",
    "JobInputRow",
    "JobRow",
    "LeaseRow",
    "ModelAliasRow",
    "ModelEventRow",
    "ModelRow",
    "ModelVersionRow",
    "ProjectRow",
    "SessionRow",
    "SignInCodeRow",
    "SteeringRow",
    "TokenRow",
    "TrialRow",
    "WebhookRow",
]
