"""Commands about jobs and sweeps."""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import Annotated

import typer
from rich.text import Text

from service.cli.output import JOB_FAILED, AsJson, Server, err, out, print_json, readable_errors
from service.cli.render import job_details, job_table, trial_table
from service.cli.spec_files import SpecFileError, read_spec
from service.cli.watch import watch_job
from service.jobs.lifecycle import JobState
from service.sdk import Client, Job

SpecFile = Annotated[Path, typer.Argument(help="YAML or JSON file with the spec.")]
Changes = Annotated[
    list[str] | None, typer.Option("--set", help="Change a field, as in training.num_steps=100; may be repeated.")
]
Watch = Annotated[bool, typer.Option("--watch", help="Wait for the end; the exit code tells how it went.")]
Key = Annotated[str | None, typer.Option("--key", help="Idempotency key: the same key gives the same job.")]
JobIdArgument = Annotated[str, typer.Argument(help="Id of a job or a sweep.")]


def submit(
    file: SpecFile,
    changes: Changes = None,
    watch: Watch = False,
    key: Key = None,
    server: Server = None,
    as_json: AsJson = False,
) -> None:
    """Submit a job (or a sweep, where the file's kind says so)."""
    with readable_errors(as_json=as_json):
        _submit(file, changes or [], watch, key, server, as_json=as_json, kind=None)


def sweep(
    file: SpecFile,
    changes: Changes = None,
    watch: Watch = False,
    key: Key = None,
    server: Server = None,
    as_json: AsJson = False,
) -> None:
    """Submit a sweep."""
    with readable_errors(as_json=as_json):
        _submit(file, changes or [], watch, key, server, as_json=as_json, kind="sweep")


def _submit(
    file: Path, changes: list[str], watch: bool, key: str | None, server: str | None, *, as_json: bool, kind: str | None
) -> None:
    spec = read_spec(file, changes)
    found = str(spec.get("kind", "sweep" if "space" in spec else "job"))
    if kind is not None and found != kind:
        raise SpecFileError(f"{file} is a {found}, wanted a {kind}: it has no search space (the key `space`)")
    with Client(server) as client:
        send = client.sweeps.submit if found == "sweep" else client.jobs.submit
        job = send(spec, idempotency_key=key)
        if not as_json:
            out().print(job.id, markup=False)
        if watch:
            job = watch_job(client, job.id, quiet=as_json)
        elif not as_json:
            err().print(Text(f"queued; follow it with: stillhouse watch {job.id}", style="dim"))
        _finish(job, watched=watch, as_json=as_json)


def _finish(job: Job, *, watched: bool, as_json: bool) -> None:
    if as_json:
        print_json(job)
    elif watched:
        out().print(job_details(job))
    if watched and job.state != JobState.SUCCEEDED:
        raise typer.Exit(JOB_FAILED)


def list_jobs(
    state: Annotated[list[JobState] | None, typer.Option(help="Only these states; may be repeated.")] = None,
    kind: Annotated[str | None, typer.Option(help="job or sweep.")] = None,
    project: Annotated[str | None, typer.Option(help="Only this project.")] = None,
    text: Annotated[str | None, typer.Option(help="Part of a name, id or project.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=200, help="At most so many.")] = 20,
    server: Server = None,
    as_json: AsJson = False,
) -> None:
    """List jobs and sweeps, newest first."""
    if kind not in (None, "job", "sweep"):
        raise typer.BadParameter(f"{kind!r} is no kind, wanted: job or sweep", param_hint="--kind")
    with readable_errors(as_json=as_json), Client(server) as client:
        page = client.jobs.list(
            state=state or (),
            kind=kind,  # type: ignore[arg-type]  # checked above
            project=project,
            text=text,
            limit=limit,
        )
        if as_json:
            print_json(page)
        elif page.items:
            out().print(job_table(page.items))
        else:
            err().print(Text("no jobs; submit one with: stillhouse submit FILE", style="dim"))


def show(job_id: JobIdArgument, server: Server = None, as_json: AsJson = False) -> None:
    """Show one job or sweep."""
    with readable_errors(as_json=as_json), Client(server) as client:
        job = client.jobs.get(job_id)
        if as_json:
            print_json(job)
        else:
            out().print(job_details(job))


def watch(job_id: JobIdArgument, server: Server = None, as_json: AsJson = False) -> None:
    """Wait for the end of a job; exit code 1 where it did not succeed."""
    with readable_errors(as_json=as_json), Client(server) as client:
        _finish(watch_job(client, job_id, quiet=as_json), watched=True, as_json=as_json)


def logs(
    job_id: JobIdArgument,
    follow: Annotated[bool, typer.Option("--follow", "-f", help="Go on until the attempt has ended.")] = False,
    attempt: Annotated[int | None, typer.Option(min=1, help="Number of the attempt, else the newest.")] = None,
    server: Server = None,
    as_json: AsJson = False,
) -> None:
    """Print the log of a job."""
    with readable_errors(as_json=as_json), Client(server) as client:
        offset, current, pieces = 0, attempt, []
        while True:
            chunk = client.jobs.logs(job_id, offset=offset, attempt=attempt)
            if attempt is None and current not in (None, chunk.attempt) and offset:
                offset = 0  # a new attempt has begun: its log from the start
                current = chunk.attempt
                continue
            current = chunk.attempt or None
            pieces.append(chunk.text)
            if not as_json:
                sys.stdout.write(chunk.text)
                sys.stdout.flush()
            moved = chunk.next_offset > offset
            offset = chunk.next_offset
            if chunk.complete or (not moved and not follow):
                break
            if not moved:
                time.sleep(0.5)
        if as_json:
            print_json({"attempt": current or 0, "text": "".join(pieces), "complete": chunk.complete})


def cancel(job_id: JobIdArgument, server: Server = None, as_json: AsJson = False) -> None:
    """End a job or a sweep."""
    with readable_errors(as_json=as_json), Client(server) as client:
        job = client.jobs.cancel(job_id)
        if as_json:
            print_json(job)
        else:
            out().print(f"{job.id} is {job.state}", markup=False)


def trials(sweep_id: Annotated[str, typer.Argument()], server: Server = None, as_json: AsJson = False) -> None:
    """List the trials of a sweep."""
    with readable_errors(as_json=as_json), Client(server) as client:
        found = client.sweeps.trials(sweep_id)
        if as_json:
            print_json(found)
        elif found.items:
            out().print(trial_table(found.items))
        else:
            err().print(Text("no trials yet", style="dim"))
