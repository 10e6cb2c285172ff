"""Bodies taken at their word: text is no number, 1 is not true, and a moment is written as RFC 3339 has it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from pydantic import BaseModel, ValidatorFunctionWrapHandler, WrapValidator

from service.errors import FieldError, Invalid

_MOMENT = re.compile(r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)")


def strict(model: type[BaseModel]) -> WrapValidator:
    """`Annotated[Spec, strict(Spec)]` refuses a JSON body in which one type had to be turned into another.

    YAML files and Python programs stay free to say "1e-3": only what comes over HTTP is JSON with types of its own.
    """

    def read(value: Any, handler: ValidatorFunctionWrapHandler) -> Any:
        checked = handler(value)
        if wrong := tuple(_turned(checked, value, ())):
            raise Invalid(f"{wrong[0].field}: {wrong[0].message}", errors=wrong)
        return checked

    return WrapValidator(read)


def _turned(checked: Any, sent: Any, path: tuple[str, ...]) -> Iterator[FieldError]:
    if isinstance(checked, BaseModel) and isinstance(sent, dict):
        for name in type(checked).model_fields.keys() & sent.keys():
            yield from _turned(getattr(checked, name), sent[name], (*path, name))
    elif isinstance(checked, dict) and isinstance(sent, dict):
        for name in checked.keys() & sent.keys():
            yield from _turned(checked[name], sent[name], (*path, str(name)))
    elif isinstance(checked, list | tuple) and isinstance(sent, list):
        for index, (one, other) in enumerate(zip(checked, sent, strict=False)):
            yield from _turned(one, other, (*path, str(index)))
    elif isinstance(checked, bool):
        if not isinstance(sent, bool):
            yield _error(path, sent, "true or false")
    elif isinstance(checked, datetime):
        if not isinstance(sent, str) or not _MOMENT.fullmatch(sent):
            yield _error(path, sent, "a moment such as 2027-01-31T00:00:00Z")
    elif isinstance(checked, int | float) and isinstance(sent, str | bool):
        yield _error(path, sent, "a whole number" if isinstance(checked, int) else "a number")


def _error(path: tuple[str, ...], sent: Any, wanted: str) -> FieldError:
    kind = "text" if isinstance(sent, str) else "true or false" if isinstance(sent, bool) else "a number"
    return FieldError(field=".".join(path), message=f"found {kind}, wanted {wanted}", found=sent, wanted=wanted)
