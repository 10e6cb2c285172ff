"""`stillhouse sweeps`: steering a sweep while it runs, and what is made of its results."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated

import typer

from service.cli.arguments import SweepIdArgument
from service.cli.clone import edits_of
from service.cli.models import Alias, Note, show_model
from service.cli.output import AsJson, Server, client_for, hint, out, print_json
from service.cli.submit import Changes, Key, Timeout, Watch, tell
from service.sdk import StillhouseError, Sweep, SweepSpec
from workers.spec.space import Dimension, Value, values_of

app = typer.Typer(help="Steer a sweep while it runs, and make something of its results.", no_args_is_help=True)
TrialNumber = Annotated[int, typer.Argument(metavar="TRIAL", min=1, help="Number of a trial.")]


@app.command("steer")
def steer(
    sweep_id: SweepIdArgument,
    add: Annotated[
        list[str] | None,
        typer.Option(
            metavar="PATH=VALUE,...",
            help="Run a trial with these values of dimensions, such as num_steps=800; what is left out is sampled. "
            "May be repeated.",
        ),
    ] = None,
    more_trials: Annotated[
        int, typer.Option("--more-trials", min=0, metavar="COUNT", help="Search so many trials beyond its number.")
    ] = 0,
    more_hours: Annotated[
        float,
        typer.Option("--more-gpu-hours", min=0, metavar="HOURS", help="Add to the budget of GPU or core hours."),
    ] = 0,
    more_wall_s: Annotated[
        float, typer.Option("--more-time", min=0, metavar="SECONDS", help="Add to the budget of time.")
    ] = 0,
    end_search: Annotated[
        bool, typer.Option("--end-search", help="Start no further trial of the search; repeats follow.")
    ] = False,
    server: Server = None,
    as_json: AsJson = False,
) -> None:
    """Add trials or budget to a running sweep, or end its search. Requests add up; the sweep follows within seconds.

    Example: stillhouse sweeps steer sweep-k3v9x2m7qa --more-trials 10
    """
    if not (add or more_trials or more_hours or more_wall_s or end_search):
        raise typer.BadParameter(
            "say what the sweep shall do: --add, --more-trials, --more-gpu-hours, --more-time or --end-search"
        )
    with client_for(server, as_json=as_json) as client:
        space = _space(client.sweeps.get(sweep_id)) if add else {}
        trials = [_values(text, space) for text in add or []]
        found = client.sweeps.steer(
            sweep_id,
            added_trials=trials,
            more_trials=more_trials,
            more_wall_s=more_wall_s,
            more_gpu_hours=more_hours,
            end_search=end_search,
        )
    _tell(found, "is told; it follows within seconds", as_json=as_json)


@app.command("stop")
def stop(sweep_id: SweepIdArgument, number: TrialNumber, server: Server = None, as_json: AsJson = False) -> None:
    """End one trial at its next evaluation; the sweep goes on.

    Example: stillhouse sweeps stop sweep-k3v9x2m7qa 7
    """
    with client_for(server, as_json=as_json) as client:
        found = client.sweeps.stop_trial(sweep_id, number)
    _tell(found, f"ends trial {number} at its next evaluation", as_json=as_json)


@app.command("retrain")
def retrain(
    sweep_id: SweepIdArgument,
    trial: Annotated[int | None, typer.Option(min=1, help="Number of a trial, else the winner.")] = None,
    steps: Annotated[int | None, typer.Option(min=1, help="Train so many steps, else as many as in the sweep.")] = None,
    seed: Annotated[int | None, typer.Option(min=0, help="Another seed.")] = None,
    name: Annotated[str | None, typer.Option(help="Name of the job, else that of the sweep and the trial.")] = None,
    watch: Watch = False,
    timeout_s: Timeout = None,
    key: Key = None,
    server: Server = None,
    as_json: AsJson = False,
) -> None:
    """Submit the winner of a sweep, or another trial, as a job of its own. Prints its id.

    Example: stillhouse sweeps retrain sweep-k3v9x2m7qa --steps 20000 --watch
    """
    with client_for(server, as_json=as_json) as client:
        job = client.sweeps.retrain(sweep_id, trial=trial, num_steps=steps, seed=seed, name=name, idempotency_key=key)
        tell(client, job, watch=watch, timeout_s=timeout_s, as_json=as_json)


@app.command("fork")
def fork(
    sweep_id: SweepIdArgument,
    changes: Changes = None,
    watch: Watch = False,
    timeout_s: Timeout = None,
    key: Key = None,
    server: Server = None,
    as_json: AsJson = False,
) -> None:
    """Queue a sweep with a changed spec that starts from what another one has found. Prints its id.

    Example: stillhouse sweeps fork sweep-k3v9x2m7qa --set num_trials=40
    """
    with client_for(server, as_json=as_json) as client:
        edits = edits_of(client.sweeps.get(sweep_id).spec, changes, source=sweep_id)
        made = client.sweeps.fork(sweep_id, edits, idempotency_key=key)
        tell(client, made, watch=watch, timeout_s=timeout_s, as_json=as_json)


@app.command("promote")
def promote(
    sweep_id: SweepIdArgument,
    number: TrialNumber,
    model: Annotated[str | None, typer.Option(help="Name of the model, new or known, else that of the sweep.")] = None,
    alias: Alias = "production",
    note: Note = "",
    server: Server = None,
    as_json: AsJson = False,
) -> None:
    """Give the student of a trial an alias, under the name of a model that may be new.

    Example: stillhouse sweeps promote sweep-k3v9x2m7qa 7 --model digits
    """
    with client_for(server, as_json=as_json) as client:
        found = client.models.promote_trial(sweep_id, number, model=model, alias=alias, note=note)
    show_model(found, as_json=as_json, tell=False)


class NoMatplotlib(StillhouseError):
    """The client was installed without what draws."""


@app.command("figures")
def figures(
    sweep_id: SweepIdArgument,
    folder: Annotated[
        Path | None, typer.Option("--out", metavar="FOLDER", file_okay=False, help="Where to write, else ./ID.")
    ] = None,
    server: Server = None,
    as_json: AsJson = False,
) -> None:
    """Draw a sweep as PNG: history, importances, parallel coordinates, learning curves, Pareto front.

    Example: stillhouse sweeps figures sweep-k3v9x2m7qa --out figures
    """
    target = folder or Path(sweep_id)
    with client_for(server, as_json=as_json) as client:
        try:
            from service.cli.figures.sweep import Found, draw_all  # matplotlib takes a second
        except ImportError as error:
            raise NoMatplotlib(f"{error}; get it with: pip install 'stillhouse[figures]'") from error
        found = Found(
            client.sweeps.get(sweep_id), client.sweeps.answers(sweep_id), client.sweeps.trials(sweep_id).items
        )
    try:
        files = draw_all(found, target)
    except OSError as error:
        raise typer.BadParameter(f"cannot write to {target}: {error.strerror or error}") from error
    if as_json:
        print_json({"files": [str(file) for file in files]})
    for file in files if not as_json else ():
        out().print(str(file), markup=False)
    if not files and not as_json:
        hint("nothing to draw yet: no trial has finished")


def _space(sweep: Sweep) -> dict[str, Dimension]:
    assert isinstance(sweep.spec, SweepSpec)
    return dict(sweep.spec.space)


def _values(text: str, space: dict[str, Dimension]) -> dict[str, Value]:
    """`a.b=1,c=2` as values by path; a path may lack its beginning where the rest names one dimension."""
    found: dict[str, Value] = {}
    for part in re.split(r",(?=[^,=]+=)", text):
        given, equals, value = part.partition("=")
        if not equals:
            raise typer.BadParameter(f"{part!r} is not understood, wanted PATH=VALUE", param_hint="--add")
        meant = [path for path in space if path == given.strip()]
        meant = meant or [path for path in space if path.endswith(f".{given.strip()}")]
        if len(meant) != 1:
            words = "is no dimension" if not meant else "may be several"
            raise typer.BadParameter(
                f"{given.strip()!r} {words}, there is: {', '.join(meant or space)}", param_hint="--add"
            )
        found[meant[0]] = _value(value.strip(), space[meant[0]])
    return found


def _value(text: str, dimension: Dimension) -> Value:
    """A text as the value of a dimension that it means; whether it lies within is the service's to say."""
    if (values := values_of(dimension)) is not None:
        return next((value for value in values if value == text or str(value).lower() == text.lower()), text)
    for kind in (int, float):
        try:
            return kind(text)
        except ValueError:
            continue
    return text


def _tell(sweep: Sweep, words: str, *, as_json: bool) -> None:
    if as_json:
        print_json(sweep)
    else:
        out().print(f"{sweep.id} {words}", markup=False)
        hint(f"see: stillhouse trials {sweep.id}")
