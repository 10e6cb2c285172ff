"""Reading a JSON schema as a person would: what is allowed here, which keys are known, what comes below."""

from __future__ import annotations

from typing import Any

Node = dict[str, Any]


def resolve(node: Node | None, root: Node) -> Node:
    while node is not None and "$ref" in node:
        node = root["$defs"][node["$ref"].rpartition("/")[2]]
    return node or {}


def known_keys(node: Node | None, root: Node) -> list[str]:
    node = resolve(without_null(node, root), root)
    return sorted(node.get("properties", {}))


def step_into(node: Node | None, part: str | int, root: Node) -> tuple[bool, Node | None]:
    """Go down one part of pydantic's location: whether it is a field (not the tag of a union), and what is there."""
    here = resolve(without_null(node, root), root)
    mapping = here.get("discriminator", {}).get("mapping")
    if mapping is not None and not isinstance(part, int):
        return False, {"$ref": mapping[part]} if part in mapping else None
    if isinstance(part, int):
        prefix = here.get("prefixItems", [])
        return True, prefix[part] if part < len(prefix) else here.get("items")
    if "properties" in here:
        return True, here["properties"].get(part)
    if isinstance(here.get("additionalProperties"), dict):
        return part != "[key]", here["additionalProperties"]
    if here.get("type") == "array":
        return True, here.get("items")
    # A plain union such as "number or text": pydantic names the member it tried.
    return False, node


def without_null(node: Node | None, root: Node) -> Node | None:
    """The one member of an optional field's union that is not null."""
    here = resolve(node, root)
    members = [member for member in here.get("anyOf", []) if member.get("type") != "null"]
    return members[0] if len(members) == 1 else here


def describe(node: Node | None, root: Node) -> str | None:
    """What is allowed at a node, in words; None where the schema says nothing about it."""
    here = resolve(node, root)
    if "anyOf" in here or "oneOf" in here:
        if "discriminator" in here:
            return "an object whose " + _discriminator(here)
        members = [words for member in here.get("anyOf", []) if (words := describe(member, root))]
        return " or ".join(members) or None
    if "enum" in here:
        return "one of: " + ", ".join(str(value) for value in here["enum"])
    if "const" in here:
        return f"{here['const']!r}"
    kind = here.get("type")
    if kind in ("integer", "number"):
        return _number(here, "a whole number" if kind == "integer" else "a number")
    if kind == "string":
        return _text(here)
    if kind == "array":
        return _list(here, root)
    if kind == "object":
        keys = ", ".join(known_keys(here, root))
        return f"an object with the keys: {keys}" if keys else _sized(here, "an object", "Properties", "keys")
    return {"boolean": "true or false", "null": "null"}.get(str(kind))


def _discriminator(here: Node) -> str:
    return f"{here['discriminator']['propertyName']!r} is one of: " + ", ".join(
        sorted(here["discriminator"]["mapping"])
    )


def _number(here: Node, words: str) -> str:
    low, high = here.get("minimum"), here.get("maximum")
    if low is not None and high is not None:
        words += f" from {_plain(low)} to {_plain(high)}"
    elif low is not None:
        words += f" of at least {_plain(low)}"
    elif high is not None:
        words += f" of at most {_plain(high)}"
    if "exclusiveMinimum" in here:
        words += f" above {_plain(here['exclusiveMinimum'])}"
    if "exclusiveMaximum" in here:
        words += f" below {_plain(here['exclusiveMaximum'])}"
    if "multipleOf" in here:
        words += f", a multiple of {_plain(here['multipleOf'])}"
    return words


def _plain(number: float) -> str:
    return str(int(number)) if number == int(number) else str(number)


def _text(here: Node) -> str:
    words = _sized(here, "text", "Length", "characters")
    return f"{words} that matches {here['pattern']}" if "pattern" in here else words


def _list(here: Node, root: Node) -> str:
    if "prefixItems" in here:
        items = here["prefixItems"]
        return f"a list of {len(items)} items, each {describe(items[0], root)}"
    words = _sized(here, "a list", "Items", "items")
    item = describe(here.get("items"), root)
    return f"{words}, each {item}" if item else words


def _sized(here: Node, words: str, suffix: str, unit: str) -> str:
    low, high = here.get(f"min{suffix}"), here.get(f"max{suffix}")
    if low is not None and high is not None:
        return f"{words} of {low} to {high} {unit}"
    if low is not None:
        return f"{words} of at least {low} {unit}"
    if high is not None:
        return f"{words} of at most {high} {unit}"
    return words
