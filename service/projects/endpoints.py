"""HTTP routes of projects."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Path

from service.access.principal import PrincipalDep
from service.context import SessionDep
from service.http.problems import problems
from service.http.strict import strict
from service.projects import logic
from service.projects.repository import ProjectRepository
from service.projects.schemas import Project, Projects, ProjectWish

router = APIRouter(prefix="/projects", tags=["projects"])


async def get_projects(session: SessionDep) -> ProjectRepository:
    return ProjectRepository(session)


ProjectsDep = Annotated[ProjectRepository, Depends(get_projects)]
ProjectName = Annotated[
    str, Path(min_length=1, max_length=100, pattern=r"^[^\x00-\x1f/]+$", description="A project.", examples=["default"])
]


@router.get("", operation_id="listProjects", responses=problems(422))
async def list_projects(projects: ProjectsDep, principal: PrincipalDep) -> Projects:
    """All projects that you may see, with their limits and how many jobs are in which state."""
    return await logic.list_all(projects, principal)


@router.get("/{name}", operation_id="getProject", responses=problems(404, 422))
async def get_project(name: ProjectName, projects: ProjectsDep, principal: PrincipalDep) -> Project:
    """One project."""
    return await logic.show(projects, name, principal)


@router.put("/{name}", operation_id="putProject", responses=problems(400, 413, 415, 422))
async def put_project(
    name: ProjectName, wish: Annotated[ProjectWish, strict(ProjectWish)], projects: ProjectsDep, principal: PrincipalDep
) -> Project:
    """Describe and limit a project, whether it exists or not. Limits hold for what starts from now on."""
    return await logic.put(projects, name, wish, principal)


@router.delete("/{name}", operation_id="removeProject", status_code=204, responses=problems(404, 409, 422))
async def remove_project(name: ProjectName, projects: ProjectsDep, principal: PrincipalDep) -> None:
    """Forget a project that has no jobs."""
    await logic.remove(projects, name, principal)
