"""What a sweep of the digit scenes finds in half an hour, and how many training steps early stopping saves.

The first part sends `recipes/digits/sweep.yaml` as it is and holds its best trial against its paired baseline. The
second part draws the same random trials twice, once trained to their ends and once under ASHA. Both run through the
REST API on the embedded stack, one after the other.

    python -m benchmarks.search [--trials 18] [--parts recipe halving]
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from benchmarks.embedded import run_sweep, running_stack
from benchmarks.machine import conditions
from service.presets.logic import recipes_folder
from service.sdk import Client
from service.stack.stack import Stack
from service.sweeps.schemas import Trial
from workers.spec import SEARCHED

RESULTS = Path(__file__).parent / "results" / "search.md"
RECIPE = recipes_folder() / "digits" / "sweep.yaml"
GAIN_GOAL, MINUTES_GOAL, SHARE_GOAL = 5.0, 30.0, 0.5
AS_GOOD_AP = 0.5  # two best trials this close are as good as each other


@dataclass(frozen=True)
class Sweep:
    """A sweep that has ended."""

    id: str
    minutes: float
    trials: list[Trial]
    verdict: str

    @property
    def searched(self) -> list[Trial]:
        return [trial for trial in self.trials if trial.role in SEARCHED]

    @property
    def best(self) -> float:
        return max(_final(trial) for trial in self.searched if trial.state == "succeeded")

    @property
    def steps(self) -> int:
        return sum(trial.step for trial in self.searched)

    def steps_until(self, ap: float) -> int:
        """Training steps of all trials that had begun when the first one had ended with so much."""
        ended = min(trial.ended_at for trial in self.searched if trial.ended_at and _final(trial) >= ap)
        return sum(trial.step for trial in self.searched if trial.started_at <= ended)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--trials", type=int, default=18, help="random trials of the second part")
    parser.add_argument("--parts", nargs="+", choices=["recipe", "halving"], default=["recipe", "halving"])
    given = parser.parse_args()
    lines = [
        "# What a sweep finds",
        "",
        *conditions(),
        "- taken with: `python -m benchmarks.search`, through the REST API",
    ]
    with running_stack() as stack:
        if "recipe" in given.parts:
            lines += _recipe_words(_run(stack, yaml.safe_load(RECIPE.read_text())))
            RESULTS.write_text("\n".join(lines) + "\n", encoding="utf-8")
        if "halving" in given.parts:
            plain, halved = (_run(stack, _random(given.trials, kind)) for kind in ("none", "asha"))
            lines += _halving_words(plain, halved)
    RESULTS.write_text("\n".join(lines) + "\n", encoding="utf-8")
    print("\n".join(lines))


def _random(num_trials: int, scheduler: str) -> dict[str, Any]:
    """The recipe's space under random search: the same trials for the same seed, whatever the scheduler."""
    document: dict[str, Any] = yaml.safe_load(RECIPE.read_text())
    stopping = document["scheduler"] if scheduler == "asha" else {"kind": "none"}
    controls = {"baseline": False, "num_finalists": 0}
    changes = {"name": f"random, {scheduler}", "num_trials": num_trials, "search": {"kind": "random"}}
    return {**document, **changes, "scheduler": stopping, "controls": controls}


def _run(stack: Stack, document: dict[str, Any]) -> Sweep:
    with Client(stack.layout.url, token=stack.token) as client:
        began = time.monotonic()
        ended = run_sweep(stack, client, document)
        minutes = (time.monotonic() - began) / 60
        verdict = client.sweeps.answers(ended.id).verdict
        print(f"{ended.name}: {minutes:.1f} minutes; {verdict.text}", flush=True)
        return Sweep(ended.id, minutes, client.sweeps.trials(ended.id).items, verdict.text)


def _final(trial: Trial) -> float:
    return trial.objective if trial.objective is not None else float("-inf")


def _recipe_words(sweep: Sweep) -> list[str]:
    baseline = next(trial for trial in sweep.trials if trial.role == "baseline")
    first_seed = max((trial for trial in sweep.searched if trial.state == "succeeded"), key=_final)
    gain = _final(first_seed) - _final(baseline)
    found = max(trial.ended_at for trial in (baseline, first_seed) if trial.ended_at)
    minutes = (found - min(trial.started_at for trial in sweep.trials)).total_seconds() / 60
    return [
        "",
        "## The recipe",
        "",
        f"`recipes/digits/sweep.yaml` as it is: {sweep.minutes:.1f} minutes with its controls. Its best trial and the "
        f"baseline of the same seed had ended after {minutes:.1f} minutes (goal {MINUTES_GOAL:.0f}): "
        f"{_final(first_seed):.1f} AP against {_final(baseline):.1f}, a gain of {gain:+.1f} (goal {GAIN_GOAL:+.0f}).",
        "",
        f"Its verdict: {sweep.verdict}",
        "",
        *_table(sweep.trials),
    ]


def _halving_words(plain: Sweep, halved: Sweep) -> list[str]:
    same = {str(trial.parameters) for trial in plain.searched} == {str(trial.parameters) for trial in halved.searched}
    target = min(plain.best, halved.best) - AS_GOOD_AP
    until = [sweep.steps_until(target) for sweep in (plain, halved)]
    return [
        "",
        "## Early stopping",
        "",
        f"{len(plain.searched)} random trials, {'the same' if same else 'not the same'} in both arms.",
        "",
        "| arm | best AP | steps in all | steps until the first trial as good as the worse arm's best | minutes |",
        "| --- | --- | --- | --- | --- |",
        *(
            f"| {name} | {sweep.best:.1f} | {sweep.steps:,} | {steps:,} | {sweep.minutes:.1f} |"
            for name, sweep, steps in zip(("to the end", "ASHA"), (plain, halved), until, strict=True)
        ),
        "",
        f"ASHA spends {halved.steps / plain.steps:.2f} of the steps in all (goal {SHARE_GOAL}), and "
        f"{until[1] / until[0]:.2f} until its first trial is as good.",
    ]


def _table(trials: Sequence[Trial]) -> list[str]:
    rows = [
        "| trial | role | seed | RM weight | temperature | PFI weight | AP | steps | state |",
        "| --- |" + " --- |" * 8,
    ]
    for trial in trials:
        found = {
            path.rsplit(".", 2)[-2] + "." + path.rsplit(".", 1)[-1]: value for path, value in trial.parameters.items()
        }
        names = ("rank_mimicking.weight", "rank_mimicking.temperature", "feature_imitation.weight")
        cells = [f"{float(str(found[name])):.4g}" if name in found else "" for name in names]
        ap = "" if trial.objective is None else f"{trial.objective:.1f}"
        row = [trial.number, trial.role, trial.seed, *cells, ap, trial.step, trial.state]
        rows.append(f"| {' | '.join(map(str, row))} |")
    return rows


if __name__ == "__main__":
    main()
