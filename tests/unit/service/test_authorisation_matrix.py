"""Every operation of the API times everybody who may ask: the answers are those of the table of rights."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from fastapi import FastAPI
from sqlalchemy import update
from starlette.testclient import TestClient

from service.access.models import TokenRow
from service.access.principal import OWNER, Principal, Role
from service.access.rights import NEEDS, Need, Where
from service.app import create_app
from service.db import Database
from tests.unit.service.factories import SPLITS, bearer, job_spec, sweep_spec
from tests.unit.service.test_tokens import make

HERE, ELSEWHERE = "here", "elsewhere"
PEOPLE = {
    "viewer": Principal("viewer", {HERE: Role.VIEWER}),
    "editor": Principal("editor", {HERE: Role.EDITOR}),
    "admin": Principal("admin", {HERE: Role.ADMIN}),
    "admin of another project": Principal("admin of another project", {ELSEWHERE: Role.ADMIN}),
    "viewer of all": Principal("viewer of all", {"*": Role.VIEWER}),
    "owner": OWNER,
}
NOBODIES = ("no token", "a wrong token", "an expired token", "a revoked token")


@dataclass(frozen=True)
class Operation:
    id: str
    method: str
    path: str
    streams: bool

    def url(self, world: World) -> str:
        """The address of the operation on things of the project HERE; what there is none of gets a made-up name."""
        kind = self.path.removeprefix("/api/v1/").partition("/")[0]
        names = {**world.ids, "name": {"projects": HERE, "datasets": "known", "models": "known"}.get(kind, "1")}
        return re.sub(r"\{(\w+)\}", lambda match: names.get(match[1], "1"), self.path)


def operations() -> list[Operation]:
    found = []
    for path, methods in create_app().openapi()["paths"].items():
        for method, operation in methods.items():
            streams = "text/event-stream" in operation["responses"].get("200", {}).get("content", {})
            found.append(Operation(operation["operationId"], method.upper(), path, streams))
    return found


OPERATIONS = operations()


@dataclass
class World:
    """A service with a job and a sweep in the project HERE, and a token for everybody."""

    http: TestClient
    ids: dict[str, str]
    tokens: dict[str, str]

    def ask(self, operation: Operation, who: str) -> Any:
        headers = bearer(self.tokens[who]) if who in self.tokens else {}
        body = BODIES.get(operation.id)
        query = {"last_event_id": "no~id"} if operation.streams else None  # a stream that begins would never end
        if operation.id in QUERIES:
            query, body = QUERIES[operation.id], None
        return self.http.request(operation.method, operation.url(self), headers=headers, json=body, params=query)


# A body that names the project HERE, for operations whose rights depend on it. Others get none: their rights are asked
# before their body is read.
BODIES: dict[str, Any] = {
    "submitJob": job_spec(project=HERE),
    "submitSweep": sweep_spec(project=HERE),
    "checkJob": job_spec(project=HERE),
    "checkSweep": sweep_spec(project=HERE),
    "createToken": {"name": "new", "roles": {HERE: "viewer"}},
    "registerDataset": {"name": "numbers", "project": HERE, **SPLITS},
    "registerModel": {"name": "teacher", "project": HERE, "weights": {"path": "teachers/digits.safetensors"}},
    "createWebhook": {"url": "https://example.com/", "project": HERE},
}
# The same for an operation whose query names the project.
QUERIES: dict[str, dict[str, str]] = {"uploadModel": {"project": HERE}}


@pytest.fixture
async def world(http: TestClient, database: Database) -> World:
    job = http.post("/api/v1/jobs", json=job_spec(project=HERE)).json()["id"]
    sweep = http.post("/api/v1/sweeps", json=sweep_spec(project=HERE)).json()["id"]
    for kind in ("Dataset", "Model"):
        made = http.post(f"/api/v1/{kind.lower()}s", json={**BODIES[f"register{kind}"], "name": "known"})
        assert made.status_code == 201, made.text
    hook = http.post("/api/v1/webhooks", json=BODIES["createWebhook"]).json()["id"]
    tokens = {name: make(http, name, **_roles(who))["secret"] for name, who in PEOPLE.items() if who is not OWNER}
    tokens["owner"] = str(http.headers["Authorization"]).removeprefix("Bearer ")
    tokens["a wrong token"] = "still_" + "A" * 43
    for name in ("an expired token", "a revoked token"):
        tokens[name] = make(http, name, every="admin")["secret"]
    past = datetime.now(UTC) - timedelta(hours=1)
    async with database.writing() as session:
        await session.execute(update(TokenRow).where(TokenRow.name == "an expired token").values(expires_at=past))
        await session.execute(update(TokenRow).where(TokenRow.name == "a revoked token").values(revoked_at=past))
    http.headers.pop("Authorization")
    return World(http, {"job_id": job, "sweep_id": sweep, "webhook_id": hook}, tokens)


def _roles(who: Principal) -> dict[str, str]:
    return {"every" if project == "*" else project: role.value for project, role in who.roles.items()}


def refusal(need: Need, who: Principal) -> set[int]:
    """How the table refuses; empty where it lets through."""
    if need.where is Where.NOWHERE:
        return set()
    if need.where is Where.SOMEWHERE:
        return set() if who.may_somewhere(need.role) else {403}
    if need.where is Where.EVERYWHERE:
        return set() if who.may(need.role, "*") else {403}
    if who.may(need.role, HERE):
        return set()
    if need.where in (Where.IN_BODY, Where.OF_PROJECT):
        return {403}
    return {403} if who.may(Role.VIEWER, HERE) else {404}


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda operation: operation.id)
def test_the_answer_is_the_table_s(world: World, operation: Operation) -> None:
    need = NEEDS[operation.id]
    for nobody in NOBODIES:
        status = world.ask(operation, nobody).status_code
        assert (status == 401) == (need.where is not Where.NOWHERE), (nobody, status)
    # whom the table refuses asks first: the others may remove what is asked for
    for name, who in sorted(PEOPLE.items(), key=lambda one: not refusal(need, one[1])):
        wanted = refusal(need, who)
        response = world.ask(operation, name)
        if wanted:
            assert response.status_code in wanted, (name, response.text)
            assert response.json()["type"].startswith("urn:stillhouse:problem:")
        else:
            assert response.status_code not in (401, 403), (name, response.text)
            assert response.status_code < 500 or response.status_code == 503, (name, response.text)


@pytest.mark.parametrize(
    "operation", [one for one in OPERATIONS if NEEDS[one.id].where is Where.IN_BODY], ids=lambda one: one.id
)
def test_operations_whose_rights_are_in_their_body_are_tested_with_one(operation: Operation) -> None:
    assert operation.id in {*BODIES, *QUERIES}, f"give {operation.id} a body that names the project {HERE!r}"


def test_a_job_among_many_is_refused_for_itself(world: World) -> None:
    for who, status in (("admin of another project", 404), ("editor", None)):
        body = {"action": "cancel", "ids": [world.ids["job_id"]]}
        answer = world.http.post("/api/v1/jobs/bulk", headers=bearer(world.tokens[who]), json=body)
        problem = answer.json()["items"][0]["problem"]
        assert (problem and problem["status"]) == status


def test_every_kind_of_place_is_enforced() -> None:
    from service.access.authorise import PROJECT_OF

    general = {Where.NOWHERE, Where.SOMEWHERE, Where.EVERYWHERE, Where.IN_BODY}
    assert set(PROJECT_OF) == set(Where) - general


def test_what_is_beside_the_api_is_open_or_refused_by_the_same_table(world: World, app: FastAPI) -> None:
    for path in ("/", "/signin", "/api/v1/openapi.json", "/healthz"):
        assert world.http.get(path).status_code in (200, 404), path
    for who, status in {"viewer": 403, "admin": 403, "viewer of all": 200, "owner": 200}.items():
        assert world.http.get("/mlflow/", headers=bearer(world.tokens[who])).status_code == status, who
    assert world.http.get("/mlflow/").status_code == 401


def described() -> Iterator[str]:
    for path in create_app().openapi()["paths"].values():
        for operation in path.values():
            if "401" not in operation["responses"] or operation.get("security") != [{"token": []}]:
                yield operation["operationId"]


def test_the_document_says_which_operations_need_a_token() -> None:
    assert set(described()) - {"signIn"} == {name for name, need in NEEDS.items() if need.where is Where.NOWHERE} - {
        "signIn"
    }
