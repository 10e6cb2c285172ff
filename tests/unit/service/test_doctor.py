"""What `stillhouse doctor` finds, and what it says to do."""

from __future__ import annotations

import json
import socket
import sys
from collections.abc import Iterable
from pathlib import Path

import httpx
import pytest

from service.cli.doctor import installation, machine, remote
from service.cli.doctor.finding import Finding
from service.cli.exits import Exit
from service.sdk import Client
from service.settings import Settings
from tests.unit.service.factories import settings_in
from tests.unit.service.fake_mlflow import FakeMlflow
from tests.unit.service.fake_ray import FakeRay


def named(findings: Iterable[Finding], name: str) -> Finding:
    return next(finding for finding in findings if finding.name == name)


def test_a_service_without_a_reconciler_is_to_be_mended(run, settings: Settings) -> None:
    result = run("doctor", "--quick")
    assert result.exit_code == Exit.FAILED
    assert "none is active, so nothing is started" in result.stdout
    assert "do: python -m service.reconciler" in result.stdout
    found = json.loads(run("doctor", "--quick", "--json").stdout)
    assert {one["name"]: one["status"] for one in found["findings"]}["Ray"] == "ok"
    failed = [one["name"] for one in found["findings"] if one["status"] == "fail"]
    assert failed == ["readiness", "reconciler"]
    assert found["counts"]["fail"] == 2


def test_what_the_service_misses_is_named(run, ray: FakeRay, mlflow: FakeMlflow) -> None:
    ray.away = mlflow.away = True
    text = run("doctor", "--quick").stdout
    assert "MLflow does not answer" in text
    assert "jobs wait until it does" in text


def test_without_a_service_the_machine_is_still_looked_at(settings: Settings) -> None:
    with Client("http://127.0.0.1:9", tries=1) as client:
        found = list(remote.examine(client))
    assert [(one.name, one.status) for one in found] == [("service", "fail")]
    assert "stillhouse up" in found[0].remedy


@pytest.mark.parametrize(
    ("status", "name", "remedy"), [(401, "token", "STILLHOUSE_TOKEN"), (403, "token", "admin"), (500, "jobs", "log")]
)
def test_a_token_that_is_not_good_enough_is_told(status: int, name: str, remedy: str) -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.path == "/healthz":
            return httpx.Response(200, json={"status": "ok", "version": "0.0"})
        problem = {"type": "x", "title": "no", "status": status, "detail": "no", "instance": "/", "request_id": "r"}
        return httpx.Response(status, json={**problem, "errors": []})

    with Client("http://x", transport=httpx.MockTransport(answer)) as client:
        found = list(remote.examine(client))
    assert named(found, "service").status == "warn"  # another version
    assert remedy in named(found, name).remedy


def test_a_clock_that_is_off_is_told() -> None:
    dates = iter(["Mon, 01 Jan 2024 00:00:00 GMT", "nonsense"])
    transport = httpx.MockTransport(lambda request: httpx.Response(200, headers={"Date": next(dates)}))
    with httpx.Client(transport=transport) as http:
        [found] = remote.clock("http://x", http)
        assert (found.status, "behind" in found.detail) == ("warn", True)
        assert list(remote.clock("http://x", http)) == []


def test_a_good_machine_has_nothing_to_mend(settings: Settings) -> None:
    found = list(machine.examine(settings.model_copy(update={"port": 0})))
    assert {one.status for one in found if one.name != "disk"} == {"ok"}
    assert "all migrations done" in named(found, "database").detail


def test_a_fresh_state_folder_is_well(tmp_path: Path) -> None:
    found = list(machine.examine(settings_in(tmp_path / "new", port="0")))
    assert "can be made" in named(found, "state folder").detail
    assert "is made at the first start" in named(found, "database").detail
    assert not (tmp_path / "new").exists()


def test_a_folder_that_cannot_be_written_names_its_setting(settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    found = named(machine.examine(settings.model_copy(update={"storage": tmp_path / "file", "port": 0})), "storage")
    assert (found.status, "STILLHOUSE_STORAGE" in found.remedy) == ("fail", True)


def test_another_program_on_the_port_is_told(settings: Settings) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        other.close()
    with socket.create_server(("127.0.0.1", port)), pytest.MonkeyPatch.context() as patch:
        patch.setattr(machine, "_is_ours", lambda url: False)
        found = named(machine.examine(settings.model_copy(update={"port": port})), "port")
    assert (found.status, "--port" in found.remedy) == ("warn", True)


@pytest.mark.parametrize(
    ("url", "words"),
    [("nonsense", "is not understood"), ("postgresql+psycopg://u:secret@127.0.0.1:9/x", "cannot be read")],
)
def test_a_database_that_does_not_answer_is_told(settings: Settings, url: str, words: str) -> None:
    found = named(machine.examine(settings.model_copy(update={"database_url": url, "port": 0})), "database")
    assert found.status == "fail"
    assert words in found.detail
    assert "secret" not in found.detail


def test_an_old_database_is_told_how_to_be_migrated(tmp_path: Path) -> None:
    settings = settings_in(tmp_path, port="0")
    (tmp_path / "stillhouse.db").write_bytes(b"")
    found = named(machine.examine(settings), "database")
    assert found.status == "fail"
    assert "python -m service.db" in found.remedy


def stand_in(folder: Path, script: str) -> str:
    """A program in the place of the workers' Python."""
    program = folder / "python"
    program.write_text(f"#!{sys.executable}\n{script}\n")
    program.chmod(0o755)
    return str(program)


SAYS = """print('{"torch": "2.15.0", "cuda": CUDA, "gpus": GPUS}')"""


@pytest.mark.parametrize(
    ("script", "driver", "status", "words"),
    [
        (SAYS.replace("CUDA", '"13.0"').replace("GPUS", '["H100"]'), 1, "ok", "sees 1 GPUs: H100"),
        (SAYS.replace("CUDA", "null").replace("GPUS", "[]"), None, "ok", "no GPU here"),
        (
            SAYS.replace("CUDA", "null").replace("GPUS", "[]"),
            2,
            "warn",
            "although the driver has 2; it was built without",
        ),
        ("raise RuntimeError('operator torchvision::nms does not exist')", None, "fail", "nms does not exist"),
    ],
)
def test_torch_is_asked_in_a_process_of_its_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, script: str, driver: int | None, status: str, words: str
) -> None:
    monkeypatch.setattr(installation, "_gpus_of_the_driver", lambda: driver)
    monkeypatch.setattr(installation, "_is_there", lambda package: True)
    monkeypatch.setattr(installation, "version", lambda package: "1")
    found = named(installation.examine(stand_in(tmp_path, script), quick=False), "torch")
    assert found.status == status
    assert words in found.detail


def test_a_python_of_the_workers_that_is_not_there_is_told(tmp_path: Path) -> None:
    found = installation._torch(str(tmp_path / "none"))
    assert (found.status, "STILLHOUSE_WORKER_PYTHON" in found.remedy) == ("fail", True)


def test_the_client_alone_lacks_nothing_and_half_an_extra_does(monkeypatch: pytest.MonkeyPatch) -> None:
    there: set[str] = set()
    monkeypatch.setattr(installation, "_is_there", there.__contains__)
    assert {one.status for one in installation.examine("python", quick=True)} == {"ok"}
    assert not installation.can_run_the_stack()
    there |= {"fastapi"}
    monkeypatch.setattr(installation, "version", lambda package: "1")
    found = named(installation.examine("python", quick=True), "packages of service")
    assert (found.status, "stillhouse[service]" in found.remedy) == ("fail", True)
