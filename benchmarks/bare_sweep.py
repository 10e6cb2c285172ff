"""Trials of one training under Ray Tune alone, as a person would write it: no records, no MLflow, no resume.

    python benchmarks/bare_sweep.py SPEC OUT DATA_ROOT NUM_TRIALS CONCURRENT

Prints at the end, as one line of JSON, the seconds that each training took and the moment of its end. Used by
`sweep_overhead`.
"""

from __future__ import annotations

import json
import logging
import sys
import time
from pathlib import Path
from typing import Any

import ray
from ray import tune

from trainer.reporting import NullReporter
from trainer.spec import TrainingSpec
from trainer.training import train


def trial(config: dict[str, Any], *, spec: str, out: str, data_root: str) -> None:
    document = json.loads(spec)
    document["seed"] = config["seed"]
    folder = Path(out) / str(config["seed"])
    folder.mkdir(parents=True)
    started = time.perf_counter()
    training = TrainingSpec.model_validate(document)
    result = train(training, out=folder, data_root=Path(data_root), reporter=NullReporter())
    seconds = time.perf_counter() - started
    tune.report({"AP": result.metrics["val/AP"], "train_seconds": seconds, "ended": time.time()})


def main(spec: str, out: str, data_root: str, num_trials: str, concurrent: str) -> None:
    ray.init(address="auto", log_to_driver=False, logging_level=logging.WARNING)
    given = tune.with_parameters(trial, spec=Path(spec).read_text(), out=out, data_root=data_root)
    tuner = tune.Tuner(
        tune.with_resources(given, {"cpu": 1}),
        param_space={"seed": tune.randint(0, 2**31)},
        tune_config=tune.TuneConfig(
            metric="AP", mode="max", num_samples=int(num_trials), max_concurrent_trials=int(concurrent),
            reuse_actors=True,
        ),
        run_config=tune.RunConfig(storage_path=f"{out}-tune", verbose=0),
    )  # fmt: skip
    results = tuner.fit()
    metrics = [result.metrics for result in results]
    print(
        json.dumps({"seconds": [one["train_seconds"] for one in metrics], "ended": [one["ended"] for one in metrics]})
    )


if __name__ == "__main__":
    main(*sys.argv[1:])
