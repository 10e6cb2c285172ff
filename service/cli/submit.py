"""`stillhouse submit` and `stillhouse sweep`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

import typer
import yaml
from pydantic import ValidationError

from service.cli import overrides
from service.cli.complete import specs
from service.cli.exits import Exit
from service.cli.output import AsJson, InvalidSpec, Server, client_for, hint, out, print_json, readable_errors
from service.cli.render import job_details
from service.cli.spec_files import SpecFileError, check_plain, kind_of, read_spec
from service.cli.watch import watch_job
from service.sdk import Client, Job, JobSpec, JobState, SweepSpec
from service.validation import non_finite, validation_errors

SpecSource = Annotated[
    str,
    typer.Argument(
        metavar="SPEC",
        help="YAML or JSON file, - for standard input, or a recipe such as digits/tuned.",
        autocompletion=specs,
    ),
]
Changes = Annotated[
    list[str] | None,
    typer.Option(
        "--set",
        metavar="PATH=VALUE",
        help="Change a field, as in num_steps=100 or student.backbone.width=32; may be repeated.",
    ),
]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Check the spec here and print it whole; send nothing.")]
Watch = Annotated[bool, typer.Option("--watch", help="Wait for the end; the exit code tells how it went.")]
Timeout = Annotated[
    float | None, typer.Option("--timeout", min=0, metavar="SECONDS", help="Watch no longer than this.")
]
Key = Annotated[str | None, typer.Option("--key", help="Idempotency key: the same key gives the same job.")]


def submit(
    source: SpecSource,
    changes: Changes = None,
    dry_run: DryRun = False,
    watch: Watch = False,
    timeout_s: Timeout = None,
    key: Key = None,
    server: Server = None,
    as_json: AsJson = False,
) -> None:
    """Submit a job, or a sweep where the spec says so. Prints its id.

    Example: stillhouse submit digits/tuned --set student.backbone.width=32 --watch
    """
    with readable_errors(as_json=as_json):
        document = _document(source, changes, wanted=None)
        if dry_run:
            _show_whole(source, document, as_json=as_json)
        else:
            _send(document, key, server, watch=watch, timeout_s=timeout_s, as_json=as_json)


def sweep(
    source: SpecSource,
    changes: Changes = None,
    dry_run: DryRun = False,
    watch: Watch = False,
    timeout_s: Timeout = None,
    key: Key = None,
    server: Server = None,
    as_json: AsJson = False,
) -> None:
    """Submit a sweep; a job's spec is refused.

    Example: stillhouse sweep digits/sweep --set num_trials=20
    """
    with readable_errors(as_json=as_json):
        document = _document(source, changes, wanted="sweep")
        if dry_run:
            _show_whole(source, document, as_json=as_json)
        else:
            _send(document, key, server, watch=watch, timeout_s=timeout_s, as_json=as_json)


def _document(source: str, changes: list[str] | None, *, wanted: str | None) -> dict[str, Any]:
    document = read_spec(source)
    overrides.apply(document, changes or [])
    check_plain(document, source)
    found = kind_of(document)
    if wanted is not None and found != wanted:
        raise SpecFileError(f"{source} is a {found}, wanted a {wanted}: it has no search space (the key `space`)")
    return document


def resolved(source: str, document: Mapping[str, Any]) -> JobSpec | SweepSpec:
    """The spec with all its defaults. Raises InvalidSpec as the service would refuse it."""
    model: type[JobSpec] | type[SweepSpec] = SweepSpec if kind_of(dict(document)) == "sweep" else JobSpec
    try:
        spec = model.model_validate(document)
    except ValidationError as error:
        raise InvalidSpec(source, validation_errors(error, model=model, document=document)) from error
    if wrong := non_finite(spec):
        raise InvalidSpec(source, wrong)
    return spec


def _show_whole(source: str, document: dict[str, Any], *, as_json: bool) -> None:
    spec = resolved(source, document).model_dump(mode="json")
    if as_json:
        print_json(spec)
    else:
        out().print(yaml.safe_dump(spec, sort_keys=False, allow_unicode=True), markup=False, end="")
        hint(f"valid; without --dry-run this {spec['kind']} would be queued")


def _send(
    document: dict[str, Any],
    key: str | None,
    server: str | None,
    *,
    watch: bool,
    timeout_s: float | None,
    as_json: bool,
) -> None:
    with client_for(server, as_json=as_json) as client:
        resource = client.sweeps if kind_of(document) == "sweep" else client.jobs
        job = resource.submit(document, idempotency_key=key)
        tell(client, job, watch=watch, timeout_s=timeout_s, as_json=as_json)


def tell(client: Client, job: Job, *, watch: bool, timeout_s: float | None, as_json: bool, advice: str = "") -> None:
    """Print the id of a job that was queued, and watch it where that is asked for."""
    if not as_json:
        out().print(job.id, markup=False)
    if watch:
        finish(watch_job(client, job.id, timeout_s=timeout_s, as_json=as_json), as_json=as_json)
    elif as_json:
        print_json(job)
    else:
        hint(f"queued; {advice or f'follow it with: stillhouse watch {job.id}'}")


def finish(job: Job, *, as_json: bool) -> None:
    """Show a job that was watched to its end, and tell by the exit code how it went."""
    if not as_json:
        out().print(job_details(job))
    if job.state != JobState.SUCCEEDED:
        raise typer.Exit(Exit.FAILED)
