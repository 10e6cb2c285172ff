"""What the compose file says of each service, as an engine would read it."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).parents[2]
COMPOSE = ROOT / "docker-compose.yml"
_VARIABLE = re.compile(r"\$\{(\w+)(?::([?-])([^}]*))?\}")
_UNITS_S = {"ms": 0.001, "s": 1.0, "m": 60.0}


@dataclass(frozen=True)
class Check:
    """A health check: its words, and how patient it is."""

    words: tuple[str, ...]
    interval_s: float
    retries: int
    start_period_s: float

    @property
    def patience_s(self) -> float:
        return self.start_period_s + self.interval_s * self.retries


@dataclass(frozen=True)
class Service:
    """One service as it is to run; `image` says what of it, where there is no `dockerfile`."""

    name: str
    image: str
    dockerfile: Path | None
    words: tuple[str, ...]
    environment: Mapping[str, str]
    volumes: Mapping[str, str]
    networks: tuple[str, ...]
    after: Mapping[str, str]
    check: Check | None
    restart: str


@dataclass(frozen=True)
class Composition:
    services: Mapping[str, Service]
    internal: Mapping[str, bool]
    """Each network, and whether it has no way out."""

    def in_order(self) -> list[Service]:
        """Each after what it waits for."""
        done: list[str] = []
        while len(done) < len(self.services):
            ready = [name for name, one in self.services.items() if name not in done and set(one.after) <= set(done)]
            assert ready, f"these wait for each other: {set(self.services) - set(done)}"
            done += ready
        return [self.services[name] for name in done]


@dataclass(frozen=True)
class Changes:
    """What is to differ from the file: how many there are of a service, and more variables in its environment.

    The second of a service NAME is NAME-2, as engines call it.
    """

    scale: Mapping[str, int] = field(default_factory=dict)
    environment: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def applied_to(self, services: Mapping[str, Service]) -> dict[str, Service]:
        found = {}
        for name, service in services.items():
            own = replace(service, environment={**service.environment, **self.environment.get(name, {})})
            names = [name, *(f"{name}-{number}" for number in range(2, self.scale.get(name, 1) + 1))]
            found |= {each: replace(own, name=each) for each in names}
        return found


def variables(text: str) -> frozenset[str]:
    """What has to be in the environment."""
    return frozenset(name for name, operator, _ in _VARIABLE.findall(text) if operator == "?")


def read(environment: Mapping[str, str], *, profiles: Sequence[str], path: Path = COMPOSE) -> Composition:
    """Raises KeyError where a variable is missing."""
    text = _VARIABLE.sub(lambda found: _value(found, environment), path.read_text(encoding="utf-8"))
    document = yaml.safe_load(text)
    kept = {
        name: _service(name, given)
        for name, given in document["services"].items()
        if not given.get("profiles") or set(given["profiles"]) & set(profiles)
    }
    internal = {name: bool((given or {}).get("internal")) for name, given in document.get("networks", {}).items()}
    return Composition(kept, internal)


def _value(found: re.Match[str], environment: Mapping[str, str]) -> str:
    name, operator, words = found.groups()
    if environment.get(name):
        return environment[name]
    if operator == "-":
        return str(words)
    raise KeyError(f"{name}: {words or 'not set'}")


def _service(name: str, given: Mapping[str, Any]) -> Service:
    dockerfile = ROOT / given["build"]["dockerfile"] if "build" in given else None
    image = _last_stage(dockerfile) if dockerfile else ""
    check = given.get("healthcheck") or {}
    return Service(
        name=name,
        image=given["image"],
        dockerfile=dockerfile,
        words=_words(given.get("command") or []),
        environment={**_image_environment(image), **given.get("environment", {})},
        volumes=dict(reversed(volume.split(":")[:2]) for volume in given.get("volumes", [])),
        networks=tuple(given.get("networks", ["default"])),
        after=_after(given.get("depends_on", [])),
        check=None if check.get("disable") else _check(check) or _image_check(image),
        restart=given.get("restart", "no"),
    )


def _words(command: str | list[str]) -> tuple[str, ...]:
    return tuple(shlex.split(command) if isinstance(command, str) else command)


def _after(depends_on: Mapping[str, Any] | list[str]) -> dict[str, str]:
    if isinstance(depends_on, list):
        return dict.fromkeys(depends_on, "service_started")
    return {name: given["condition"] for name, given in depends_on.items()}


def _check(given: Mapping[str, Any]) -> Check | None:
    if not given:
        return None
    kind, *words = given["test"]
    return Check(
        tuple(words) if kind == "CMD" else ("sh", "-c", *words),
        _seconds(given.get("interval", "30s")),
        int(given.get("retries", 3)),
        _seconds(given.get("start_period", "0s")),
    )


def _seconds(text: str) -> float:
    found = re.fullmatch(r"(\d+)(ms|s|m)", text)
    assert found, text
    return int(found[1]) * _UNITS_S[found[2]]


# Of the image: what its last stage says


def _last_stage(dockerfile: Path) -> str:
    return re.split(r"^FROM .*$", dockerfile.read_text(encoding="utf-8"), flags=re.MULTILINE)[-1].replace("\\\n", " ")


def _image_environment(stage: str) -> dict[str, str]:
    """Without PATH: the tests have their own Python."""
    pairs = [
        word.partition("=") for line in re.findall(r"^ENV (.*)$", stage, re.MULTILINE) for word in shlex.split(line)
    ]
    return {name: value for name, _, value in pairs if name != "PATH"}


def _image_check(stage: str) -> Check | None:
    found = re.search(r"^HEALTHCHECK (.*?)\s*CMD (\[.*\])$", stage, re.MULTILINE)
    if found is None:
        return None
    options = dict(option.removeprefix("--").split("=") for option in found[1].split())
    return _check(
        {"test": ["CMD", *json.loads(found[2])], **{name.replace("-", "_"): of for name, of in options.items()}}
    )
