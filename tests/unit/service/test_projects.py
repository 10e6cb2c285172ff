"""Projects: by name alone, described, limited, and in the queue."""

from __future__ import annotations

import pytest
from starlette.testclient import TestClient

from service.access.principal import Principal, Role
from service.db import Database
from service.errors import Forbidden
from service.projects import logic
from service.projects.errors import ProjectNotFound
from service.projects.repository import ProjectRepository
from service.projects.schemas import ProjectWish
from tests.unit.service.factories import job_spec
from tests.unit.service.world import World


def test_a_project_exists_as_soon_as_a_job_names_it(http: TestClient) -> None:
    assert http.get("/api/v1/projects").json() == {"items": []}
    http.post("/api/v1/jobs", json=job_spec(project="cars"))
    [project] = http.get("/api/v1/projects").json()["items"]
    assert (project["name"], project["jobs"], project["created_at"]) == ("cars", {"queued": 1}, None)
    assert http.get("/api/v1/projects/cars").json() == project
    assert http.get("/api/v1/projects/boats").status_code == 404


def test_a_project_can_be_described_limited_and_reset(http: TestClient) -> None:
    wish = {"description": "boats and more", "limits": {"max_gpus": 2}}
    made = http.put("/api/v1/projects/boats", json=wish).json()
    assert made["limits"] == {"max_jobs": None, "max_cpus": None, "max_gpus": 2}
    assert made["description"] == "boats and more"
    reset = http.put("/api/v1/projects/boats", json={}).json()
    assert (reset["description"], reset["limits"]["max_gpus"]) == ("", None)
    assert reset["created_at"] == made["created_at"]


@pytest.mark.parametrize("wish", [{"limits": {"max_gpus": -1}}, {"limit": {}}, {"description": "a\u0001"}])
def test_senseless_projects_are_refused(http: TestClient, wish: dict[str, object]) -> None:
    assert http.put("/api/v1/projects/boats", json=wish).status_code == 422


def test_only_a_project_without_jobs_can_go(http: TestClient) -> None:
    http.put("/api/v1/projects/boats", json={})
    assert http.delete("/api/v1/projects/boats").status_code == 204
    assert http.delete("/api/v1/projects/boats").status_code == 404
    http.post("/api/v1/jobs", json=job_spec(project="cars"))
    refused = http.delete("/api/v1/projects/cars")
    assert refused.status_code == 409
    assert "has 1 job" in refused.json()["detail"]


async def test_projects_are_shown_and_changed_by_right(database: Database, world: World) -> None:
    await world.submit(project="cars")
    await world.submit(project="boats")
    ada = Principal("ada", {"cars": Role.EDITOR})
    async with database.writing() as session:
        projects = ProjectRepository(session)
        assert [one.name for one in (await logic.list_all(projects, ada)).items] == ["cars"]
        with pytest.raises(ProjectNotFound):
            await logic.show(projects, "boats", ada)
        with pytest.raises(Forbidden):
            await logic.put(projects, "cars", ProjectWish(), ada)


async def test_limits_hold_in_the_queue_and_are_lifted_at_once(world: World, http: TestClient) -> None:
    http.put("/api/v1/projects/cars", json={"limits": {"max_jobs": 1}})
    first, second = await world.submit(project="cars"), await world.submit(project="cars")
    other = await world.submit(project="boats")
    await world.round()
    assert world.ray.submitted == [f"{first}-1", f"{other}-1"]
    assert (await world.job(second)).reason == "queued: project 'cars' may run 1 job at once, 1 now"
    http.put("/api/v1/projects/cars", json={})
    world.ray.cpus = 3
    await world.round()
    assert world.ray.submitted[2:] == [f"{second}-1"]
