"""The commands that pages show, and what can be told of each without a cluster."""

from __future__ import annotations

import importlib.util
import re
import shlex
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import typer
import yaml

from service.cli import main

ROOT = Path(__file__).parents[3]
PAGES = sorted(
    [
        ROOT / "README.md",
        ROOT / "CONTRIBUTING.md",
        *(ROOT / "docs").rglob("*.md"),
        *(ROOT / "recipes").rglob("*.md"),
        *(ROOT / "deploy").rglob("*.md"),
    ]
)
SHELL_ITSELF = frozenset({"cd", "cp", "export", "mkdir", "source"})
# typer brings its own copy of click; this is the class of everything that is wrong with what somebody typed
_WRONG_USE: Any = typer.BadParameter.__base__
_FENCE = re.compile(r'^ *```(\w*)(?: title="([^"]+)")?\n(.*?)^ *```', re.MULTILINE | re.DOTALL)
_INDENTED = re.compile(r"^ {4}(\S.*)$", re.MULTILINE)
_CONTROL = frozenset({"&&", "||", "|", ";", "&"})
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())


@dataclass(frozen=True)
class Shown:
    """A command as a page shows it."""

    page: Path
    words: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.page.relative_to(ROOT)}: {shlex.join(self.words)}"


def shown_on(page: Path) -> Iterator[Shown]:
    """Commands of fenced blocks for the shell, and of blocks of no language where their first word is a program."""
    text = page.read_text(encoding="utf-8")
    for language, _, block in _FENCE.findall(text):
        if language in ("sh", ""):
            for words in commands(block):
                if language == "sh" or words[0] in CHECKS:
                    yield Shown(page, words)
    for words in commands("\n".join(_INDENTED.findall(_FENCE.sub("", text)))):
        if words[0] in CHECKS and not words[-1].startswith("["):  # not the usage lines of docs/cli.md
            yield Shown(page, words)


def files_of(page: Path) -> dict[str, str]:
    """The files that a page shows under their names."""
    return {title: block for _, title, block in _FENCE.findall(page.read_text(encoding="utf-8")) if title}


def commands(block: str) -> Iterator[tuple[str, ...]]:
    """Words of each simple command: without assignments, redirections and comments; pipes and lists taken apart."""
    for line in block.replace("\\\n", " ").splitlines():
        lexer = shlex.shlex(line.strip(), posix=True, punctuation_chars="|&;<>")
        lexer.whitespace_split, lexer.commenters = True, "#"
        words: list[str] = []
        for word in [*lexer, ";"]:
            if word in _CONTROL:
                yield from _simple(words)
                words = []
            else:
                words.append(word)


def _simple(words: Sequence[str]) -> Iterator[tuple[str, ...]]:
    kept = list(words)
    while kept and re.match(r"^[A-Z_]+=", kept[0]):
        kept.pop(0)
    if ">" in kept:
        kept = kept[: kept.index(">")]
    if kept:
        yield tuple(kept)
    for inner in re.findall(r"\$\(([^)]*)\)", " ".join(words)):
        yield from commands(inner)


# What is checked of each program


def check(command: Shown) -> None:
    """Raises AssertionError where the command is not one that exists."""
    program = command.words[0]
    if program not in SHELL_ITSELF:
        assert program in CHECKS, f"no test knows the program {program!r}"
        CHECKS[program](command.words[1:])


def parse_stillhouse(words: Sequence[str]) -> tuple[list[str], dict[str, Any]]:
    """The path of the command and its parameters, read by the command line itself; it is not run."""
    group: Any = typer.main.get_command(main.app)
    rest, path = list(words), list[str]()
    while hasattr(group, "commands"):
        assert rest, f"{' '.join(['stillhouse', *path])} wants a command"
        if rest[0] == "--install-completion":
            return path, {}
        path.append(rest.pop(0))
        assert path[-1] in group.commands, f"stillhouse has no command {' '.join(path)!r}"
        group = group.commands[path[-1]]
    try:
        return path, group.make_context(" ".join(path), rest).params
    except _WRONG_USE as error:
        raise AssertionError(f"stillhouse {' '.join(words)}: {error.format_message()}") from error


