"""`--set path=value`: changing single fields of a spec, with the spec's own schema to tell names and types."""

from __future__ import annotations

import copy
import difflib
import math
from collections.abc import Iterable
from functools import cache
from typing import Any

import yaml

from service.cli.spec_files import SpecFileError, kind_of, what
from service.wanted import Node, describe, known_keys, resolve, step_into, without_null
from workers.spec import JobSpec, SweepSpec

_JSON_TYPES = {bool: "boolean", int: "integer", float: "number", str: "string", list: "array", dict: "object"}


def apply(document: dict[str, Any], changes: Iterable[str]) -> None:
    """Change `document` in place by changes such as `training.num_steps=100`.

    `training.` may be left out. An element of a list goes by its number, its name or its kind. Raises SpecFileError,
    which names the nearest fields.
    """
    for change in changes:
        path, equals, text = change.partition("=")
        if not equals or not path:
            raise SpecFileError(f"--set {change!r} is not understood, wanted: path=value, as in num_steps=100")
        _Change(document, path.strip(), text).apply()


@cache
def _root(kind: str) -> Node:
    return (SweepSpec if kind == "sweep" else JobSpec).model_json_schema()


class _Change:
    """One change: walks down the document and its schema side by side."""

    def __init__(self, document: dict[str, Any], path: str, text: str) -> None:
        self._document = document
        self._path = path
        self._text = text
        self._root = _root(kind_of(document))

    def apply(self) -> None:
        parts = self._path.split(".")
        training = step_into(self._root, "training", self._root)[1]
        if parts[0] not in known_keys(self._root, self._root) and parts[0] in known_keys(training, self._root):
            parts.insert(0, "training")
        node: Any = self._document
        schema: Node | None = self._root
        walked: list[str] = []
        while True:
            key, parts = self._key(node, schema, parts, walked)
            below = self._below(schema, node, key)
            walked.append(str(key))
            if not parts:
                self._put(node, key, _typed(self._text, below, self._root, self._path))
                return
            node = self._descend(node, key, below, walked)
            schema = below

    def _key(self, node: Any, schema: Node | None, parts: list[str], walked: list[str]) -> tuple[str | int, list[str]]:
        """The key of the next step, and the parts after it."""
        if isinstance(node, list):
            return self._index(node, parts[0], walked), parts[1:]
        if not isinstance(node, dict):
            raise self._error(f"there is {what(node)} at {'.'.join(walked)!r}, and nothing can be set below it")
        here = resolve(without_null(schema, self._root), self._root)
        if isinstance(here.get("additionalProperties"), dict):  # a map such as `space`, whose keys have dots
            whole = ".".join(parts)
            key = next((key for key in sorted(node, key=len, reverse=True) if f"{whole}.".startswith(f"{key}.")), whole)
            return key, [part for part in whole[len(key) + 1 :].split(".") if part]
        known = self._known(here, node)
        if known and parts[0] not in known:
            raise self._unknown(parts[0], known, walked)
        return parts[0], parts[1:]

    def _known(self, here: Node, node: dict[str, Any]) -> list[str]:
        """The fields that are allowed here; of a union, those of the kind that the document has chosen."""
        mapping = here.get("discriminator", {}).get("mapping")
        if mapping is None:
            return known_keys(here, self._root)
        tag = here["discriminator"]["propertyName"]
        chosen = [node[tag]] if node.get(tag) in mapping else list(mapping)
        return sorted({key for name in chosen for key in known_keys({"$ref": mapping[name]}, self._root)})

    def _below(self, schema: Node | None, node: Any, key: str | int) -> Node | None:
        """The schema of `node[key]`; None where it says nothing."""
        here = resolve(without_null(schema, self._root), self._root)
        mapping = here.get("discriminator", {}).get("mapping")
        if mapping is not None and isinstance(node, dict):
            tag = here["discriminator"]["propertyName"]
            names = [node[tag]] if node.get(tag) in mapping else list(mapping)
            if key == tag:
                return {"enum": list(mapping)}
            members = [resolve({"$ref": mapping[name]}, self._root) for name in names]
            here = next((member for member in members if key in member.get("properties", {})), {})
        return step_into(here, key, self._root)[1] if here else None

    def _descend(self, node: Any, key: str | int, schema: Node | None, walked: list[str]) -> Any:
        """The part of the document at `key`, made from the schema's default where there is none yet."""
        if isinstance(node, list):
            if key == len(node):
                node.append({})
            return node[int(key)]
        if node.get(key) is None:
            node[key] = self._start(schema, walked)
        return node[key]

    def _start(self, schema: Node | None, walked: list[str]) -> Any:
        default = copy.deepcopy((schema or {}).get("default"))
        if isinstance(default, list):
            return default
        here = resolve(without_null(schema, self._root), self._root)
        if here.get("type") == "array":
            return []
        tag = here.get("discriminator", {}).get("propertyName")
        if tag is None:
            return {}
        if isinstance(default, dict) and tag in default:
            return {tag: default[tag]}
        where = ".".join(walked)
        raise self._error(f"which {where} is meant? Set it first: --set {where}=one of {_tags(here)}")

    def _put(self, node: Any, key: str | int, value: Any) -> None:
        if isinstance(node, list) and key == len(node):
            node.append(value)
        else:
            node[key] = value

    def _index(self, items: list[Any], part: str, walked: list[str]) -> int:
        """An element of a list goes by its number (the next one appends), its name, or its kind if it has no name."""
        names = [item.get("name") or item.get("kind") if isinstance(item, dict) else None for item in items]
        if part.isdecimal() and int(part) <= len(items):
            return int(part)
        if part in names:
            return names.index(part)
        there = ", ".join(f"{index} ({name})" if name else str(index) for index, name in enumerate(names)) or "nothing"
        raise self._error(f"{part!r} was not found in the list {'.'.join(walked)}, there is: {there}")

    def _unknown(self, part: str, known: list[str], walked: list[str]) -> SpecFileError:
        where = ".".join(walked) or f"a {kind_of(self._document)}"
        near = difflib.get_close_matches(part, known, n=3)
        words = f"there is no field {part!r} in {where}"
        if near:
            return self._error(f"{words}; did you mean {' or '.join(repr(one) for one in near)}?")
        return self._error(f"{words}, there is: {', '.join(known)}")

    def _error(self, words: str) -> SpecFileError:
        return SpecFileError(f"--set {self._path}: {words}")


