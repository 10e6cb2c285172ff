"""How the command line speaks: the client of a command, errors as text, documents as JSON."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Annotated, Any, NoReturn

import typer
from pydantic import BaseModel
from rich.console import Console
from rich.text import Text

from service.cli.exits import Exit, exit_code
from service.cli.spec_files import SpecFileError
from service.errors import FieldError
from service.sdk import ApiError, Client, StillhouseError
from service.settings import SettingsError

Server = Annotated[
    str | None,
    typer.Option(
        "--server", envvar="STILLHOUSE_URL", help="Address of the service, else that of the stack that runs here."
    ),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON for programs.")]


# What no terminal shows, such as a pipe, has no width at which a table would have to be cut.
_WIDTH_ELSEWHERE = 1000


class InvalidSpec(Exception):
    """A spec that was found wrong here, without asking the service."""

    def __init__(self, name: str, errors: Sequence[FieldError]) -> None:
        super().__init__(f"{name} is not valid")
        self.errors = errors


def out() -> Console:
    console = Console(highlight=False, soft_wrap=True)
    if not console.is_terminal:
        console.width = _WIDTH_ELSEWHERE
    return console


def err() -> Console:
    return Console(stderr=True, highlight=False, soft_wrap=True)


def hint(text: str) -> None:
    """Say on standard error what a person may want to do next."""
    err().print(Text(text, style="dim"))


def plain(document: BaseModel | Any) -> Any:
    return document.model_dump(mode="json") if isinstance(document, BaseModel) else document


def print_json(document: BaseModel | Any) -> None:
    sys.stdout.write(json.dumps(plain(document), indent=2, ensure_ascii=False) + "\n")


def print_json_line(document: BaseModel | Any) -> None:
    """One document of a stream, in one line, at once."""
    sys.stdout.write(json.dumps(plain(document), ensure_ascii=False) + "\n")
    sys.stdout.flush()


@contextmanager
def client_for(server: str | None, *, as_json: bool) -> Iterator[Client]:
    """The client of one command. Whatever it raises ends the command as `readable_errors` says."""
    with readable_errors(as_json=as_json), Client(server) as client:
        yield client


@contextmanager
def readable_errors(*, as_json: bool = False) -> Iterator[None]:
    """End with a readable error and an exit code, never with a traceback."""
    try:
        yield
    except StillhouseError as error:
        print_error(error, as_json=as_json)
        _end(exit_code(error), error)
    except InvalidSpec as error:
        if as_json:
            print_json({"error": str(error), "errors": [plain(wrong) for wrong in error.errors]})
        else:
            err().print(Text(str(error), style="bold red"))
            _print_fields(error.errors)
        _end(Exit.WRONG_USE, error)
    except (SpecFileError, SettingsError) as error:
        _say(str(error), as_json=as_json)
        _end(Exit.WRONG_USE, error)
    except KeyboardInterrupt as error:
        _end(Exit.INTERRUPTED, error)


def print_error(error: StillhouseError, *, as_json: bool) -> None:
    if not isinstance(error, ApiError):
        _say(str(error), as_json=as_json)
    elif as_json:
        print_json(error.problem)
    else:
        _print_problem(error)


def _end(code: Exit, error: BaseException) -> NoReturn:
    raise typer.Exit(code) from error


def _say(message: str, *, as_json: bool) -> None:
    if as_json:
        print_json({"error": message})
    else:
        err().print(Text(message, style="red"))


def _print_problem(error: ApiError) -> None:
    problem = error.problem
    err().print(Text(problem.title if problem.errors else problem.detail, style="bold red"))
    _print_fields(problem.errors)
    if exit_code(error) == Exit.SERVER_FAILED:
        err().print(Text(f"the server's log has the details under {problem.request_id}"))


def _print_fields(errors: Sequence[FieldError]) -> None:
    console = err()
    for wrong in errors:
        console.print(Text.assemble("  ", (wrong.field, "bold"), f": {wrong.message}"))
        console.print(Text(f"      found   {json.dumps(wrong.found, ensure_ascii=False)}"))
        if wrong.wanted:
            console.print(Text(f"      wanted  {wrong.wanted}"))
