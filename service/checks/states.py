"""The states of a version of a data set or model."""

from __future__ import annotations

from enum import StrEnum


class CheckState(StrEnum):
    """How a version of a data set or model stands."""

    CHECKING = "checking"
    READY = "ready"
    REFUSED = "refused"
