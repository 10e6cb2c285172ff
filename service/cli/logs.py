"""`stillhouse logs`."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import Annotated

import typer

from service.cli.complete import job_ids
from service.cli.output import AsJson, Server, client_for, hint, print_json, print_json_line
from service.sdk import Client, LogChunk


def logs(
    job_id: Annotated[str, typer.Argument(metavar="ID", help="Id of a job or a sweep.", autocompletion=job_ids)],
    follow: Annotated[bool, typer.Option("--follow", "-f", help="All attempts, until the job has ended.")] = False,
    attempt: Annotated[
        int | None, typer.Option(min=1, help="Number of the attempt, else the newest; of --follow, the first to show.")
    ] = None,
    server: Server = None,
    as_json: AsJson = False,
) -> None:
    """Print the log of a job; with --json --follow one line of JSON for each piece.

    Example: stillhouse logs job-k3v9x2m7qa --follow
    """
    with client_for(server, as_json=as_json) as client:
        if follow:
            for piece in client.jobs.follow_logs(job_id, attempt=attempt):
                if as_json:
                    print_json_line(piece)
                else:
                    _write(piece.text)
            return
        chunks = list(_until_now(client, job_id, attempt)) if as_json else _until_now(client, job_id, attempt)
        number, complete, pieces = attempt or 0, False, []
        for chunk in chunks:
            number, complete = chunk.attempt, chunk.complete
            if as_json:
                pieces.append(chunk.text)
            else:
                _write(chunk.text)
        if as_json:
            print_json({"attempt": number, "text": "".join(pieces), "complete": complete})
        elif number == 0:
            hint("no attempt has begun yet")


def _until_now(client: Client, job_id: str, attempt: int | None) -> Iterator[LogChunk]:
    """The log as far as it is written, all of one attempt."""
    offset, current = 0, attempt
    while True:
        chunk = client.jobs.logs(job_id, offset=offset, attempt=current, limit_bytes=512 * 1024)
        yield chunk
        if chunk.complete or chunk.next_offset == offset:
            return
        offset, current = chunk.next_offset, chunk.attempt or None


def _write(text: str) -> None:
    sys.stdout.write(text)
    sys.stdout.flush()
