"""What can be wrong about a request for a model."""

from __future__ import annotations

from service.errors import Conflict, FieldError, Invalid, NotFound


class ModelNotFound(NotFound):
    title = "There is no such model"

    def __init__(self, name: str, version: int | None = None) -> None:
        which = f"{name}@{version}" if version is not None else name
        super().__init__(f"there is no model {which!r}")


class AliasNotFound(NotFound):
    title = "There is no such alias"


class NotReady(Conflict):
    slug = "not-ready"
    title = "The model cannot be promoted"


class NothingBefore(Conflict):
    slug = "nothing-before"
    title = "There is nothing to go back to"


class WrongSource(Invalid):
    """The source of a new model cannot be used."""

    def __init__(self, field: str, message: str, *, found: str, wanted: str) -> None:
        error = FieldError(field=field, message=message, found=found, wanted=wanted)
        super().__init__(f"{field}: {message}", errors=(error,))
