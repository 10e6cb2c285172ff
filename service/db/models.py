"""All tables, gathered so that migrations see every one of them."""

from service.access.models import SessionRow, SignInCodeRow, TokenRow
from service.audit.models import AuditRow
from service.db.base import Base
from service.jobs.models import AttemptRow, EventRow, JobRow
from service.projects.models import ProjectRow
from service.reconciler.models import LeaseRow
from service.sweeps.models import SteeringRow, TrialRow

__all__ = [
    "AttemptRow",
    "AuditRow",
    "Base",
    "EventRow",
    "JobRow",
    "LeaseRow",
    "ProjectRow",
    "SessionRow",
    "SignInCodeRow",
    "SteeringRow",
    "TokenRow",
    "TrialRow",
]
