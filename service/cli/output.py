"""How the command line speaks: exit codes, errors as text, documents as JSON."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated, Any, NoReturn

import typer
from pydantic import BaseModel
from rich.console import Console
from rich.text import Text

from service.cli.spec_files import SpecFileError
from service.sdk import ApiError, InvalidError, NotFoundError, ServerUnreachable, StillhouseError
from service.settings import SettingsError

OK, JOB_FAILED, BAD_INPUT, UNREACHABLE = 0, 1, 2, 3

Server = Annotated[
    str | None,
    typer.Option("--server", envvar="STILLHOUSE_URL", help="Address of the server, else http://127.0.0.1:8470."),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON for programs.")]


# What no terminal shows, such as a pipe, has no width at which a table would have to be cut.
_WIDTH_ELSEWHERE = 1000


def out() -> Console:
    console = Console(highlight=False, soft_wrap=True)
    if not console.is_terminal:
        console.width = _WIDTH_ELSEWHERE
    return console


def err() -> Console:
    return Console(stderr=True, highlight=False, soft_wrap=True)


def print_json(document: BaseModel | Any) -> None:
    plain = document.model_dump(mode="json") if isinstance(document, BaseModel) else document
    sys.stdout.write(json.dumps(plain, indent=2, ensure_ascii=False) + "\n")


@contextmanager
def readable_errors(*, as_json: bool = False) -> Iterator[None]:
    """End with a readable error and an exit code, never with a traceback."""
    try:
        yield
    except ApiError as error:
        if as_json:
            print_json(error.problem)
        else:
            _print_problem(error)
        _end(BAD_INPUT if isinstance(error, InvalidError | NotFoundError) else JOB_FAILED, error)
    except ServerUnreachable as error:
        _say(str(error), as_json=as_json)
        _end(UNREACHABLE, error)
    except (SpecFileError, SettingsError) as error:
        _say(str(error), as_json=as_json)
        _end(BAD_INPUT, error)
    except StillhouseError as error:
        _say(str(error), as_json=as_json)
        _end(JOB_FAILED, error)
    except KeyboardInterrupt as error:
        _end(130, error)


def _end(code: int, error: BaseException) -> NoReturn:
    raise typer.Exit(code) from error


def _say(message: str, *, as_json: bool) -> None:
    if as_json:
        print_json({"error": message})
    else:
        err().print(Text(message, style="red"))


def _print_problem(error: ApiError) -> None:
    problem, console = error.problem, err()
    console.print(Text(problem.title if problem.errors else problem.detail, style="bold red"))
    for wrong in problem.errors:
        console.print(Text.assemble("  ", (wrong.field, "bold"), f": {wrong.message}"))
        console.print(Text(f"      found   {json.dumps(wrong.found, ensure_ascii=False)}"))
        if wrong.wanted:
            console.print(Text(f"      wanted  {wrong.wanted}"))
    if problem.status >= 500:
        console.print(Text(f"the server's log has the details under {problem.request_id}"))
