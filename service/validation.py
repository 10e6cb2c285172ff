"""From pydantic's errors to ours: the field, what was found there and what is wanted, in words.

Pydantic's location of an error names also the tags of unions it went through. The schema of the request tells
tags from fields, and what is allowed at a field.
"""

from __future__ import annotations

import difflib
import json
import math
from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any

from pydantic import BaseModel, JsonValue, ValidationError

from service.errors import FieldError
from service.wanted import describe, known_keys, step_into

_LONGEST_FOUND = 300


@cache
def _schema(model: type[BaseModel]) -> dict[str, Any]:
    return model.model_json_schema()


def field_errors(errors: Sequence[Any], *, body: Any, model: type[BaseModel] | None) -> tuple[FieldError, ...]:
    """Translate the errors of a request that FastAPI refused; `model` is what its body should be."""
    in_body = [error for error in errors if error["loc"][:1] == ("body",)]
    elsewhere = [error for error in errors if error["loc"][:1] != ("body",)]
    found = [
        FieldError(
            field=str(error["loc"][1]), message=error["msg"], found=_found(error.get("input")), wanted=_in_words(error)
        )
        for error in elsewhere
    ]
    return (*found, *spec_errors(in_body, model=model or BaseModel, document=body, skip=1))


def spec_errors(
    errors: Iterable[Any], *, model: type[BaseModel], document: Any, skip: int = 0
) -> tuple[FieldError, ...]:
    """Translate pydantic's errors of one document. `skip` drops that many leading parts of each location."""
    by_field: dict[str, FieldError] = {}
    for error in errors:
        if not _follows_from_another(error):
            item = _translate(error, model=model, document=document, skip=skip)
            by_field.setdefault(item.field, item)
    return tuple(by_field.values())


def validation_errors(error: ValidationError, *, model: type[BaseModel], document: Any) -> tuple[FieldError, ...]:
    return spec_errors(error.errors(include_url=False), model=model, document=document)


def non_finite(spec: BaseModel) -> tuple[FieldError, ...]:
    """The numbers of a spec that are not finite: pydantic reads the text "nan" as one."""
    return tuple(_walk_non_finite(spec.model_dump(mode="python"), ()))


def _walk_non_finite(node: Any, path: tuple[str, ...]) -> Iterable[FieldError]:
    if isinstance(node, float) and not math.isfinite(node):
        yield FieldError(
            field=".".join(path), message="the number is not finite", found=str(node), wanted="a finite number"
        )
    elif isinstance(node, dict):
        for key, value in node.items():
            yield from _walk_non_finite(value, (*path, str(key)))
    elif isinstance(node, list | tuple):
        for index, value in enumerate(node):
            yield from _walk_non_finite(value, (*path, str(index)))


def _follows_from_another(error: Any) -> bool:
    """A list whose items are wrong is also called too short, since none of them was counted."""
    return bool(error["type"] == "too_short" and error["ctx"]["actual_length"] < len(error["input"]))


def _translate(error: Any, *, model: type[BaseModel], document: Any, skip: int) -> FieldError:
    parts = tuple(error["loc"])[skip:]
    root = _schema(model)
    fields, node = _fields_of(parts, root)
    field = ".".join(fields)
    kind = error["type"]
    message = error["msg"].removeprefix("Value error, ")
    if kind == "extra_forbidden":
        parent = _fields_of(parts[:-1], root)[1]
        keys = known_keys(parent, root)
        near = difflib.get_close_matches(str(parts[-1]), keys, n=1)
        message = f"unknown key {parts[-1]!r}" + (f", did you mean {near[0]!r}?" if near else "")
        wanted: str | None = "one of the known keys: " + ", ".join(keys)
    elif kind == "value_error":
        wanted = None
        dimension = "" if field else _named_in(message, document)
        if dimension:
            return FieldError(
                field=f"space.{dimension}", message=message, found=_found(document["space"][dimension]), wanted=None
            )
    else:
        wanted = describe(node, root) if node is not None else _in_words(error)
        if kind in ("union_tag_invalid", "union_tag_not_found"):
            field, message, wanted = _wrong_tag(error, field)
        elif kind == "missing":
            message = "this field is needed" if field else "a body is needed"
    found = None if kind == "missing" else _found(_without_secrets(error.get("input"), fields, model))
    if kind == "union_tag_invalid":
        found = _found(error["ctx"]["tag"])
    return FieldError(field=field or "(body)", message=message, found=found, wanted=wanted)


def _wrong_tag(error: Any, field: str) -> tuple[str, str, str]:
    ctx = error["ctx"]
    tag = ctx["discriminator"].strip("'")
    expected = ctx.get("expected_tags")
    message = f"unknown {tag} {ctx['tag']!r}" if "tag" in ctx else f"{tag!r} is needed to tell what this is"
    wanted = f"one of: {expected.replace(chr(39), '')}" if expected else f"an object with the key {tag!r}"
    return f"{field}.{tag}" if field else tag, message, wanted


def _fields_of(parts: Sequence[str | int], root: dict[str, Any]) -> tuple[tuple[str, ...], dict[str, Any] | None]:
    """Tell the fields of a location from the tags of unions in it; also the schema where it ends."""
    fields: list[str] = []
    node: dict[str, Any] | None = root
    for part in parts:
        is_field, following = step_into(node, part, root)
        if is_field:
            fields.append(str(part))
        node = following
    return tuple(fields), node


def _named_in(message: str, document: Any) -> str:
    """The dimension of a search space that a message about the whole sweep speaks of."""
    space = document.get("space") if isinstance(document, dict) else None
    for path in space if isinstance(space, dict) else ():
        if repr(path) in message:
            return str(path)
    return ""


def _in_words(error: Any) -> str | None:
    ctx = error.get("ctx") or {}
    if "expected" in ctx:
        return f"one of: {ctx['expected']}".replace("'", "").replace(" or ", ", ")
    bounds = {"ge": "at least", "gt": "more than", "le": "at most", "lt": "less than", "pattern": "text like"}
    bounds |= {"max_length": "a length of at most", "min_length": "a length of at least"}
    words = [f"{phrase} {ctx[key]}" for key, phrase in bounds.items() if key in ctx]
    if error["type"] in ("int_parsing", "int_from_float"):
        words = ["a whole number"]
    return ", ".join(words) or None


@cache
def _secrets(model: type[BaseModel]) -> frozenset[str]:
    """Names of fields that are never sent back, such as tokens: their schema says writeOnly."""
    root = _schema(model)
    objects = [root, *root.get("$defs", {}).values()]
    fields = [field for each in objects for field in each.get("properties", {}).items()]
    return frozenset(name for name, node in fields if '"writeOnly": true' in json.dumps(node))


def _without_secrets(value: Any, fields: Sequence[str], model: type[BaseModel]) -> Any:
    secrets = _secrets(model)
    known = not fields or fields[0] in model.model_fields  # an unknown field may be a secret one, misspelt
    if value is not None and secrets and (not known or secrets.intersection(fields)):
        return "(hidden)"
    if secrets and isinstance(value, dict):
        shown = model.model_fields.keys() - secrets
        return {key: inner if key in shown else "(hidden)" for key, inner in value.items()}
    return value


def _found(value: Any) -> JsonValue:
    """The value that was sent, shortened where it is long."""
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    text = json.dumps(value, default=str)
    if len(text) <= _LONGEST_FOUND:
        found: JsonValue = json.loads(text)
        return found
    return text[:_LONGEST_FOUND] + " ..."
