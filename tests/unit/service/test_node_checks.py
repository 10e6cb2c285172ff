"""Looking at every node of the cluster: asked for over HTTP, carried out by the reconciler, told by the doctor."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from starlette.testclient import TestClient

from service.cli.doctor import nodes as doctor
from service.clients.ray import RayClient
from service.db import Database
from service.reconciler.checks import Checks
from service.sdk import Client
from service.settings import Settings
from tests.unit.service.fake_ray import FakeRay
from workers.spec.checks import CheckFolder, CheckReport

URL = "/api/v1/cluster/node-checks"
VERSIONS = {"python": "3.11.7", "stillhouse": "0.1.0", "torch": "2.15.0", "ray": "2.60.0"}
Round = Callable[..., Any]


def node(name: str, **fields: Any) -> dict[str, Any]:
    clock = {"ahead_s": 0.0, "within_s": 0.001}
    return {"id": f"id-{name}", "name": name, "versions": VERSIONS, "free_bytes": 2**40, "clock": clock, **fields}


@pytest.fixture
def carry_out(settings: Settings, database: Database, ray: FakeRay) -> Round:
    """Lets the reconciler submit the check that is asked for, writes its report, and lets it be found."""

    async def carry_out(*nodes: dict[str, Any], ahead_s: float = 0.0) -> None:
        checks = Checks(settings, database, RayClient(httpx.AsyncClient(base_url="http://ray", transport=ray)))
        await checks.run_once()
        folder = CheckFolder(settings.storage, "nodes", int(ray.submitted[-1].rpartition("-")[2]))
        assert folder.read_order() is not None
        at = datetime.now(UTC) + timedelta(seconds=ahead_s)
        found = {"kind": "nodes", "began_at": at, "nodes": nodes}
        folder.write_report(CheckReport.model_validate({"at": at, "seconds": 1.0, "refusal": None, "report": found}))
        await checks.run_once()

    return carry_out


async def test_a_check_of_the_nodes_is_carried_out_once_and_told(
    http: TestClient, ray: FakeRay, carry_out: Round
) -> None:
    asked = http.post(URL)
    assert (asked.status_code, asked.json()["state"], asked.headers["location"]) == (201, "waiting", f"{URL}/1")
    assert http.post(URL).json()["number"] == 1, "one that has not ended is enough"
    await carry_out(node("10.0.0.2"), node("10.0.0.1", storage_trouble="No such file or directory: /srv"))
    assert "-m workers.checks " in ray.jobs["check-nodes-1"]["entrypoint"]
    told = http.get(f"{URL}/1").json()
    assert told["state"] == "done"
    assert [(one["name"], one["storage_trouble"]) for one in told["nodes"]] == [
        ("10.0.0.1", "No such file or directory: /srv"),
        ("10.0.0.2", None),
    ]
    assert http.post(URL).json()["number"] == 2


async def test_a_lost_check_says_why(http: TestClient, ray: FakeRay, settings: Settings, database: Database) -> None:
    http.post(URL)
    checks = Checks(settings, database, RayClient(httpx.AsyncClient(base_url="http://ray", transport=ray)))
    await checks.run_once()
    ray.end("check-nodes-1", "FAILED", "exit code 1")
    await checks.run_once()
    told = http.get(f"{URL}/1").json()
    assert (told["state"], told["nodes"]) == ("lost", [])
    assert "Ray says FAILED: exit code 1" in told["reason"]


def test_a_check_that_nobody_asked_for_is_not_found(http: TestClient) -> None:
    assert http.get(f"{URL}/7").status_code == 404


@pytest.mark.parametrize(
    ("ahead_s", "shown"), [(0.0, (0.0, 0.2)), (3600.0, (3599.0, 3600.2)), (-3600.0, (-3600.0, -3598.8))]
)
async def test_clocks_are_compared_with_the_reconciler_s(
    http: TestClient, carry_out: Round, ahead_s: float, shown: tuple[float, float]
) -> None:
    """The node where the check runs is off, and what it measures of another one with it."""
    http.post(URL)
    await carry_out(node("10.0.0.1"), node("10.0.0.2", clock={"ahead_s": 0.2, "within_s": 0.001}), ahead_s=ahead_s)
    first, second = http.get(f"{URL}/1").json()["nodes"]
    assert first["clock_ahead_s"] == pytest.approx(shown[0], abs=1.5 if ahead_s else 0.001)
    assert second["clock_ahead_s"] == pytest.approx(first["clock_ahead_s"] + 0.2, abs=0.01)


async def findings(http: TestClient, ray: FakeRay, carry_out: Round, *nodes: dict[str, Any], **how: Any) -> list[str]:
    """What the doctor says of these nodes, as status, name and detail."""
    ray.nodes = {"node-1": (1, 0), "node-2": (1, 0)}
    http.post(URL)
    await carry_out(*nodes, **how)
    with pytest.MonkeyPatch.context() as patch, Client("http://testserver", http=http) as client:
        patch.setattr(doctor, "_wait", lambda client: client.cluster.node_check(1))
        return [f"{one.status} {one.name}: {one.detail}" for one in doctor.examine(client)]


async def test_the_doctor_names_what_is_wrong_with_each_node(http: TestClient, ray: FakeRay, carry_out: Round) -> None:
    found = await findings(
        http, ray, carry_out,
        node("a"),
        node("b", storage_trouble="No such file or directory: /srv/storage"),
        node("c", clock={"ahead_s": 3600.0, "within_s": 0.001}),
        node("d", versions={**VERSIONS, "stillhouse": "0.0.9", "torch": "2.14.0"}),
        node("e", trouble="it did not answer (GetTimeoutError)", versions={}, clock=None, free_bytes=None),
        node("f", data_trouble="there is no folder /srv/data", free_bytes=2**30),
    )  # fmt: skip
    assert found == [
        "ok node a: clock +0.0 s, shares the storage (1024 GiB free), torch 2.15.0, Ray 2.60.0",
        "fail node b: does not share the storage: No such file or directory: /srv/storage",
        "warn node c: its clock is 3600 s ahead, by which log lines and curves are off",
        "warn node d: stillhouse is 0.0.9 there, the service is 0.1.0",
        "warn node d: torch is 2.14.0, elsewhere 2.15.0",
        "fail node e: it did not answer (GetTimeoutError)",
        "fail node f: does not see the data: there is no folder /srv/data",
        "warn node f: 1.0 GiB free in the storage",
    ]


async def test_the_doctor_leaves_a_single_node_alone(http: TestClient, ray: FakeRay) -> None:
    with Client("http://testserver", http=http) as client:
        assert list(doctor.examine(client)) == []
    assert ray.submitted == []


def test_the_doctor_says_where_to_look_when_nobody_carries_out_the_check(
    http: TestClient, ray: FakeRay, monkeypatch: pytest.MonkeyPatch
) -> None:
    ray.nodes = {"node-1": (1, 0), "node-2": (1, 0)}
    monkeypatch.setattr(doctor, "WITHIN_S", 0.0)
    with Client("http://testserver", http=http) as client:
        [found] = doctor.examine(client)
    assert (found.status, "no answer within 0 s" in found.detail) == ("warn", True)
    assert "checks/nodes/" in found.remedy


def test_what_a_node_reports_of_a_storage_that_it_does_not_share(tmp_path: Path) -> None:
    from workers.checks.nodes import Lookout

    lookout = Lookout()
    assert "No such file" in (lookout.trouble_with_folder(str(tmp_path / "none"), "word") or "")
    (tmp_path / "asked.txt").write_text("another word")
    assert "holds another file here" in (lookout.trouble_with_folder(str(tmp_path), "word") or "")
    assert lookout.trouble_with_uri("file:///proc/no/place") == "No such file or directory: /proc/no"
    assert lookout.trouble_with_data(str(tmp_path)) is None
    assert lookout.trouble_with_data(str(tmp_path / "none")) == f"there is no folder {tmp_path / 'none'}"
