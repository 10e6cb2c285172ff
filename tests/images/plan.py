"""What is built in which order and with what, and what of the compose file is different here; no engine is asked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from tests.composed.file import ROOT, Composition, Service

OWN = Path(__file__).parent
DEBIAN = "stillhouse-test-debian:trixie"
PYTHON, NODE, COMPOSE = (f"stillhouse-test-{name}:local" for name in ("python", "node", "compose"))
# Images that cannot be pulled, and what is built in their place: a Dockerfile that gets the same version.
STAND_INS = {"postgres": OWN / "postgresql.Dockerfile", "chrislusf/seaweedfs": OWN / "seaweedfs.Dockerfile"}
# An engine passes the first on by itself, and its images do not keep them; the others are of the stages that build.
PROXIES = ("HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "http_proxy", "https_proxy", "no_proxy")
MIRRORS = ("PIP_INDEX_URL", "UV_DEFAULT_INDEX", "NPM_CONFIG_REGISTRY")


@dataclass(frozen=True)
class Build:
    """One image: the Dockerfile, and the build arguments that are ours to say."""

    image: str
    dockerfile: Path
    arguments: Mapping[str, str] = field(default_factory=dict)

    def words(self, settings: Mapping[str, str]) -> list[str]:
        """Of `docker build`, which finds the values of settings in its environment: no list of processes shows them."""
        text = self.dockerfile.read_text(encoding="utf-8")
        taken = [name for name in settings if name in PROXIES or f"ARG {name}\n" in text]
        given = [f"{name}={value}" for name, value in self.arguments.items()] + taken
        pairs = [word for one in given for word in ("--build-arg", one)]
        return ["--tag", self.image, "--file", str(self.dockerfile), *pairs, str(ROOT)]


def settings(environment: Mapping[str, str], pip_index: str) -> dict[str, str]:
    """What a build needs to reach the registries, from the user's environment and pip's own configuration."""
    found = {name: environment[name] for name in (*PROXIES, *MIRRORS) if environment.get(name)}
    if index := found.get("PIP_INDEX_URL") or pip_index:
        found = {"PIP_INDEX_URL": index, "UV_DEFAULT_INDEX": index, **found}
    return found


def builds(composition: Composition) -> list[Build]:
    """Everything that the services need, each after what it is built on."""
    bases = [Build(PYTHON, OWN / "python.Dockerfile", {"BASE": DEBIAN})]
    bases.append(Build(NODE, OWN / "node.Dockerfile", {"BASE": PYTHON}))
    bases.append(Build(COMPOSE, OWN / "compose.Dockerfile", {"BASE": DEBIAN}))
    of_services = {image_of(service): _build(service) for service in composition.services.values()}
    return [*bases, *of_services.values()]


def image_of(service: Service) -> str:
    """The image that a service gets here."""
    if service.dockerfile is not None:
        return service.image
    name, _, version = service.image.partition(":")
    return f"stillhouse-test-{STAND_INS[name].stem}:{version}"


def _build(service: Service) -> Build:
    if service.dockerfile is None:
        name, _, version = service.image.partition(":")
        base = DEBIAN if name == "postgres" else PYTHON
        return Build(image_of(service), STAND_INS[name], {"BASE": base, "VERSION": version})
    node = {"NODE": NODE} if "ARG NODE=" in service.dockerfile.read_text(encoding="utf-8") else {}
    return Build(service.image, service.dockerfile, {"BASE": PYTHON, **node})


class _Reset:
    """Compose's word for "without what the file says"."""


class _Dumper(yaml.SafeDumper):
    pass


_Dumper.add_representer(_Reset, lambda dumper, _: dumper.represent_sequence("!reset", []))


def override(composition: Composition) -> str:
    """A second compose file: all services in the network of the engine's host, with each other's names for it.

    Commands, variables, volumes, order, rights and health checks stay those of the first file.
    """
    services: dict[str, dict[str, Any]] = {}
    for name, service in composition.services.items():
        services[name] = {
            "image": image_of(service),
            "network_mode": "host",
            "networks": _Reset(),
            "ports": _Reset(),
            "extra_hosts": dict.fromkeys(composition.services, "127.0.0.1"),
        }
    return yaml.dump({"services": services}, Dumper=_Dumper, sort_keys=False)