def _typed(text: str, schema: Node | None, root: Node, path: str) -> Any:
    """The value of `text`, as the schema wants it: `1e-3` is a number, `2026` a name, `a,b` a list."""
    try:
        value = yaml.safe_load(text)
    except yaml.YAMLError as error:
        if "string" not in _types(schema, root):
            raise SpecFileError(f"--set {path}={text}: the value is not YAML: {error}") from error
        return text
    return _fitted(value, text, schema, root, path)


def _fitted(value: Any, text: str, schema: Node | None, root: Node, path: str) -> Any:
    types = _types(schema, root)
    if not types or _type_of(value) in types or (isinstance(value, int) and "number" in types):
        return value
    if "string" in types:
        return text  # what YAML takes for a number, a date or a truth value is a text here
    if isinstance(value, str) and types & {"number", "integer"} and (number := _number(value)) is not None:
        return number
    here = resolve(without_null(schema, root), root)
    if "array" in types and (isinstance(value, str | int | float)):
        item = here.get("items") or (here.get("prefixItems") or [{}])[0]
        return [_typed(part.strip(), item, root, path) for part in text.split(",") if part.strip()]
    if isinstance(value, str) and value in here.get("discriminator", {}).get("mapping", {}):
        return {here["discriminator"]["propertyName"]: value}
    raise SpecFileError(f"--set {path}: found {text!r}, wanted {describe(schema, root) or 'something else'}")


def _types(schema: Node | None, root: Node) -> set[str]:
    """The JSON types that are allowed at a node; empty where the schema does not say."""
    here = resolve(schema, root)
    found = {here["type"]} if "type" in here else set()
    found |= {_type_of(value) for value in here.get("enum", [])}
    if "const" in here:
        found.add(_type_of(here["const"]))
    for union in ("anyOf", "oneOf"):
        for member in here.get(union, []):
            found |= _types(member, root)
    return found


def _type_of(value: Any) -> str:
    return "null" if value is None else _JSON_TYPES.get(type(value), "other")


def _number(text: str) -> float | None:
    """YAML 1.1 takes 1e-3 for a text."""
    try:
        number = float(text)
    except ValueError:
        return None
    if not math.isfinite(number):
        return None
    return int(number) if number == int(number) and "." not in text else number


def _tags(here: Node) -> str:
    return ", ".join(sorted(here["discriminator"]["mapping"]))
