"""Who asks: a principal with a role in each project."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated, cast

from fastapi import Depends, Request

from service.access.roles import EVERY_PROJECT, Role
from service.errors import Forbidden

__all__ = ["EVERY_PROJECT", "OWNER", "Principal", "PrincipalDep", "Role"]


@dataclass(frozen=True)
class Principal:
    """A person or a program. `name` is what event logs show; a role under `*` holds in every project."""

    name: str
    roles: Mapping[str, Role]
    token_id: str | None = field(default=None, compare=False)
    expires_at: datetime | None = field(default=None, compare=False)
    session: str | None = field(default=None, compare=False, repr=False)  # hash of the browser's session, if it is one

    def role_in(self, project: str) -> Role | None:
        """The stronger of the role in this project and the role in every project."""
        held = [self.roles[key] for key in (project, EVERY_PROJECT) if key in self.roles]
        return max(held, key=list(Role).index, default=None)

    def may(self, role: Role, project: str) -> bool:
        held = self.role_in(project)
        return held is not None and held.includes(role)

    def may_somewhere(self, role: Role) -> bool:
        return any(held.includes(role) for held in self.roles.values())

    def check(self, role: Role, project: str) -> None:
        """Raises Forbidden unless the principal has this role in this project (`*`: in every project)."""
        if not self.may(role, project):
            where = "every project" if project == EVERY_PROJECT else f"project {project!r}"
            held = self.role_in(project)
            raise Forbidden(f"this needs the role {role} in {where}; {self.name} has {held or 'none'} there")

    def visible_projects(self) -> frozenset[str] | None:
        """Projects of which the principal may read; None means all."""
        return None if EVERY_PROJECT in self.roles else frozenset(self.roles)


OWNER = Principal(name="owner", roles={EVERY_PROJECT: Role.ADMIN})


async def get_principal(request: Request) -> Principal:
    """Who sent the request, as `service.access.authorise` found out before anything else was done."""
    return cast(Principal, request.scope["state"]["principal"])


PrincipalDep = Annotated[Principal, Depends(get_principal)]
