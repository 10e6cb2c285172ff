"""Query parameters of lists of jobs, from HTTP to a filter."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated

from fastapi import Depends, Query
from pydantic import StringConstraints

from service.access.principal import PrincipalDep
from service.jobs.lifecycle import JobState
from service.jobs.listing import JobFilter, Sort
from service.jobs.schemas import JobKind

PLAIN = r"^[^\x00-\x1f\x7f]*$"
Word = Annotated[str, StringConstraints(min_length=1, max_length=100, pattern=PLAIN)]
Part = Annotated[str, StringConstraints(max_length=200, pattern=PLAIN)]

Limit = Annotated[int, Query(ge=1, le=200, description="Items per page.")]
Cursor = Annotated[
    str | None,
    Query(max_length=1000, pattern=PLAIN, description="`next_cursor` of the page before, of the same list."),
]
SortBy = Annotated[
    Sort,
    Query(
        description="What to sort by; a minus turns the order round. `ap` is the best AP; `state` has what runs first, "
        "then what waits, then what is over."
    ),
]
States = Annotated[list[JobState] | None, Query(description="Jobs in this state; may be given several times.")]
Projects = Annotated[
    list[Word] | None,
    Query(alias="project", max_length=50, description="Jobs of this project; may be given several times."),
]
Tags = Annotated[
    list[Word] | None,
    Query(alias="tag", max_length=20, description="Jobs with this tag; given several times, jobs with all of them."),
]
Teacher = Annotated[Part | None, Query(description="Part of the teacher's model or weights file.")]
Student = Annotated[Part | None, Query(description="Part of the student's detector and backbone.", examples=["resnet"])]
Text = Annotated[Part | None, Query(description="Part of a name, id, project or tag; case does not matter.")]


async def sweeps_shown(
    principal: PrincipalDep,
    state: States = None,
    project: Projects = None,
    tag: Tags = None,
    teacher: Teacher = None,
    student: Student = None,
    text: Text = None,
) -> JobFilter:
    return JobFilter(
        states=tuple(state or ()),
        kind="sweep",
        projects=tuple(project or ()),
        tags=tuple(tag or ()),
        teacher=teacher,
        student=student,
        text=text,
        visible=principal.visible_projects(),
    )


async def jobs_shown(
    both: Annotated[JobFilter, Depends(sweeps_shown)],
    kind: Annotated[JobKind | None, Query(description="Only jobs, or only sweeps.")] = None,
) -> JobFilter:
    return replace(both, kind=kind)


JobsShown = Annotated[JobFilter, Depends(jobs_shown)]
SweepsShown = Annotated[JobFilter, Depends(sweeps_shown)]
