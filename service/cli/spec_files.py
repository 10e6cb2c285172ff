"""Reading spec files, and changing single fields of them from the command line."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import yaml


class SpecFileError(Exception):
    """A file or a --set that cannot be read; the message is for the person who wrote it."""


def read_spec(path: Path, changes: Iterable[str] = ()) -> dict[str, Any]:
    """Return the document of a YAML or JSON file after changes such as `training.num_steps=100`; SpecFileError."""
    try:
        document = yaml.safe_load(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise SpecFileError(f"there is no file {path}") from error
    except OSError as error:
        raise SpecFileError(f"{path} cannot be read: {error.strerror}") from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise SpecFileError(f"{path} is not YAML: {error}") from error
    if not isinstance(document, dict):
        raise SpecFileError(f"{path} holds {_what(document)}, wanted a job or a sweep: keys such as name and training")
    if "training" not in document and "student" in document and "data" in document:
        raise SpecFileError(
            f"{path} is a bare training, for `python -m trainer`. A job wraps it: name: ..., training: (what is there)"
        )
    for change in changes:
        _apply(document, change)
    _check_plain(document, path, ())
    return document


def _apply(document: dict[str, Any], change: str) -> None:
    path, equals, text = change.partition("=")
    if not equals or not path:
        raise SpecFileError(f"--set {change!r} is not understood, wanted: path=value, as in training.num_steps=100")
    try:
        value = yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise SpecFileError(f"--set {change!r}: the value is not YAML: {error}") from error
    *parents, last = path.split(".")
    node: Any = document
    for part in parents:
        node = _below(node, part, path)
    if isinstance(node, list):
        node[_index(node, last, path)] = value
    elif isinstance(node, dict):
        node[last] = value
    else:
        raise SpecFileError(f"--set {path}: there is {_what(node)} above {last!r}, and nothing can be set below it")


def _below(node: Any, part: str, path: str) -> Any:
    if isinstance(node, list):
        return node[_index(node, part, path)]
    if isinstance(node, dict):
        if node.get(part) is None:
            node[part] = {}
        return node[part]
    raise SpecFileError(f"--set {path}: there is {_what(node)} above {part!r}, and nothing can be set below it")


def _index(items: list[Any], part: str, path: str) -> int:
    """An element of a list goes by its number, its name, or its kind where that is its default name."""
    if part.isdecimal() and int(part) < len(items):
        return int(part)
    names = [item.get("name") or item.get("kind") for item in items if isinstance(item, dict)]
    if part in names:
        return names.index(part)
    there = ", ".join(str(name) for name in names if name) or "nothing with a name"
    raise SpecFileError(f"--set {path}: {part!r} was not found in the list, there is: {there}")


def _check_plain(node: Any, path: Path, fields: tuple[str, ...]) -> None:
    """YAML knows dates, sets and bytes; a spec holds what JSON can say."""
    if isinstance(node, dict):
        for key, value in node.items():
            if not isinstance(key, str):
                raise SpecFileError(f"{path}: {'.'.join(fields) or 'the top'} has the key {key!r}, wanted text")
            _check_plain(value, path, (*fields, key))
    elif isinstance(node, list):
        for index, value in enumerate(node):
            _check_plain(value, path, (*fields, str(index)))
    elif isinstance(node, datetime.date | bytes | set) or node in (float("inf"), float("-inf")) or node != node:
        raise SpecFileError(f"{path}: {'.'.join(fields)} is {node!r}, wanted text, a finite number, true or false")


def _what(node: Any) -> str:
    return "nothing" if node is None else f"{type(node).__name__} {str(node)[:40]!r}"
