"""What the exit codes of `stillhouse` mean. docs/cli.md is written from here."""

from __future__ import annotations

from enum import IntEnum

from service.sdk import (
    ApiError,
    ConflictError,
    ForbiddenError,
    InvalidError,
    NotFoundError,
    ServerUnreachable,
    SignInError,
    StillhouseError,
    UnavailableError,
    WaitTimeout,
)


class Exit(IntEnum):
    """How a command ended."""

    meaning: str

    def __new__(cls, code: int, meaning: str) -> Exit:
        member = int.__new__(cls, code)
        member._value_ = code
        member.meaning = meaning
        return member

    @property
    def label(self) -> str:
        return self.name.lower().replace("_", " ")

    OK = 0, "done; of `watch` and `submit --watch`: the job succeeded"
    FAILED = 1, "the job failed or was cancelled; `doctor` found something that has to be mended; no backup or restore"
    WRONG_USE = 2, "wrong options, a file that cannot be read, or a spec that is not valid"
    NOT_FOUND = 3, "there is no such job, sweep, data set, model, ..."
    CONFLICT = 4, "the present state does not allow this, or somebody else changed it first"
    UNREACHABLE = 5, "the service does not answer, or something that it needs does not"
    NOT_ALLOWED = 6, "no valid token, or its role does not allow this"
    SERVER_FAILED = 7, "a bug in the service; its log has the details"
    TIMED_OUT = 8, "--timeout is over; the job goes on"
    INTERRUPTED = 130, "Ctrl-C; a job that was watched goes on"


_CODES: tuple[tuple[type[StillhouseError], Exit], ...] = (
    (ServerUnreachable, Exit.UNREACHABLE),
    (UnavailableError, Exit.UNREACHABLE),
    (WaitTimeout, Exit.TIMED_OUT),
    (NotFoundError, Exit.NOT_FOUND),
    (ConflictError, Exit.CONFLICT),
    (SignInError, Exit.NOT_ALLOWED),
    (ForbiddenError, Exit.NOT_ALLOWED),
    (InvalidError, Exit.WRONG_USE),
    (ApiError, Exit.SERVER_FAILED),
)


def exit_code(error: StillhouseError) -> Exit:
    """The code with which a command ends that met `error`."""
    return next((code for kind, code in _CODES if isinstance(error, kind)), Exit.FAILED)
