"""What an error of the database means: it is away, its disk is full, it takes no changes; or it is a bug of ours."""

from __future__ import annotations

from enum import StrEnum

from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout


class Trouble(StrEnum):
    """In words that can follow "the database"."""

    AWAY = "does not answer"
    FULL = "has no space left on its disk"
    READ_ONLY = "takes no changes now"


_BY_SQLSTATE = {"25006": Trouble.READ_ONLY, "53100": Trouble.FULL}
_BY_SQLITE = {"SQLITE_FULL": Trouble.FULL, "SQLITE_IOERR_SHMSIZE": Trouble.FULL, "SQLITE_READONLY": Trouble.READ_ONLY}


def trouble_of(error: BaseException) -> Trouble | None:
    """None where it is not the database's fault."""
    if isinstance(error, PoolTimeout):
        return Trouble.AWAY
    if not isinstance(error, DBAPIError):
        return None
    known = _BY_SQLSTATE.get(str(getattr(error.orig, "sqlstate", None)))
    known = known or _BY_SQLITE.get(str(getattr(error.orig, "sqlite_errorname", None)))
    if known is not None:
        return known
    return Trouble.AWAY if isinstance(error, OperationalError | InterfaceError) else None


def first_line(error: BaseException) -> str:
    return next(iter(str(error).splitlines()), type(error).__name__)