def _make(words: Sequence[str]) -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    assert {word for word in words if "=" not in word} <= targets, f"make has no target for one of {words}"


def _python(words: Sequence[str]) -> None:
    """The module is there, and every option stands in its source."""
    assert words[0] == "-m", words
    module, *rest = words[1:]
    if module == "pytest":
        assert all((ROOT / path.partition("::")[0]).exists() for path in rest if path.startswith("tests/")), rest
        return
    spec = importlib.util.find_spec(module)
    assert spec is not None, f"there is no module {module}"
    if spec.submodule_search_locations:
        spec = importlib.util.find_spec(f"{module}.__main__")
    assert spec is not None
    assert spec.origin is not None
    source = Path(spec.origin).read_text()
    for option in (word.partition("=")[0] for word in rest if word.startswith("--")):
        assert option in source or option.removeprefix("--no-") in source, f"python -m {module} has no option {option}"


def _pip(words: Sequence[str]) -> None:
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["optional-dependencies"]
    wanted = re.findall(r"stillhouse\[([^]]*)\]", " ".join(words))
    assert {name for names in wanted for name in names.split(",")} <= set(extras)


def _docker(words: Sequence[str]) -> None:
    if words[0] == "run":
        images = {service["image"] for service in COMPOSE["services"].values()}
        at = next(index for index, word in enumerate(words) if word in images)
        _inside(words[at + 1 :])
        return
    assert words[0] == "compose", words
    rest = list(words[1:])
    profiles = {name for service in COMPOSE["services"].values() for name in service.get("profiles", [])}
    while rest[0] == "--profile":
        assert rest[1] in profiles, f"the compose file has no profile {rest[1]}"
        rest = rest[2:]
    verb, *rest = rest
    assert verb in {"up", "build", "exec", "run", "cp", "logs", "restart", "stop", "ps", "config"}, verb
    positional = [word for word in rest if not word.startswith("-")]
    names = [word for word in positional if word in COMPOSE["services"]]
    if verb in {"exec", "run"}:
        assert names, f"{rest} names no service of the compose file"
        _inside(rest[rest.index(names[0]) + 1 :])
    elif verb in {"logs", "restart", "stop"}:
        assert names == positional, f"{positional} are not services of the compose file"
    elif verb == "cp":
        assert any(word.partition(":")[0] in COMPOSE["services"] for word in positional)


def _inside(words: Sequence[str]) -> None:
    """A command that runs in a container."""
    if words and words[0] in CHECKS:
        CHECKS[words[0]](words[1:])


def _helm(words: Sequence[str]) -> None:
    assert words[0] in {"lint", "template", "install", "upgrade", "uninstall", "rollback"}, words
    chart = ROOT / "deploy" / "helm" / "stillhouse"
    values = yaml.safe_load((chart / "values.yaml").read_text())
    charts = [word for word in words if word.startswith("deploy/")]
    assert all((ROOT / path).exists() for path in charts), charts
    for number, word in enumerate(words):
        if word in {"--set", "--set-string"}:
            at: Any = values
            for part in words[number + 1].partition("=")[0].split("."):
                assert part in at, f"the chart has no value {words[number + 1]}"
                at = at[part]


def _kubectl(words: Sequence[str]) -> None:
    """Only what is asked of kubectl; no cluster is here to be asked."""
    rest = list(words)
    while rest[0] in {"--namespace", "-n"}:
        rest = rest[2:]
    assert rest[0] in {"create", "exec", "get", "logs", "port-forward", "rollout", "scale", "describe"}, words
    if "--" in rest:
        _inside(rest[rest.index("--") + 1 :])


CHECKS = {
    "stillhouse": parse_stillhouse,
    "make": _make,
    "python": _python,
    ".venv/bin/pytest": lambda words: _python(("-m", "pytest", *words)),
    "pip": _pip,
    "docker": _docker,
    "helm": _helm,
    "kubectl": _kubectl,
}
