"""The compose file and the images run what the embedded stack runs."""

from __future__ import annotations

import importlib.util
import json
import re
import shlex
import subprocess
import sys
from importlib.resources import files
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from service.settings import Settings
from service.stack.commands import Layout, commands

ROOT = Path(__file__).parents[3]
COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
LAYOUT = Layout(Path("/state"), "127.0.0.1", 1, 2, 3, 4, 5, 6, Path("/ray"), 2, None)


def arguments(name: str) -> list[str]:
    command = SERVICES[name]["command"]
    return command if isinstance(command, list) else shlex.split(command)


def module_of(command: list[str]) -> str:
    assert command[:2] == ["python", "-m"], command
    return command[2]


@pytest.mark.parametrize("name", [name for name, service in SERVICES.items() if "build" in service])
def test_every_command_is_a_module_that_exists(name: str) -> None:
    assert importlib.util.find_spec(module_of(arguments(name))) is not None


@pytest.mark.parametrize(
    ("embedded", "composed"), [("api", "api"), ("reconciler", "reconciler"), ("mlflow", "mlflow"), ("ray", "ray-head")]
)
def test_the_programs_are_those_of_the_embedded_stack(embedded: str, composed: str) -> None:
    [command] = [command for command in commands(LAYOUT) if command.name == embedded]
    assert module_of(arguments(composed)) == command.arguments[2]


def test_its_settings_are_settings_of_the_service() -> None:
    given = SERVICES["api"]["environment"]
    assert {name.removeprefix("STILLHOUSE_").lower() for name in given} <= set(Settings.model_fields)
    url = given["STILLHOUSE_DATABASE_URL"]
    assert re.match(r"postgresql\+psycopg://stillhouse:\$\{POSTGRES_PASSWORD:\?.*\}@db/stillhouse", url)


def test_only_the_api_is_published_and_where_it_is_asked_for_grafana_and_only_on_this_machine() -> None:
    published = {name: service["ports"] for name, service in SERVICES.items() if "ports" in service}
    assert published == {"api": ["127.0.0.1:8470:8470"], "grafana": ["127.0.0.1:3000:3000"]}
    assert SERVICES["grafana"]["profiles"] == ["monitoring"]


def test_the_file_is_one_by_the_compose_specification() -> None:
    """Its JSON schema, as the package check-jsonschema brings it."""
    schema = json.loads((files("check_jsonschema") / "builtin_schemas" / "vendor" / "compose-spec.json").read_text())
    jsonschema.validate(COMPOSE, schema)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({**COMPOSE, "services": {"api": {"comand": "x"}}}, schema)


def test_what_the_file_mounts_is_there_and_volumes_and_secrets_are_declared() -> None:
    for name, service in SERVICES.items():
        for volume in service.get("volumes", []):
            source = volume.partition(":")[0]
            assert (ROOT / source).exists() if source.startswith("./") else source in COMPOSE["volumes"], name
        assert set(service.get("secrets", [])) <= set(COMPOSE["secrets"])
    assert all(set(secret) == {"environment"} for secret in COMPOSE["secrets"].values()), "secrets stand in no file"


def test_images_that_are_pulled_are_pinned() -> None:
    for service in (service for service in SERVICES.values() if "build" not in service):
        assert re.search(r":v?\d+(\.\d+)*$", service["image"]), service["image"]


def test_the_image_of_the_service_brings_the_client_of_the_composed_postgresql() -> None:
    """pg_dump refuses a server that is newer than itself."""
    server = int(SERVICES["db"]["image"].rpartition(":")[2])
    client = re.search(r"postgresql-client-(\d+)", (ROOT / "docker" / "service.Dockerfile").read_text())
    assert client is not None
    assert int(client[1]) >= server


@pytest.mark.parametrize("dockerfile", sorted((ROOT / "docker").glob("*.Dockerfile")), ids=lambda path: path.name)
def test_hadolint_finds_nothing_to_say_against(dockerfile: Path) -> None:
    program = Path(sys.executable).parent / "hadolint"
    done = subprocess.run(
        [program, "--config", ROOT / "docker" / "hadolint.yaml", dockerfile],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("dockerfile", sorted((ROOT / "docker").glob("*.Dockerfile")), ids=lambda path: path.name)
def test_what_an_image_copies_is_there_and_it_does_not_run_as_root(dockerfile: Path) -> None:
    text = dockerfile.read_text()
    copied = [line.split()[1:-1] for line in text.splitlines() if line.startswith("COPY") and "--from" not in line]
    for source in (source for sources in copied for source in sources):
        assert (ROOT / source).exists(), source
    assert re.findall(r"^USER (.*)$", text, re.MULTILINE)[-1] == "1000:1000"
    assert "useradd --create-home --uid 1000 stillhouse" in text
    assert f"docker/{dockerfile.name}" in {
        service["build"]["dockerfile"] for service in SERVICES.values() if "build" in service
    }
