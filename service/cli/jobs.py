"""Commands that look at jobs and sweeps, and change them."""

from __future__ import annotations

from collections.abc import Callable
from itertools import islice
from typing import Annotated, Literal, get_args

import typer
import yaml
from rich.text import Text

from service.cli.arguments import JobIdArgument, SweepIdArgument
from service.cli.complete import job_ids
from service.cli.exits import Exit, exit_code
from service.cli.output import AsJson, Server, client_for, hint, out, print_error, print_json, print_json_line
from service.cli.render import answers_details, event_table, job_details, job_table, state_text, trial_table
from service.cli.submit import Timeout, finish
from service.cli.watch import watch_job
from service.sdk import CountFilters, Job, JobCounts, JobPage, JobState, Sort, StillhouseError

LARGEST_PAGE = 200
JobIdArguments = Annotated[
    list[str], typer.Argument(metavar="ID...", help="Ids of jobs or sweeps.", autocompletion=job_ids)
]


def list_jobs(
    state: Annotated[list[JobState] | None, typer.Option(help="Only these states; may be repeated.")] = None,
    kind: Annotated[Literal["job", "sweep"] | None, typer.Option(help="Only jobs, or only sweeps.")] = None,
    project: Annotated[list[str] | None, typer.Option(help="Only this project; may be repeated.")] = None,
    tag: Annotated[list[str] | None, typer.Option(help="Only with this tag; repeated, with all of them.")] = None,
    teacher: Annotated[str | None, typer.Option(help="Part of the teacher's model or weights file.")] = None,
    student: Annotated[str | None, typer.Option(help="Part of the student's detector and backbone.")] = None,
    text: Annotated[str | None, typer.Option(help="Part of a name, id, project or tag.")] = None,
    sort: Annotated[Sort | None, typer.Option(metavar="ORDER", help=f"One of: {', '.join(get_args(Sort))}.")] = None,
    limit: Annotated[int, typer.Option(min=1, help="At most so many.")] = 20,
    everything: Annotated[bool, typer.Option("--all", help="No limit.")] = False,
    count: Annotated[bool, typer.Option("--count", help="Print how many there are in each state.")] = False,
    server: Server = None,
    as_json: AsJson = False,
) -> None:
    """List jobs and sweeps, newest first.

    Example: stillhouse list --state running --tag parts --sort -ap --json
    """
    filters = CountFilters(
        state=state, kind=kind, project=project, tag=tag, teacher=teacher, student=student, text=text
    )
    with client_for(server, as_json=as_json) as client:
        if count:
            _show_counts(client.jobs.counts(**filters), as_json=as_json)
            return
        if everything or limit > LARGEST_PAGE:
            items = list(islice(client.jobs.each(**filters, sort=sort), None if everything else limit))
            page = JobPage(items=items, next_cursor=None)
        else:
            page = client.jobs.list(limit=limit, **filters, sort=sort)
    if as_json:
        print_json(page)
    elif not page.items:
        hint("no jobs that fit" if any(filters.values()) else "no jobs; submit one with: stillhouse submit SPEC")
    else:
        out().print(job_table(page.items))
        if page.next_cursor is not None:
            hint(f"the first {limit}; --all shows the others too")


def _show_counts(counts: JobCounts, *, as_json: bool) -> None:
    if as_json:
        print_json(counts)
        return
    for state, number in counts.by_state.items():
        if number:
            out().print(Text.assemble(f"{number:>6}  ", state_text(state)))
    out().print(f"{counts.total:>6}  in all")


def show(
    job_id: JobIdArgument,
    spec: Annotated[bool, typer.Option("--spec", help="Print the spec alone, as YAML that can be submitted.")] = False,
    events: Annotated[bool, typer.Option("--events", help="Print what has happened to the job.")] = False,
    server: Server = None,
    as_json: AsJson = False,
) -> None:
    """Show one job or sweep: state and reason, metrics, attempts.

    Example: stillhouse show job-k3v9x2m7qa --spec > again.yaml
    """
    if spec and events:
        raise typer.BadParameter("choose one of --spec and --events")
    with client_for(server, as_json=as_json) as client:
        if events:
            found = list(client.jobs.each_event(job_id))
            if as_json:
                print_json({"items": [event.model_dump(mode="json") for event in found]})
            else:
                out().print(event_table(found))
            return
        job = client.jobs.get(job_id)
    document = job.spec.model_dump(mode="json") if spec else job
    if as_json:
        print_json(document)
    elif spec:
        out().print(yaml.safe_dump(document, sort_keys=False, allow_unicode=True), markup=False, end="")
    else:
        out().print(job_details(job))


