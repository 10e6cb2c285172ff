"""What `make images` builds and brings up, as far as it can be told without an engine."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.composed.file import COMPOSE, Composition, read, variables
from tests.images import engine, plan

ROOT = Path(__file__).parents[3]
DOCKERFILES = sorted((ROOT / "docker").glob("*.Dockerfile"))
MIRROR = "https://mirror.example/simple"


class Loader(yaml.SafeLoader):
    """Knows compose's word for "without what the file says"."""


Loader.add_constructor("!reset", lambda *_: "reset")


@pytest.fixture
def composition() -> Composition:
    return read(dict.fromkeys(variables(COMPOSE.read_text()), "a-secret"), profiles=["cpu"])


def test_every_dockerfile_is_built_each_after_what_it_stands_on(composition: Composition) -> None:
    builds = plan.builds(composition)
    assert {build.dockerfile for build in builds} >= {*DOCKERFILES, *plan.OWN.glob("*.Dockerfile")}
    there = {plan.DEBIAN}
    for build in builds:
        assert {build.arguments[name] for name in ("BASE", "NODE") if name in build.arguments} <= there, build.image
        there.add(build.image)
    assert len(there) == len(builds) + 1, "each once"
    assert {plan.image_of(service) for service in composition.services.values()} <= there


def test_builds_name_arguments_that_the_dockerfiles_have(composition: Composition) -> None:
    for build in plan.builds(composition):
        known = re.findall(r"^ARG (\w+)", build.dockerfile.read_text(), re.MULTILINE)
        assert set(build.arguments) <= set(known), build.image


def test_stand_ins_have_the_version_of_the_image_whose_place_they_take(composition: Composition) -> None:
    versions = {build.image: build.arguments.get("VERSION") for build in plan.builds(composition)}
    for name in ("db", "objects"):
        service = composition.services[name]
        assert versions[plan.image_of(service)] == service.image.partition(":")[2]


def test_the_override_puts_all_services_on_the_hosts_network_and_changes_nothing_else(
    composition: Composition,
) -> None:
    services: dict[str, Any] = yaml.load(plan.override(composition), Loader)["services"]
    assert set(services) == set(composition.services)
    for name, given in services.items():
        assert set(given) == {"image", "network_mode", "networks", "ports", "extra_hosts"}, name
        assert (given["network_mode"], given["networks"], given["ports"]) == ("host", "reset", "reset")
        assert given["extra_hosts"] == dict.fromkeys(composition.services, "127.0.0.1")
    assert "a-secret" not in plan.override(composition)


def test_a_mirror_comes_from_the_environment_or_from_pips_own_configuration() -> None:
    assert plan.settings({"PATH": "/bin"}, "") == {}
    assert plan.settings({}, MIRROR) == {"PIP_INDEX_URL": MIRROR, "UV_DEFAULT_INDEX": MIRROR}
    given = {"PIP_INDEX_URL": "https://other.example", "NPM_CONFIG_REGISTRY": "https://npm.example", "NO_PROXY": ""}
    found = plan.settings(given, MIRROR)
    assert found["PIP_INDEX_URL"] == found["UV_DEFAULT_INDEX"] == "https://other.example"
    assert found["NPM_CONFIG_REGISTRY"] == "https://npm.example"
    assert "NO_PROXY" not in found


def test_no_command_shows_a_mirror_and_each_build_gets_what_it_asks_for(composition: Composition) -> None:
    settings = {"HTTPS_PROXY": MIRROR, "PIP_INDEX_URL": MIRROR, "NPM_CONFIG_REGISTRY": MIRROR}
    words = {build.dockerfile.stem: build.words(settings) for build in plan.builds(composition)}
    assert all(MIRROR not in " ".join(of_one) for of_one in words.values())
    assert all("HTTPS_PROXY" in of_one for of_one in words.values())
    assert {name for name, of_one in words.items() if "NPM_CONFIG_REGISTRY" in of_one} == {"service"}
    assert {name for name, of_one in words.items() if "PIP_INDEX_URL" in of_one} >= {"service", "mlflow", "worker"}


@pytest.mark.parametrize("dockerfile", DOCKERFILES, ids=lambda path: path.name)
def test_an_image_keeps_no_mirror(dockerfile: Path) -> None:
    """The last stage does not know them; what the others know stays where they were built."""
    stages = re.split(r"^FROM ", dockerfile.read_text(), flags=re.MULTILINE)
    assert not any(name in stages[0] + stages[-1] for name in plan.MIRRORS)
    assert any("ARG PIP_INDEX_URL\nARG UV_DEFAULT_INDEX\n" in stage for stage in stages[1:-1])


def test_the_engine_changes_nothing_of_the_machines_network(tmp_path: Path) -> None:
    words = engine.command(tmp_path, "/group")
    assert {"--iptables=false", "--ip6tables=false", "--ip-forward=false", "--bridge=none"} <= set(words)
    places = [word.partition("=")[2].removeprefix("unix://") for word in words if "root=" in word or "file=" in word]
    assert places
    assert all(Path(place).is_relative_to(tmp_path) for place in places)
    assert [word for word in words if word.startswith("--host=")] == [f"--host=unix://{tmp_path / 'engine.sock'}"]


def test_what_is_missing_is_said_in_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.geteuid", lambda: 1000)
    assert engine.missing() == "building and running images needs Linux and root"
    monkeypatch.setattr("os.geteuid", lambda: 0)
    monkeypatch.setattr("sys.platform", "linux")
    monkeypatch.setenv("PATH", "")
    said = engine.missing()
    assert said is not None
    assert "apt-get install debootstrap docker.io iproute2" in said
