"""Dotted paths into a spec's JSON: `distillation.losses.rank_mimicking.weight`."""

from __future__ import annotations

from typing import Any


def get_at(document: Any, path: str) -> Any:
    """Return the value at `path`.

    Raises:
        ValueError: no field is there; names the part that was not found and what is there instead.
    """
    node = document
    for part in path.split("."):
        node = node[_key(node, part, path)]
    return node


def set_at(document: Any, path: str, value: Any) -> None:
    """Replace the value at `path` in place. Raises ValueError as `get_at` does."""
    parent, _, last = path.rpartition(".")
    node = get_at(document, parent) if parent else document
    node[_key(node, last, path)] = value


def _key(node: Any, part: str, path: str) -> str | int:
    names: dict[str, str | int] = {}
    if isinstance(node, dict):
        names = {name: name for name in node}
    elif isinstance(node, list):
        names = {item["name"]: index for index, item in enumerate(node) if isinstance(item, dict) and "name" in item}
    if part not in names:
        there = ", ".join(sorted(names)) or f"nothing below {node!r}"
        raise ValueError(f"no field {path!r} in the training: {part!r} was not found, there is: {there}")
    return names[part]
