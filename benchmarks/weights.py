"""What the comparison of `benchmarks.accuracy` leaves open: why rank mimicking gains nothing on the digit scenes, and
what weights beyond the tuned ones do.

RetinaNet students through the product, a sweep for each part: RM by weight, space and start, with how far each
student's ranking came to agree with the teacher's; more of RM on logits, alone and beside PFI; RM and PFI at four times
the steps; other losses beyond the edges of their grids. Half an hour on two cores.

    python -m benchmarks.weights [--parts ranking logits long beyond] [--seeds 1 2 3] [--steps 400] [--long-steps 1600]
"""

from __future__ import annotations

import argparse
import statistics
from collections.abc import Mapping, Sequence
from pathlib import Path

from mlflow import MlflowClient

from benchmarks.accuracy import Losses, ap_of, loss, run, sweep_of
from benchmarks.embedded import running_stack
from benchmarks.machine import conditions
from service.sdk import Client
from service.sweeps.schemas import Trial

RESULTS = Path(__file__).parent / "results" / "weights.md"
TEACHER = {"weights": "teachers/digits.safetensors"}
AGREEMENTS = {
    "class ranks": "diagnostics/rank_spearman",
    "same first": "diagnostics/rank_top1",
    "ranks by IoU": "diagnostics/rank_localisation_spearman",
}
NONE = "none (weight 0)"
PARTS = ["ranking", "logits", "long", "beyond"]


def _ranked(weight: float, **settings: object) -> Losses:
    return loss("rank_mimicking", **settings)(weight)


