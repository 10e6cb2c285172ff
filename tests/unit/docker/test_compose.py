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
from tests.composed.file import read, variables

ROOT = Path(__file__).parents[3]
COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
_spec = importlib.util.spec_from_file_location("make_secrets", ROOT / "docker" / "secrets.py")
assert _spec is not None
assert _spec.loader is not None
make_secrets = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(make_secrets)
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


@pytest.mark.parametrize("name", ["migrate", "api", "reconciler"])
def test_its_settings_are_settings_of_the_service(name: str) -> None:
    given = SERVICES[name]["environment"]
    assert {name.removeprefix("STILLHOUSE_").lower() for name in given} <= set(Settings.model_fields)
    url = given["STILLHOUSE_DATABASE_URL"]
    assert re.match(r"postgresql\+psycopg://stillhouse:\$\{POSTGRES_PASSWORD:\?.*\}@db/stillhouse", url)


def test_only_the_api_is_published_and_where_it_is_asked_for_grafana_and_only_on_this_machine() -> None:
    published = {name: service["ports"] for name, service in SERVICES.items() if "ports" in service}
    assert published == {"api": ["127.0.0.1:8470:8470"], "grafana": ["127.0.0.1:3000:3000"]}
    assert SERVICES["grafana"]["profiles"] == ["monitoring"]


def test_ray_wants_a_token_and_everybody_has_the_same() -> None:
    """In the image too: a head that is started without a token does not start, instead of serving everybody."""
    for name in ("ray-head", "ray-worker-gpu", "ray-worker-cpu"):
        given = SERVICES[name]["environment"]
        assert given["RAY_AUTH_MODE"] == "token"
        assert given["RAY_AUTH_TOKEN"] == SERVICES["api"]["environment"]["STILLHOUSE_RAY_TOKEN"]
    assert " RAY_AUTH_MODE=token " in (ROOT / "docker" / "worker.Dockerfile").read_text()


def test_mlflow_knows_its_names_and_its_token_and_everybody_has_the_same() -> None:
    given = SERVICES["mlflow"]["environment"]
    assert given["MLFLOW_SERVER_ALLOWED_HOSTS"].split(",") == ["mlflow", "mlflow:5000", "localhost"]
    token = given["STILLHOUSE_MLFLOW_TOKEN"]
    assert token == SERVICES["api"]["environment"]["STILLHOUSE_MLFLOW_TOKEN"]
    assert token == SERVICES["ray-worker-gpu"]["environment"]["MLFLOW_TRACKING_TOKEN"]


def test_databases_and_objects_lie_where_only_those_are_that_need_them() -> None:
    def within(network: str) -> set[str]:
        return {name for name, service in SERVICES.items() if network in service["networks"]}

    assert COMPOSE["networks"]["database"] == COMPOSE["networks"]["objects"] == {"internal": True}
    assert within("database") == {"db", "migrate", "api", "reconciler", "mlflow"}
    assert within("objects") == {"objects", "mlflow"}
    assert within("cluster") == {"api", "reconciler", "mlflow", "ray-head", "ray-worker-gpu", "ray-worker-cpu"}
    assert within("monitoring") == {"api", "prometheus", "grafana"}


def test_every_service_that_stays_has_a_health_check_of_its_own_or_of_its_image() -> None:
    environment = dict.fromkeys(variables((ROOT / "docker-compose.yml").read_text()), "x")
    composition = read(environment, profiles=["gpu", "cpu", "monitoring"])
    assert set(composition.services) == set(SERVICES)
    without = {name for name, service in composition.services.items() if service.check is None}
    assert without == {"migrate"}


def test_what_is_built_here_may_do_no_more_than_it_needs() -> None:
    for name, service in SERVICES.items():
        if "build" in service:
            assert service["cap_drop"] == ["ALL"], name
            assert service["security_opt"] == ["no-new-privileges:true"], name
            assert service.get("read_only", False) is not name.startswith("ray-"), name


def test_every_secret_is_asked_for_and_made(tmp_path: Path) -> None:
    text = (ROOT / "docker-compose.yml").read_text()
    assert not re.search(r"(PASSWORD|TOKEN|KEY|KEY_ID): (?!\$\{\w+:\?)\w", text), "a secret in the file"
    names = make_secrets.wanted(text)
    assert set(names) == variables(text) == {
        *("POSTGRES_PASSWORD", "MLFLOW_TOKEN", "RAY_TOKEN", "S3_ACCESS_KEY_ID", "S3_SECRET_ACCESS_KEY")
    }  # fmt: skip
    env = tmp_path / ".env"
    env.write_text("POSTGRES_PASSWORD=kept")
    assert set(make_secrets.complete(env, names)) == set(names) - {"POSTGRES_PASSWORD"}
    assert make_secrets.complete(env, names) == []
    lines = dict(line.split("=") for line in env.read_text().splitlines())
    assert lines["POSTGRES_PASSWORD"] == "kept"
    assert all(re.fullmatch("[0-9a-f]{48}", lines[name]) for name in names if name != "POSTGRES_PASSWORD")
    assert env.stat().st_mode & 0o777 == 0o600


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
    client = re.search(
        r"^ARG POSTGRESQL_CLIENT=(\d+)$", (ROOT / "docker" / "service.Dockerfile").read_text(), re.MULTILINE
    )
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
