"""`client.projects`: groups of jobs, with limits on what they may hold at once."""

from __future__ import annotations

from typing import Any, TypedDict, Unpack

from service.projects.schemas import Project, Projects, ProjectWish
from service.sdk._operation import M, Resource, operation
from service.sdk._session import path_of


class LimitsOfProject(TypedDict, total=False):
    """What the jobs of a project may hold at once; None is no limit."""

    max_jobs: int | None
    max_cpus: float | None
    max_gpus: float | None


class ProjectBook(Resource[M]):
    """List, describe, limit and forget projects."""

    @operation("listProjects")
    async def list(self) -> Projects:
        """All projects, with their limits and how many jobs are in which state."""
        return await self._session.ask(Projects, "GET", path_of("projects"))

    @operation("getProject")
    async def get(self, project: str) -> Project:
        """One project."""
        return await self._session.ask(Project, "GET", path_of("projects", project))

    @operation("putProject")
    async def put(self, project: str, *, description: str = "", **limits: Unpack[LimitsOfProject]) -> Project:
        """Describe and limit a project; what is left out is reset."""
        given: dict[str, Any] = {"description": description, "limits": dict(limits)}
        body = ProjectWish.model_validate(given)
        return await self._session.ask(Project, "PUT", path_of("projects", project), body=body)

    @operation("removeProject")
    async def remove(self, project: str) -> None:
        """Forget a project that has no jobs."""
        await self._session.tell("DELETE", path_of("projects", project))
