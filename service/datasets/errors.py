"""What can be wrong about a request for a data set."""

from __future__ import annotations

from service.errors import Conflict, NotFound


class DatasetNotFound(NotFound):
    title = "There is no such data set"

    def __init__(self, name: str, version: int | None = None) -> None:
        which = f"{name}@{version}" if version is not None else name
        super().__init__(f"there is no data set {which!r}")


class SampleNotFound(NotFound):
    title = "There is no such sample"


class NameTaken(Conflict):
    slug = "name-taken"
    title = "The name belongs to another project"


class InUse(Conflict):
    slug = "in-use"
    title = "It is still needed"
