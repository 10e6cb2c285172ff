"""docs/cli.md, written from the commands' own help: `python -m service.cli.reference [--check]`."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import typer

from service.cli.exits import Exit
from service.cli.main import app

TARGET = Path(__file__).parents[2] / "docs" / "cli.md"
INTRODUCTION = """# The command line

Written by `make openapi` from the commands' own help. `pip install stillhouse` brings the command line and the Python
client and nothing heavy; `up` and `demo` need `stillhouse[workers,service]`.

Commands find the service by `--server`, else `STILLHOUSE_URL`, else they take the embedded stack that runs on this
machine; the token is `STILLHOUSE_TOKEN`, else the owner's for that stack alone. With `--json` they print one JSON
document, or one line for each thing of a stream. What is meant for people alone (progress, hints, errors) goes to
standard error. `stillhouse --install-completion` teaches the shell to complete commands, job ids and recipes.
"""
EVERYWHERE = ("--server", "--json")
SPEC_CHANGES = """## Changing a spec with --set

`submit` and `sweep` take a file in YAML or JSON, `-` for standard input, or the name of a recipe, and change it before
it is sent:

| | |
| --- | --- |
| `--set num_steps=400` | `training.` may be left out |
| `--set student.backbone.width=32` | what is not there yet is made |
| `--set distillation.losses.rank_mimicking.weight=2` | an element of a list goes by name, kind or number |
| `--set student.backbone.depths=2,2,2,2` | a list |
| `--set distillation=null` | nothing |
| `--set resources='{cpus: 4, gpus: 1}'` | a whole part, as YAML |

Names and types come from the spec's schema: a wrong name is answered with the nearest ones. `--dry-run` shows what
would be sent, with all defaults.
"""


def main() -> int:
    wanted = render()
    if sys.argv[1:] != ["--check"]:
        TARGET.write_text(wanted, encoding="utf-8")
        return 0
    if not TARGET.exists() or TARGET.read_text(encoding="utf-8") != wanted:
        print("docs/cli.md is not what the commands say; write it with: make openapi", file=sys.stderr)
        return 1
    return 0


def render() -> str:
    lines = [INTRODUCTION, "| exit code | |", "| --- | --- |"]
    lines += [f"| {one.value} | {one.meaning} |" for one in Exit]
    lines += ["", SPEC_CHANGES]
    lines += _commands(typer.main.get_command(app), ("stillhouse",))
    return "\n".join(lines).rstrip() + "\n"


def _commands(group: Any, path: tuple[str, ...]) -> Iterator[str]:
    for name, command in group.commands.items():
        if hasattr(command, "commands"):
            yield from _commands(command, (*path, name))
        else:
            yield from _command(command, (*path, name))


def _command(command: Any, path: tuple[str, ...]) -> Iterator[str]:
    arguments = [parameter for parameter in command.params if parameter.param_type_name == "argument"]
    options = [
        parameter
        for parameter in command.params
        if parameter.param_type_name == "option" and parameter.opts[0] not in EVERYWHERE
    ]
    yield f"## {' '.join(path)}\n"
    yield f"    {' '.join([*path, *map(_argument, arguments), '[options]'])}\n"
    text, _, example = command.help.partition("\n\nExample: ")
    yield " ".join(text.split()) + "\n"
    if arguments or options:
        yield "| | |"
        yield "| --- | --- |"
        yield from (f"| `{_name(parameter)}` | {_cell(parameter)} |" for parameter in (*arguments, *options))
        yield ""
    yield f"    {example}\n"


def _argument(parameter: Any) -> str:
    shown = str(parameter.metavar or parameter.name.upper())
    return shown if parameter.required else f"[{shown}]"


def _name(parameter: Any) -> str:
    if parameter.param_type_name == "argument":
        return _argument(parameter)
    names = ", ".join(sorted(parameter.opts, key=len, reverse=True))
    return names if parameter.is_flag else f"{names} {parameter.metavar or parameter.name.upper()}"


def _cell(parameter: Any) -> str:
    parts = [parameter.help or ""]
    if parameter.default not in (None, False, "") and not parameter.is_eager:
        parts.append(f"Else {parameter.default}.")
    if parameter.envvar:
        parts.append(f"Else `{parameter.envvar}`.")
    return " ".join(parts).replace("|", "\\|")


if __name__ == "__main__":
    sys.exit(main())
