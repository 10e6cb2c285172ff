"""Roles: what one may do in a project."""

from __future__ import annotations

from enum import StrEnum

EVERY_PROJECT = "*"


class Role(StrEnum):
    """What one may do in a project; each role includes those before it."""

    VIEWER = "viewer"
    EDITOR = "editor"
    ADMIN = "admin"

    def includes(self, other: Role) -> bool:
        order = list(Role)
        return order.index(self) >= order.index(other)
