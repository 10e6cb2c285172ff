"""Whole numbers in the description of the API: none is taken that 64 bits do not hold."""

from __future__ import annotations

from typing import Any

from service.http.requests import MAX_WHOLE_NUMBER


def bound_whole_numbers(node: Any) -> None:
    """Give every schema of a whole number that says nothing about its size the limits that hold for all."""
    if isinstance(node, dict):
        if node.get("type") == "integer" and "const" not in node and "enum" not in node:
            if "maximum" not in node and "exclusiveMaximum" not in node:
                node["maximum"] = MAX_WHOLE_NUMBER
            if "minimum" not in node and "exclusiveMinimum" not in node:
                node["minimum"] = -MAX_WHOLE_NUMBER
        for value in node.values():
            bound_whole_numbers(value)
    elif isinstance(node, list):
        for value in node:
            bound_whole_numbers(value)
