"""Everything that can go wrong for a user of the SDK."""

from __future__ import annotations

from service.errors import FieldError
from service.problem import Problem


class StillhouseError(Exception):
    """Base of all errors of the SDK."""


class ServerUnreachable(StillhouseError):
    """No answer from the server."""


class ForeignServer(ServerUnreachable):
    """What answers is not Stillhouse, or not of this version."""


class WaitTimeout(StillhouseError):
    """The job has not ended in the time given."""


class ApiError(StillhouseError):
    """The server said no; `problem` says why, `problem.errors` names the wrong fields."""

    def __init__(self, problem: Problem) -> None:
        super().__init__("\n".join([problem.detail or problem.title, *map(_line, problem.errors)]))
        self.problem = problem


class InvalidError(ApiError):
    """400, 413, 415 or 422: the request was wrong."""


class SignInError(ApiError):
    """401: there was no token, or one that is not valid (any more)."""


class ForbiddenError(ApiError):
    """403: the token's role does not allow this."""


class NotFoundError(ApiError):
    """404 or 410: there is no such thing."""


class ConflictError(ApiError):
    """409: the present state does not allow this."""


class ChangedError(ConflictError):
    """412: somebody else changed it since it was read."""


class UnavailableError(ApiError):
    """429, 502, 503 or 504: the server, or something that it needs, cannot answer now."""


_KINDS: dict[int, type[ApiError]] = {
    **dict.fromkeys((400, 413, 415, 422, 428), InvalidError),
    401: SignInError,
    403: ForbiddenError,
    **dict.fromkeys((404, 410), NotFoundError),
    409: ConflictError,
    412: ChangedError,
    **dict.fromkeys((429, 502, 503, 504), UnavailableError),
}


def api_error(problem: Problem) -> ApiError:
    return _KINDS.get(problem.status, ApiError)(problem)


def _line(error: FieldError) -> str:
    wanted = f", wanted {error.wanted}" if error.wanted else ""
    return f"  {error.field}: {error.message} (found {error.found!r}{wanted})"
