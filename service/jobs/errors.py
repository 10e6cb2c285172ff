"""What can be wrong about a request for a job."""

from __future__ import annotations

from service.errors import Conflict, FieldError, Invalid, NotFound


class JobNotFound(NotFound):
    title = "There is no such job"

    def __init__(self, job_id: str, noun: str = "job") -> None:
        super().__init__(f"there is no {noun} {job_id!r}")


class AttemptNotFound(NotFound):
    title = "There is no such attempt"


class ActionRefused(Conflict):
    title = "The job's state does not allow this"

    def __init__(self, job_id: str, state: str, action: str, instead: str) -> None:
        message = f"{job_id} {_VERBS.get(state, 'is')} {state} and cannot be {_DONE[action]}"
        super().__init__(message + (f"; {instead}" if instead else ""))


_VERBS = {"succeeded": "has", "failed": "has", "cancelled": "was"}
_DONE = {"cancel": "cancelled", "pause": "paused", "resume": "resumed", "retry": "retried"}


class PriorityIsPast(Conflict):
    title = "The job waits for nothing any more"

    def __init__(self, job_id: str, state: str) -> None:
        super().__init__(f"{job_id} {_VERBS[state]} {state}: its priority cannot change anything any more")


class KeyReused(Invalid):
    slug = "idempotency-key-reused"
    title = "The Idempotency-Key was used for another request"


class BadCursor(Invalid):
    slug = "bad-cursor"
    title = "The cursor is not one of ours"

    def __init__(self, cursor: str, *, why: str = "it is not a cursor") -> None:
        message = f"{cursor[:40]!r} cannot be used here, {why}; take next_cursor of an earlier page of the same list"
        wanted = "next_cursor of an earlier page of the same list"
        super().__init__(
            message, errors=(FieldError(field="cursor", message=message, found=cursor[:40], wanted=wanted),)
        )
