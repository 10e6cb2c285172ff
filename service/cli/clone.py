"""`stillhouse clone` and `stillhouse change`."""

from __future__ import annotations

import copy
from collections.abc import Sequence
from typing import Annotated, Any

import typer
from pydantic import BaseModel

from service.cli import overrides
from service.cli.arguments import JobIdArgument
from service.cli.output import AsJson, Server, client_for, out, print_json
from service.cli.spec_files import check_plain
from service.cli.submit import Changes, Key, Timeout, Watch, tell
from service.sdk import JobChanges


def clone(
    job_id: JobIdArgument,
    changes: Changes = None,
    watch: Watch = False,
    timeout_s: Timeout = None,
    key: Key = None,
    server: Server = None,
    as_json: AsJson = False,
) -> None:
    """Queue a new job with the spec of another one, changed. Prints its id.

    Example: stillhouse clone job-k3v9x2m7qa --set name="more steps" --set num_steps=1600
    """
    with client_for(server, as_json=as_json) as client:
        edits = edits_of(client.jobs.get(job_id).spec, changes, source=job_id)
        job = client.jobs.clone(job_id, edits, idempotency_key=key)
        advice = f"`stillhouse compare {job_id} {job.id}` shows what is different"
        tell(client, job, watch=watch, timeout_s=timeout_s, as_json=as_json, advice=advice)


def edits_of(spec: BaseModel, changes: Sequence[str] | None, *, source: str) -> dict[str, Any]:
    """The merge patch that `--set` makes of the spec of `source`."""
    before = spec.model_dump(mode="json")
    after = copy.deepcopy(before)
    overrides.apply(after, changes or [])
    check_plain(after, source)
    return merge_patch(before, after)


def merge_patch(before: dict[str, Any], after: dict[str, Any]) -> dict[str, Any]:
    """The JSON merge patch (RFC 7396) that makes `after` of `before`."""
    patch: dict[str, Any] = {key: None for key in before if key not in after}
    for key, value in after.items():
        old = before.get(key)
        if key not in before or type(old) is not type(value) or old != value:
            whole = not (isinstance(old, dict) and isinstance(value, dict))
            patch[key] = value if whole else merge_patch(old, value)  # type: ignore[arg-type]  # checked above
    return patch


def change(
    job_id: JobIdArgument,
    name: Annotated[str | None, typer.Option(help="A new name.")] = None,
    priority: Annotated[int | None, typer.Option(help="From -100 to 100; higher goes first.")] = None,
    tag: Annotated[list[str] | None, typer.Option(help="The tags that it shall have; may be repeated.")] = None,
    no_tags: Annotated[bool, typer.Option("--no-tags", help="Take all tags away.")] = False,
    server: Server = None,
    as_json: AsJson = False,
) -> None:
    """Change name, priority or tags of a job; the queue follows at once.

    Example: stillhouse change job-k3v9x2m7qa --priority 10 --tag urgent
    """
    wanted = JobChanges()
    if name is not None:
        wanted["name"] = name
    if priority is not None:
        wanted["priority"] = priority
    if tag or no_tags:
        wanted["tags"] = tag or []
    if not wanted or (tag and no_tags):
        raise typer.BadParameter("say what shall change: --name, --priority, --tag or --no-tags")
    with client_for(server, as_json=as_json) as client:
        job = client.jobs.change(job_id, **wanted)
    if as_json:
        print_json(job)
    else:
        out().print(
            f"{job.id} is {job.name!r}, priority {job.priority}, tags: {', '.join(job.tags) or 'none'}", markup=False
        )
