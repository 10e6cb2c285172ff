"""Lists of jobs: what they can be cut down to, their orders, and cursors that stay where they are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, get_args

from sqlalchemy import Boolean, ColumnElement, case, func, literal, tuple_
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

from service.jobs.cursors import is_row_number, read_cursor, write_cursor
from service.jobs.errors import BadCursor
from service.jobs.lifecycle import JobState
from service.jobs.models import JobRow
from service.jobs.schemas import Sort as Sort

SORTS: tuple[str, ...] = get_args(Sort)
# Jobs sorted by state: what happens now, then what waits, then what is over.
_S = JobState
STATE_ORDER = (_S.RUNNING, _S.STARTING, _S.PAUSING, _S.CANCELLING, _S.QUEUED, _S.PAUSED, _S.FAILED, _S.SUCCEEDED)
_RANKS = {state.value: rank for rank, state in enumerate((*STATE_ORDER, _S.CANCELLED))}


@dataclass(frozen=True)
class JobFilter:
    """Which jobs a list shows. `visible` are the projects that the reader may see; None means all."""

    states: tuple[JobState, ...] = ()
    kind: str | None = None
    projects: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    teacher: str | None = None
    student: str | None = None
    text: str | None = None
    visible: frozenset[str] | None = None

    def conditions(self) -> list[ColumnElement[bool]]:
        found: list[ColumnElement[bool]] = []
        if self.states:
            found.append(JobRow.state.in_([state.value for state in self.states]))
        if self.kind is not None:
            found.append(JobRow.kind == self.kind)
        if self.projects:
            found.append(JobRow.project.in_(self.projects))
        if self.visible is not None:
            found.append(JobRow.project.in_(sorted(self.visible)))
        found += [has_item(JobRow.tags, tag) for tag in self.tags]
        if self.teacher:
            found.append(func.lower(JobRow.teacher).contains(self.teacher.lower(), autoescape=True))
        if self.student:
            found.append(func.lower(JobRow.student).contains(self.student.lower(), autoescape=True))
        if self.text:
            found.append(JobRow.search.contains(self.text.casefold(), autoescape=True))
        return found


class has_item(FunctionElement[bool]):  # noqa: N801 - a function of SQL
    """Whether a JSON list of texts holds a text."""

    type = Boolean()
    inherit_cache = True


@compiles(has_item, "sqlite")
def _has_item_in_sqlite(element: has_item, compiler: SQLCompiler, **options: Any) -> str:
    column, item = (compiler.process(part, **options) for part in element.clauses)
    return f"EXISTS (SELECT 1 FROM json_each({column}) WHERE value = {item})"


@compiles(has_item, "postgresql")
def _has_item_in_postgresql(element: has_item, compiler: SQLCompiler, **options: Any) -> str:
    column, item = (compiler.process(part, **options) for part in element.clauses)
    return f"jsonb_exists({column}, {item})"


@dataclass(frozen=True)
class Position:
    """Where a page ends: the sort key of its last row, and that row's number, which tells equal keys apart."""

    sort: Sort
    key: str | int | float
    seq: int


def order_by(sort: Sort) -> tuple[ColumnElement[Any], ColumnElement[Any]]:
    key = _key(sort)
    if sort.startswith("-"):
        return key.desc(), JobRow.seq.desc()
    return key.asc(), JobRow.seq.asc()


def beyond(position: Position) -> ColumnElement[bool]:
    """What comes after a position, in its order."""
    key: Any = datetime.fromisoformat(str(position.key)) if _is_moment(position.sort) else position.key
    column = _key(position.sort)
    here = tuple_(column, JobRow.seq)
    there = tuple_(literal(key, column.type), literal(position.seq))
    return here < there if position.sort.startswith("-") else here > there


def position_of(row: JobRow, sort: Sort) -> Position:
    keys: Mapping[str, Any] = {
        "created": row.seq,
        "updated": row.updated_at.isoformat(),
        "priority": row.priority,
        "name": row.name.lower(),
        "state": _RANKS[row.state],
        "ap": _no_ap(sort) if row.best_ap is None else row.best_ap,
    }
    return Position(sort, keys[sort.removeprefix("-")], row.seq)


def _key(sort: Sort) -> ColumnElement[Any]:
    match sort.removeprefix("-"):
        case "updated":
            return JobRow.updated_at.expression
        case "priority":
            return JobRow.priority.expression
        case "name":
            return func.lower(JobRow.name)
        case "state":
            return case(_RANKS, value=JobRow.state, else_=len(_RANKS))
        case "ap":
            return func.coalesce(JobRow.best_ap, _no_ap(sort))
        case _:
            return JobRow.seq.expression


def _no_ap(sort: Sort) -> float:
    """Jobs without an AP come last, whatever the direction."""
    return -1.0 if sort == "-ap" else 1000.0


def _is_moment(sort: Sort) -> bool:
    return sort.endswith("updated")


def cursor_after(row: JobRow, sort: Sort) -> str:
    here = position_of(row, sort)
    return write_cursor(sort, here.key, here.seq)


def position_at(cursor: str, sort: Sort) -> Position:
    """Raises BadCursor where it is none of ours, or one of another order."""
    match read_cursor(cursor):
        case [str(of_sort), _, _] if of_sort in SORTS and of_sort != sort:
            raise BadCursor(cursor, why=f"it belongs to a list sorted by {of_sort}, this one is sorted by {sort}")
        case [str(of_sort), key, seq] if of_sort == sort and _is_key(sort, key) and is_row_number(seq):
            return Position(sort, key, seq)
    raise BadCursor(cursor)


def _is_key(sort: Sort, key: object) -> bool:
    if sort.endswith("name"):
        return isinstance(key, str) and "\x00" not in key
    if not _is_moment(sort):
        return isinstance(key, int | float) and not isinstance(key, bool) and abs(key) < 2**63
    try:
        return isinstance(key, str) and datetime.fromisoformat(key).tzinfo is not None
    except ValueError:
        return False
