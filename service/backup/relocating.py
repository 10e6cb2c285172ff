"""Paths below a storage that lies elsewhere now: weights of students and uploads, and specs that name them."""

from __future__ import annotations

from typing import Any

from sqlalchemy import MetaData, Table, select, update

from service.backup.databases import opened

# The columns that hold such paths, also of databases that an older version made, with what names a row.
_WITH_PATHS = {"model_versions": ("id", ("weights",)), "jobs": ("seq", ("spec", "teacher"))}


def relocate(url: str, before: str, now: str) -> int:
    """Make rows of the restored database name files below `now`; returns how many rows were changed."""
    if before == now:
        return 0
    changed = 0
    with opened(url) as database, database.begin() as connection:
        for name, (key, columns) in _WITH_PATHS.items():
            table = Table(name, MetaData(), autoload_with=connection)
            for row in connection.execute(select(table.c[key], *(table.c[column] for column in columns))).all():
                values = row._asdict()
                moved = {column: _moved(values[column], f"{before}/", f"{now}/") for column in columns}
                if any(moved[column] != values[column] for column in columns):
                    connection.execute(update(table).where(table.c[key] == values[key]).values(moved))
                    changed += 1
    return changed


def _moved(value: Any, before: str, now: str) -> Any:
    if isinstance(value, str):
        return now + value.removeprefix(before) if value.startswith(before) else value
    if isinstance(value, dict):
        return {key: _moved(each, before, now) for key, each in value.items()}
    return [_moved(each, before, now) for each in value] if isinstance(value, list) else value
