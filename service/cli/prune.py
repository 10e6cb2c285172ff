"""`stillhouse prune`: what of the checkpoints in storage nothing needs any more, and removing it."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.text import Text

from service.cli.exits import Exit
from service.cli.output import AsJson, err, hint, out, print_json, readable_errors
from service.cli.stack import needing_everything, settings_of

if TYPE_CHECKING:
    from service.retention.policy import Policy
    from service.retention.pruning import JobPlan
    from service.settings import Settings

State = Annotated[
    Path | None, typer.Option("--state", help="State folder of `stillhouse up`, else what the environment says.")
]


def prune(
    remove: Annotated[bool, typer.Option("--remove", help="Remove what is listed; else nothing is changed.")] = False,
    after_h: Annotated[
        float, typer.Option("--after", min=0, metavar="HOURS", help="Only of jobs that ended so long ago.")
    ] = 24,
    keep_last: Annotated[
        int | None,
        typer.Option(min=0, metavar="NUMBER", help="Newest ones that stay of each training, else the setting."),
    ] = None,
    keep_best: Annotated[
        bool | None, typer.Option("--keep-best/--no-keep-best", help="Whether that of the best student stays, too.")
    ] = None,
    show_kept: Annotated[bool, typer.Option("--kept", help="Also list what stays, and why.")] = False,
    state: State = None,
    as_json: AsJson = False,
) -> None:
    """List checkpoints that nothing needs any more, on the machine of the service; with --remove they go.

    Example: stillhouse prune --after 168 --remove
    """
    with readable_errors(as_json=as_json), needing_everything():
        from service.retention.policy import Policy

        settings = settings_of(state)
        policy = Policy(
            settings.prune_keep_last if keep_last is None else keep_last,
            settings.prune_keep_best if keep_best is None else keep_best,
            after_h,
        )
        try:
            plans = asyncio.run(_run(settings, policy, remove=remove))
        except OSError as error:
            print_json({"error": str(error)}) if as_json else err().print(Text(str(error), style="red"))
            raise typer.Exit(Exit.FAILED) from error
    if as_json:
        print_json({"removed": remove, "jobs": [_document(plan) for plan in plans]})
    else:
        _show(plans, removed=remove, show_kept=show_kept)


async def _run(settings: Settings, policy: Policy, *, remove: bool) -> list[JobPlan]:
    from service.db import Database
    from service.retention.pruning import Pruning

    database = Database(settings.database_url)
    try:
        pruning = Pruning(database, settings, policy)
        plans = await pruning.plan()
        if not remove:
            return plans
        done = {plan.job_id: plan for plan in await pruning.carry_out(plans)}
        return [done.get(plan.job_id, plan) for plan in plans]
    finally:
        await database.close()


def _document(plan: JobPlan) -> dict[str, Any]:
    return {
        "job": plan.job_id,
        "checkpoints": [
            {
                "name": one.checkpoint.name,
                "size_bytes": one.checkpoint.size_bytes,
                "goes": not one.why,
                "kept_because": one.why or None,
            }
            for one in plan.decisions
        ],
    }


def _show(plans: list[JobPlan], *, removed: bool, show_kept: bool) -> None:
    for plan in plans:
        for one in plan.decisions:
            if one.why and not show_kept:
                continue
            mark = f"stays: {one.why}" if one.why else "removed" if removed else "goes"
            size = f"{one.checkpoint.size_bytes / 1e6:10.1f} MB"
            out().print(Text(f"{plan.job_id}  {one.checkpoint.name}  {size}  {mark}"))
    num_gone = sum(len(plan.removed) for plan in plans)
    gone_bytes = sum(plan.removed_bytes for plan in plans)
    num_kept = sum(len(plan.kept) for plan in plans)
    verb = "were removed" if removed else "can go"
    err().print(Text(f"{num_gone} checkpoints, {gone_bytes / 1e6:.1f} MB, {verb}; {num_kept} stay"))
    if num_gone and not removed:
        hint("nothing was changed; --remove removes them")
