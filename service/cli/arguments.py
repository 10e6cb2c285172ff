"""Arguments that several commands share."""

from __future__ import annotations

from typing import Annotated

import typer

from service.cli.complete import job_ids, sweep_ids

JobIdArgument = Annotated[str, typer.Argument(metavar="ID", help="Id of a job or a sweep.", autocompletion=job_ids)]
SweepIdArgument = Annotated[str, typer.Argument(metavar="ID", help="Id of a sweep.", autocompletion=sweep_ids)]