def ranking(steps: int) -> dict[str, Losses]:
    """Students by what might keep RM from helping: its scale, the space of its scores, an early start."""
    return {
        NONE: _ranked(0.0),
        "RM 0.25": _ranked(0.25),
        "RM 1": _ranked(1.0),
        "RM 4": _ranked(4.0),
        "RM 20": _ranked(20.0),
        "RM 0.25 on logits": _ranked(0.25, space="logits"),
        "RM 1 on logits": _ranked(1.0, space="logits"),
        f"RM 4 from step {steps // 2} on": _ranked(4.0, start_step=steps // 2),
        f"RM 20 from step {steps // 2} on": _ranked(20.0, start_step=steps // 2),
    }


LOGITS: Mapping[str, Losses] = {
    NONE: _ranked(0.0),
    "RM 0.06 on logits": _ranked(0.06, space="logits"),
    "RM 0.25 on logits": _ranked(0.25, space="logits"),
    "RM 0.25 on logits, on both": _ranked(0.25, space="logits", rank_by="both"),
    "RM 1 at temperature 0.1": _ranked(1.0, temperature=0.1),
    "RM 4 at temperature 0.1": _ranked(4.0, temperature=0.1),
    "PFI 7800": loss("feature_imitation")(7800.0),
    "PFI 7800, RM 0.06 on logits": [*loss("feature_imitation")(7800.0), *_ranked(0.06, space="logits")],
    "PFI 7800, RM 0.25 on logits": [*loss("feature_imitation")(7800.0), *_ranked(0.25, space="logits")],
}
LONG: Mapping[str, Losses] = {
    NONE: _ranked(0.0),
    "RM 4": _ranked(4.0),
    "RM 4 on both": _ranked(4.0, rank_by="both"),
    "PFI 7800": loss("feature_imitation")(7800.0),
}
BEYOND: Mapping[str, Losses] = {
    NONE: _ranked(0.0),
    "soft labels 0.1": loss("soft_labels")(0.1),
    "soft labels 0.03": loss("soft_labels")(0.03),
    "imitation, whole map 1000": loss("region_imitation", region="whole")(1000.0),
    "imitation, negatives 1000": loss("region_imitation", region="negatives")(1000.0),
    "PFI 30000": loss("feature_imitation")(30000.0),
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--parts", nargs="+", choices=PARTS, default=PARTS)
    parser.add_argument("--seeds", type=int, nargs="+", default=[1, 2, 3])
    parser.add_argument("--steps", type=int, default=400)
    parser.add_argument("--long-steps", type=int, default=1600)
    parser.add_argument("--report", type=Path, default=RESULTS)
    given = parser.parse_args()
    offered: dict[str, tuple[str, int, Mapping[str, Losses]]] = {
        "ranking": (f"Rank mimicking, {given.steps} steps", given.steps, ranking(given.steps)),
        "logits": (f"Rank mimicking on logits, {given.steps} steps", given.steps, LOGITS),
        "long": (f"Four times the steps: {given.long_steps}", given.long_steps, LONG),
        "beyond": (f"Beyond the edges of the grids, {given.steps} steps", given.steps, BEYOND),
    }
    lines = [
        "# Weights",
        "",
        *conditions(),
        f"- taken with: `python -m benchmarks.weights --parts {' '.join(given.parts)} --seeds "
        f"{' '.join(map(str, given.seeds))}`, through the REST API",
        "",
        "RetinaNet, AP in percent at the last step; gains are paired with the student of the same seed without "
        "distillation. *Class ranks* and *ranks by IoU*: Spearman correlation of the student's and the teacher's "
        "ranking of each object's candidates, mean over objects; *same first*: share of objects for which both rank "
        "the same candidate first.",
    ]
    runs: list[str] = []
    with running_stack() as stack, Client(stack.layout.url, token=stack.token) as client:
        tracking = MlflowClient(stack.layout.mlflow_url)
        for title, steps, losses in (offered[part] for part in given.parts):
            document = sweep_of(losses, "retinanet", TEACHER, seeds=given.seeds, num_steps=steps)
            trials = run(stack, client, {**document, "name": title})
            lines += ["", f"## {title}", "", *_table(trials, tracking, given.seeds)]
            runs += [f"| {title} | {_label(t)} | {t.seed} | {ap_of(t):.1f} | {t.mlflow_run_id} |" for t in trials]
            heading = [
                "",
                "## Runs",
                "",
                "| sweep | student | seed | AP | MLflow run |",
                "| --- | --- | --- | --- | --- |",
            ]
            given.report.write_text("\n".join([*lines, *heading, *runs, ""]), encoding="utf-8")
    print("\n".join(lines))


def _label(trial: Trial) -> str:
    return str(trial.parameters["distillation.losses"])


def _table(trials: Sequence[Trial], tracking: MlflowClient, seeds: Sequence[int]) -> list[str]:
    lines = [
        "| student | "
        + " | ".join(f"seed {seed}" for seed in seeds)
        + " | mean (spread) | gain, mean | gain, least | "
        + " | ".join(AGREEMENTS)
        + " |",
        "| --- |" + " --- |" * (len(seeds) + 3 + len(AGREEMENTS)),
    ]
    by_label = {(_label(trial), trial.seed): trial for trial in trials}
    for label in dict.fromkeys(_label(trial) for trial in trials):
        aps = [ap_of(by_label[label, seed]) for seed in seeds]
        gains = [ap_of(by_label[label, seed]) - ap_of(by_label[NONE, seed]) for seed in seeds]
        measured = [tracking.get_run(by_label[label, seed].mlflow_run_id).data.metrics for seed in seeds]
        cells = [
            label,
            *(f"{ap:.1f}" for ap in aps),
            f"{statistics.mean(aps):.1f} ({max(aps) - min(aps):.1f})",
            "" if label == NONE else f"{statistics.mean(gains):+.1f}",
            "" if label == NONE else f"{min(gains):+.1f}",
            *(f"{statistics.mean(metrics[name] for metrics in measured):.2f}" for name in AGREEMENTS.values()),
        ]
        lines.append(f"| {' | '.join(cells)} |")
    return lines


if __name__ == "__main__":
    main()
