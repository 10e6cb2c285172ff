"""Reading specs: from a file, from standard input, or a recipe by its name."""

from __future__ import annotations

import datetime
import difflib
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from service.presets.logic import recipes_folder

STANDARD_INPUT = "-"


class SpecFileError(Exception):
    """A file or a --set that cannot be read; the message is for the person who wrote it."""


def read_spec(source: str) -> dict[str, Any]:
    """Return the document of a YAML or JSON file, of a recipe, or of standard input (`-`). Raises SpecFileError."""
    name, text = _read(source)
    try:
        document = yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise SpecFileError(f"{name} is not YAML: {error}") from error
    if not isinstance(document, dict):
        raise SpecFileError(f"{name} holds {what(document)}, wanted a job or a sweep: keys such as name and training")
    if "training" not in document and "student" in document and "data" in document:
        raise SpecFileError(
            f"{name} is a bare training, for `python -m trainer`. A job wraps it: name: ..., training: (what is there)"
        )
    check_plain(document, name)
    return document


def kind_of(document: dict[str, Any]) -> str:
    """Whether a document is a job or a sweep: what it says, else whether it has a search space."""
    return str(document.get("kind", "sweep" if "space" in document else "job"))


def recipe_names() -> Iterator[str]:
    """The recipes of this installation, as `submit` takes them."""
    folder = recipes_folder()
    for path in sorted(folder.rglob("*.yaml")):
        yield path.relative_to(folder).with_suffix("").as_posix()


def check_plain(document: Any, name: str) -> None:
    """YAML knows dates, sets and bytes; a spec holds what JSON can say. Raises SpecFileError."""
    _check(document, name, ())


def what(node: Any) -> str:
    return "nothing" if node is None else f"{type(node).__name__} {str(node)[:40]!r}"


def _read(source: str) -> tuple[str, str]:
    """What to call the source in messages, and its text."""
    if source == STANDARD_INPUT:
        return "standard input", _decoded("standard input", sys.stdin.buffer.read())
    path = Path(source)
    if not path.exists() and source in set(recipe_names()):
        path = recipes_folder() / f"{source}.yaml"
    try:
        return str(path), _decoded(str(path), path.read_bytes())
    except FileNotFoundError as error:
        near = difflib.get_close_matches(source, list(recipe_names()), n=1)
        words = f"; did you mean the recipe {near[0]}?" if near else ", and no recipe of that name"
        raise SpecFileError(f"there is no file {source}{words}") from error
    except OSError as error:
        raise SpecFileError(f"{path} cannot be read: {error.strerror}") from error


def _decoded(name: str, content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise SpecFileError(f"{name} is not YAML: byte {error.start} is no UTF-8") from error


def _check(node: Any, name: str, fields: tuple[str, ...]) -> None:
    if isinstance(node, dict):
        for key, value in node.items():
            if not isinstance(key, str):
                raise SpecFileError(f"{name}: {'.'.join(fields) or 'the top'} has the key {key!r}, wanted text")
            _check(value, name, (*fields, key))
    elif isinstance(node, list):
        for index, value in enumerate(node):
            _check(value, name, (*fields, str(index)))
    elif isinstance(node, datetime.date | bytes | set) or node in (float("inf"), float("-inf")) or node != node:
        raise SpecFileError(f"{name}: {'.'.join(fields)} is {node!r}, wanted text, a finite number, true or false")
