"""Every operation says what rights it needs; roles include each other."""

from __future__ import annotations

import pytest

from service.access import table
from service.access.principal import EVERY_PROJECT, Principal, Role
from service.access.rights import NEEDS
from service.app import create_app
from service.errors import Forbidden


def test_every_operation_has_its_needs_and_no_other_has() -> None:
    operations = {
        operation["operationId"] for path in create_app().openapi()["paths"].values() for operation in path.values()
    }
    assert set(NEEDS) == operations


def test_the_page_about_rights_has_the_table_that_is_enforced() -> None:
    page = table.TARGET.read_text(encoding="utf-8")
    assert page == table.page_with_table(page), "run: make openapi"
    assert all(f"`{operation}`" in page for operation in NEEDS)


def test_a_role_in_every_project_holds_in_each() -> None:
    principal = Principal("ada", {EVERY_PROJECT: Role.VIEWER, "cars": Role.ADMIN})
    assert principal.may(Role.ADMIN, "cars")
    assert principal.may(Role.VIEWER, "boats")
    assert not principal.may(Role.EDITOR, "boats")
    assert principal.visible_projects() is None


def test_a_missing_role_is_named() -> None:
    principal = Principal("ada", {"cars": Role.VIEWER})
    principal.check(Role.VIEWER, "cars")
    with pytest.raises(Forbidden, match="needs the role editor in project 'cars'; ada has viewer there"):
        principal.check(Role.EDITOR, "cars")
    with pytest.raises(Forbidden, match="ada has none there"):
        principal.check(Role.VIEWER, "boats")
    assert principal.visible_projects() == {"cars"}