def watch(job_id: JobIdArgument, timeout_s: Timeout = None, server: Server = None, as_json: AsJson = False) -> None:
    """Wait for the end of a job; exit code 1 where it did not succeed. With --json one line for each change.

    Example: stillhouse watch job-k3v9x2m7qa --timeout 3600
    """
    with client_for(server, as_json=as_json) as client:
        finish(watch_job(client, job_id, timeout_s=timeout_s, as_json=as_json), as_json=as_json)


def cancel(ids: JobIdArguments, server: Server = None, as_json: AsJson = False) -> None:
    """End jobs or sweeps. With --json one line for each.

    Example: stillhouse cancel job-k3v9x2m7qa
    """
    with client_for(server, as_json=as_json) as client:
        _each(ids, client.jobs.cancel, as_json=as_json)


def pause(ids: JobIdArguments, server: Server = None, as_json: AsJson = False) -> None:
    """Free what jobs hold and keep their checkpoints, until they are resumed. With --json one line for each.

    Example: stillhouse pause job-k3v9x2m7qa
    """
    with client_for(server, as_json=as_json) as client:
        _each(ids, client.jobs.pause, as_json=as_json)


def resume(ids: JobIdArguments, server: Server = None, as_json: AsJson = False) -> None:
    """Queue paused jobs again; they go on from their newest checkpoints. With --json one line for each.

    Example: stillhouse resume job-k3v9x2m7qa
    """
    with client_for(server, as_json=as_json) as client:
        _each(ids, client.jobs.resume, as_json=as_json)


def retry(
    ids: JobIdArguments,
    from_scratch: Annotated[bool, typer.Option("--from-scratch", help="Begin again, without the checkpoint.")] = False,
    server: Server = None,
    as_json: AsJson = False,
) -> None:
    """Queue failed or cancelled jobs again; they go on from their newest checkpoints. With --json one line for each.

    Example: stillhouse retry job-k3v9x2m7qa --from-scratch
    """
    with client_for(server, as_json=as_json) as client:
        _each(ids, lambda job_id: client.jobs.retry(job_id, from_scratch=from_scratch), as_json=as_json)


def trials(sweep_id: SweepIdArgument, server: Server = None, as_json: AsJson = False) -> None:
    """List the trials of a sweep.

    Example: stillhouse trials sweep-k3v9x2m7qa
    """
    with client_for(server, as_json=as_json) as client:
        found = client.sweeps.trials(sweep_id)
    if as_json:
        print_json(found)
    elif found.items:
        out().print(trial_table(found.items))
    else:
        hint("no trials yet")


def answers(sweep_id: SweepIdArgument, server: Server = None, as_json: AsJson = False) -> None:
    """Show what a sweep has found so far: the verdict, which dimensions matter, what it cost.

    Example: stillhouse answers sweep-k3v9x2m7qa
    """
    with client_for(server, as_json=as_json) as client:
        found = client.sweeps.answers(sweep_id)
    if as_json:
        print_json(found)
    else:
        out().print(answers_details(found))


def _each(ids: list[str], act: Callable[[str], Job], *, as_json: bool) -> None:
    """Do one thing to several jobs. One that refuses does not hold up the others; its code ends the command."""
    code = Exit.OK
    for job_id in ids:
        try:
            job = act(job_id)
        except StillhouseError as error:
            print_error(error, as_json=as_json)
            code = code or exit_code(error)
            continue
        if as_json:
            print_json_line(job)
        else:
            out().print(f"{job.id} is {job.state}", markup=False)
    if code:
        raise typer.Exit(code)
