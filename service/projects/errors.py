"""What can be wrong about a request for a project."""

from __future__ import annotations

from service.errors import Conflict, NotFound


class ProjectNotFound(NotFound):
    title = "There is no such project"

    def __init__(self, name: str) -> None:
        super().__init__(f"there is no project {name!r}: nobody described it and no job names it")


class ProjectInUse(Conflict):
    title = "The project has jobs"

    def __init__(self, name: str, count: int) -> None:
        super().__init__(f"project {name!r} has {count} {'job' if count == 1 else 'jobs'}; only an empty one can go")
