"""The one place where rights are enforced: a dependency of the whole application, run before anything else.

It looks up what the operation needs, finds out who asks, and refuses. An operation without a row in the table of
rights is refused to everybody.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from fastapi import Request
from sqlalchemy.ext.asyncio import AsyncSession

from service.access.authentication import authenticate, note_use, principal_of
from service.access.principal import EVERY_PROJECT, Principal, Role
from service.access.rights import NEEDS, UNLISTED, Need, Where
from service.access.sessions import cookie_name
from service.context import ContextDep
from service.datasets.errors import DatasetNotFound
from service.datasets.repository import DatasetRepository
from service.db.base import utc_now
from service.errors import Forbidden
from service.jobs.errors import JobNotFound
from service.jobs.repository import JobRepository
from service.models.errors import ModelNotFound
from service.models.repository import ModelRepository
from service.webhooks.errors import WebhookNotFound
from service.webhooks.repository import WebhookRepository

PathParameters = Mapping[str, Any]
_LONGEST_ID = 64


async def authorise(request: Request, context: ContextDep) -> None:
    """Raises Unauthenticated, Forbidden, or the NotFound of a thing that the principal may not know of."""
    operation = str(getattr(request.scope["route"], "operation_id", None))
    need = NEEDS.get(operation) or UNLISTED.get(operation)
    if need is None:
        raise Forbidden(f"{request.url.path} ({operation}) has no row in the table of rights, so nobody may use it")
    if need.where is Where.NOWHERE:
        return
    async with context.database.reading() as session:
        token, browser = await authenticate(request, session, cookie=cookie_name(request))
        principal = principal_of(token, utc_now(), session=browser)
        request.scope["state"]["principal"] = principal
        await check(need, principal, request.path_params, session)
    await note_use(context.database, token)


async def check(need: Need, principal: Principal, path: PathParameters, session: AsyncSession) -> None:
    """Raises Forbidden, or the NotFound of a thing in a project of which the principal may see nothing."""
    match need.where:
        case Where.EVERYWHERE:
            principal.check(need.role, EVERY_PROJECT)
        case Where.SOMEWHERE | Where.IN_BODY:
            if not principal.may_somewhere(need.role):
                raise Forbidden(f"this needs the role {need.role} in some project; {principal.name} has it nowhere")
        case _:
            project = await PROJECT_OF[need.where](path, principal, session)
            principal.check(need.role, project)


async def _project_of_job(path: PathParameters, principal: Principal, session: AsyncSession) -> str:
    """A job in a project of which one may see nothing is as unknown as one that never was."""
    noun = "job" if "job_id" in path else "sweep"
    wanted = str(path[f"{noun}_id"])
    project = await JobRepository(session).project_of(wanted) if _is_id(wanted) else None
    if project is None or not principal.may(Role.VIEWER, project):
        raise JobNotFound(wanted, noun)
    return project


async def _project_of_dataset(path: PathParameters, principal: Principal, session: AsyncSession) -> str:
    name = str(path["name"])
    found = await DatasetRepository(session).get(name) if _is_id(name) else None
    if found is None or not principal.may(Role.VIEWER, found.project):
        raise DatasetNotFound(name)
    return found.project


async def _project_of_model(path: PathParameters, principal: Principal, session: AsyncSession) -> str:
    name = str(path["name"])
    found = await ModelRepository(session).get(name) if _is_id(name) else None
    if found is None or not principal.may(Role.VIEWER, found.project):
        raise ModelNotFound(name)
    return found.project


async def _project_of_webhook(path: PathParameters, principal: Principal, session: AsyncSession) -> str:
    wanted = str(path["webhook_id"])
    row = await WebhookRepository(session).get(wanted) if _is_id(wanted) else None
    if row is None or not principal.may(Role.VIEWER, row.project):
        raise WebhookNotFound(wanted)
    return row.project


async def _project_in_path(path: PathParameters, principal: Principal, session: AsyncSession) -> str:
    """Projects need not exist to be named, so that nothing is given away by refusing one."""
    return str(path["name"])


def _is_id(text: str) -> bool:
    """No database is asked for what cannot be an id (PostgreSQL would refuse a NUL)."""
    return len(text) <= _LONGEST_ID and text.isascii() and text.isprintable()


PROJECT_OF: dict[Where, Callable[[PathParameters, Principal, AsyncSession], Awaitable[str]]] = {
    Where.OF_JOB: _project_of_job,
    Where.OF_DATASET: _project_of_dataset,
    Where.OF_MODEL: _project_of_model,
    Where.OF_PROJECT: _project_in_path,
    Where.OF_WEBHOOK: _project_of_webhook,
}
