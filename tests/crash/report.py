"""What a crash test found, for people."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from statistics import median

from tests.crash.load import Ledger
from tests.crash.watch import Kill, Life


@dataclass
class Outcome:
    """One run on one database."""

    database: str
    seed: int
    seconds: float
    kills: list[Kill]
    ledger: Ledger
    lives: list[Life]
    ends: Counter[str]
    num_looks: int
    wrong: list[str] = field(default_factory=list)


def as_markdown(outcomes: Sequence[Outcome], machine: Sequence[str]) -> str:
    kills = [kill for outcome in outcomes for kill in outcome.kills]
    lines = [
        "# Crash test",
        "",
        "Every process of the stack is killed with SIGKILL at random moments under a load of real trainings",
        "(`make crash`; what is checked afterwards is in `tests/crash/checks.py`).",
        "",
        *machine,
        "",
        "| database | seed | minutes | kills | jobs | attempts | answers that were lost | violations |",
        "| --- | --- | --- | --- | --- | --- | --- | --- |",
        *(_outcome_row(outcome) for outcome in outcomes),
        "",
        "## Kills and recovery",
        "",
        "*Back*: from the kill until what was killed serves again (of a reconciler: until one holds the lease).",
        "*Settled*: from then until every job that ran at the kill has a new sign of life or its attempt has ended in",
        "the database. Seconds; a kill that came before the one before it was settled prolongs both.",
        "",
        "| killed | kills | back, median | back, max | settled, median | settled, max |",
        "| --- | --- | --- | --- | --- | --- |",
        *(_kind_row(kind, kills) for kind in sorted({kill.kind for kill in kills})),
        "",
        "## Load",
        "",
        *(_load_lines(outcome) for outcome in outcomes),
    ]
    wrong = [f"- {outcome.database}: {words}" for outcome in outcomes for words in outcome.wrong]
    lines += ["", "## Violations", "", *(wrong or ["None."])]
    return "\n".join(lines) + "\n"


def _outcome_row(outcome: Outcome) -> str:
    attempts = {(life.job_id, life.number) for life in outcome.lives}
    cells = [
        outcome.database,
        outcome.seed,
        f"{outcome.seconds / 60:.1f}",
        len(outcome.kills),
        sum(outcome.ends.values()),
        len(attempts),
        outcome.ledger.lost_answers,
        len(outcome.wrong),
    ]
    return f"| {' | '.join(map(str, cells))} |"


def _kind_row(kind: str, kills: Iterable[Kill]) -> str:
    of_kind = [kill for kill in kills if kill.kind == kind]
    backs = [kill.back_s for kill in of_kind if kill.back_s is not None]
    after = [kill.settled_s - kill.back_s for kill in of_kind if kill.settled_s is not None and kill.back_s is not None]
    return f"| {kind} | {len(of_kind)} | {_spread(backs)} | {_spread(after)} |"


def _spread(seconds: Sequence[float]) -> str:
    return f"{median(seconds):.1f} | {max(seconds):.1f}" if seconds else "- | -"


def _load_lines(outcome: Outcome) -> str:
    did = ", ".join(f"{count} {action}" for action, count in sorted(outcome.ledger.answers.items()))
    refused = ", ".join(f"{count} {action}" for action, count in sorted(outcome.ledger.refusals.items())) or "none"
    ends = ", ".join(f"{count} {state}" for state, count in sorted(outcome.ends.items()))
    return (
        f"- {outcome.database}: done {did}; refused with 409 {refused}; jobs ended {ends}; "
        f"processes and rows were looked at {outcome.num_looks} times."
    )
