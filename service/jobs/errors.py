"""What can be wrong about a request for a job."""

from __future__ import annotations

from service.errors import Conflict, Invalid, NotFound


class JobNotFound(NotFound):
    title = "There is no such job"

    def __init__(self, job_id: str, noun: str = "job") -> None:
        super().__init__(f"there is no {noun} {job_id!r}")


class AttemptNotFound(NotFound):
    title = "There is no such attempt"


class JobFinished(Conflict):
    title = "The job has ended"


class KeyReused(Invalid):
    slug = "idempotency-key-reused"
    title = "The Idempotency-Key was used for another request"


class BadCursor(Invalid):
    slug = "bad-cursor"
    title = "The cursor is not one of ours"
