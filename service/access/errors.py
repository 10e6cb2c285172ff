"""What can be wrong about tokens and sign-ins."""

from __future__ import annotations

from service.errors import Conflict, Forbidden, NotFound, Unauthenticated


class TokenNotFound(NotFound):
    title = "There is no such token"

    def __init__(self, token_id: str) -> None:
        super().__init__(f"there is no token {token_id!r} that you may see")


class NameTaken(Conflict):
    title = "The name is taken"

    def __init__(self, name: str) -> None:
        super().__init__(f"there is already a token named {name!r}; revoke it first, or take another name")


class CodeSpent(Unauthenticated):
    title = "The sign-in link does not work any more"

    def __init__(self) -> None:
        super().__init__(
            "a sign-in link works once and for ten minutes; `stillhouse signin` prints another, or paste a token"
        )


class CrossSite(Forbidden):
    slug = "cross-site"
    title = "The request came from another site"
