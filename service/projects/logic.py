"""What can be done with projects: list, show, describe and limit, remove."""

from __future__ import annotations

from service.access.principal import Principal, Role
from service.db.base import utc_now
from service.projects.errors import ProjectInUse, ProjectNotFound
from service.projects.models import ProjectRow
from service.projects.repository import ProjectRepository
from service.projects.schemas import Project, ProjectLimits, Projects, ProjectWish


async def list_all(projects: ProjectRepository, principal: Principal) -> Projects:
    visible = principal.visible_projects()
    rows = {row.name: row for row in await projects.all(visible)}
    counts = await projects.counts(visible)
    names = sorted(rows.keys() | counts.keys())
    return Projects(items=[_view(name, rows.get(name), counts.get(name, {})) for name in names])


async def show(projects: ProjectRepository, name: str, principal: Principal) -> Project:
    """Raises ProjectNotFound, also where the principal may not see it."""
    row = await projects.get(name)
    counts = await projects.counts([name])
    if (row is None and not counts) or not principal.may(Role.VIEWER, name):
        raise ProjectNotFound(name)
    return _view(name, row, counts.get(name, {}))


async def put(projects: ProjectRepository, name: str, wish: ProjectWish, principal: Principal) -> Project:
    """Describe and limit a project. The limits hold for what starts from now on; what runs is left alone.

    Raises:
        Forbidden: the principal is no admin of the project.
    """
    principal.check(Role.ADMIN, name)
    now = utc_now()
    row = await projects.get(name)
    if row is None:
        row = ProjectRow(name=name, created_at=now)
        projects.session.add(row)
    row.description = wish.description
    row.max_jobs, row.max_cpus, row.max_gpus = wish.limits.max_jobs, wish.limits.max_cpus, wish.limits.max_gpus
    row.updated_at = now
    await projects.session.flush()
    return await show(projects, name, principal)


async def remove(projects: ProjectRepository, name: str, principal: Principal) -> None:
    """Forget the description and limits of a project without jobs.

    Raises:
        Forbidden: the principal is no admin of the project.
        ProjectNotFound: there is no such project.
        ProjectInUse: jobs name it.
    """
    principal.check(Role.ADMIN, name)
    counts = (await projects.counts([name])).get(name)
    if counts:
        raise ProjectInUse(name, sum(counts.values()))
    row = await projects.get(name)
    if row is None:
        raise ProjectNotFound(name)
    await projects.session.delete(row)


def _view(name: str, row: ProjectRow | None, counts: dict[str, int]) -> Project:
    limits = ProjectLimits()
    if row is not None:
        limits = ProjectLimits(max_jobs=row.max_jobs, max_cpus=row.max_cpus, max_gpus=row.max_gpus)
    return Project.model_validate(
        {
            "name": name,
            "description": row.description if row else "",
            "limits": limits,
            "jobs": counts,
            "created_at": row.created_at if row else None,
            "updated_at": row.updated_at if row else None,
        }
    )
