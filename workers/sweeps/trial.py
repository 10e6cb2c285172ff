"""One trial: the trainer inside Tune's function, reporting to Tune at every evaluation."""

from __future__ import annotations

import json
import logging
import math
import os
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ray import tune

from trainer.errors import InputError
from trainer.folders import checkpoint_path
from trainer.reporting import Reporters
from trainer.spec import TrainingSpec
from workers.failures import failure_of, pack
from workers.journal import JournalReporter
from workers.log_reporter import LogReporter
from workers.place import Place, end_process
from workers.runs import ENVIRONMENT, environment
from workers.spec import AttemptOrder, Objective, Phase, Stretch, SweepSpec
from workers.spec.layout import JOURNAL, replace_whole
from workers.storage.trial_place import TrialPlace, trial_place
from workers.storage.trials import SETTLED
from workers.sweeps.stopping import FURTHER, OBJECTIVE, STEP

FENCE_EVERY_S = 1.0
ENDED_WITHIN_S = 120
HEADLINES = ("val/", "cost/student_", "teacher/")
logger = logging.getLogger(__name__)

if TYPE_CHECKING:
    from trainer.training import TrainingResult


class TuneReporter:
    """Reporter that tells Tune the objectives whenever the trainer evaluated.

    What the last step gave is kept back until `finish`: by then the student is written. Every report is on disk before
    Tune hears of it; a trial that is started again reports all of them anew before it trains on. At `round_step`, where
    others may take over its checkpoint, Tune hears of the report when the checkpoint is written. `settle` has in the
    storage what was logged until then, or with True all files.
    """

    def __init__(
        self,
        objectives: tuple[Objective, ...],
        *,
        num_steps: int,
        path: Path,
        round_step: int | None = None,
        settle: Callable[[bool], None] = lambda with_files: None,
    ) -> None:
        self._settle = settle
        self._objectives = objectives
        self._num_steps = num_steps
        self._path = path
        self._round_step = round_step
        self._reports: list[dict[str, Any]] = json.loads(path.read_text()) if path.exists() else []
        # what is logged once, before the first step: a trial that goes on from a checkpoint does not log it again
        self._first_path = path.with_name("first-metrics.json")
        self._latest: dict[str, float] = {}
        self._best: dict[str, float] = {}
        if self._first_path.exists():
            self._learn(json.loads(self._first_path.read_text()))
        for report in self._reports:
            self._learn(report)

    def replay(self) -> None:
        """Tell Tune again what an interrupted attempt has told."""
        for report in self._reports:
            if report[STEP] < self._num_steps and self._can_be_told(report[STEP]):
                self._tell(report)

    def log_metrics(self, metrics: Mapping[str, float], *, step: int) -> None:
        self._learn(metrics)
        if step == 0:
            replace_whole(self._first_path, json.dumps(self._latest))
        if self._objectives[0].metric not in metrics or (self._reports and step <= self._reports[-1][STEP]):
            return
        report = {**self._latest, **self._values(), STEP: step}
        self._reports.append(report)
        replace_whole(self._path, json.dumps(self._reports))
        if step < self._num_steps and step != self._round_step:
            self._tell(report)

    def log_progress(self, phase: Phase, *, step: int, num_steps: int) -> None:
        """Tune's time axis is the step of the last evaluation."""

    def log_checkpoint(self, path: Path, *, step: int) -> None:
        if step == self._round_step:
            self._tell(next(report for report in self._reports if report[STEP] == step))

    def log_artifact(self, path: Path, *, folder: str) -> None:
        """Files stay in the trial's folder."""

    def should_stop(self) -> bool:
        return False

    def finish(self, result: TrainingResult) -> None:
        """Report the last step: the training is over. A trial that had ended before a restart reports it again."""
        self.keep(result)
        if self._reports:
            self._tell({**self._reports[-1], **{k: v for k, v in result.metrics.items() if "/" in k}})

    def keep(self, result: TrainingResult) -> None:
        """Have the last step on disk."""
        if not self._reports or self._reports[-1][STEP] < result.step:
            self.log_metrics(result.metrics, step=result.step)

    def _can_be_told(self, step: int) -> bool:
        return step != self._round_step or checkpoint_path(self._path.parent, step=step).exists()

    def _learn(self, metrics: Mapping[str, Any]) -> None:
        self._latest |= {key: float(value) for key, value in metrics.items() if key.startswith(HEADLINES)}
        for objective in self._objectives:
            if (value := metrics.get(objective.metric)) is None:
                continue
            self._latest[objective.metric] = float(value)
            better = max if objective.direction == "maximize" else min
            self._best[objective.metric] = better(self._best.get(objective.metric, float(value)), float(value))

    def _values(self) -> dict[str, Any]:
        values = [
            (self._best if objective.value == "best" else self._latest).get(objective.metric)
            for objective in self._objectives
        ]
        return {OBJECTIVE: values[0], FURTHER: values[1:]}

    def _tell(self, report: dict[str, Any]) -> None:
        self._settle(report[STEP] == self._round_step)
        tune.report(report)


class FenceReporter:
    """Reporter that ends the process once a newer attempt of the sweep was ordered, or its trial started again.

    A machine that is cut off from the others goes on training a trial that Tune has long started elsewhere.
    """

    def __init__(self, place: Place) -> None:
        self._place = place
        self._asked_at = -math.inf

    def log_metrics(self, metrics: Mapping[str, float], *, step: int) -> None:
        self.check()

    def log_progress(self, phase: Phase, *, step: int, num_steps: int) -> None:
        if phase == "saving" or time.monotonic() - self._asked_at > FENCE_EVERY_S:
            self.check()

    def log_checkpoint(self, path: Path, *, step: int) -> None:
        """The trainer has written it already."""

    def log_artifact(self, path: Path, *, folder: str) -> None:
        """Nothing that could be lost to a newer attempt."""

    def should_stop(self) -> bool:
        return False

    def check(self) -> None:
        why_lost = self._place.wait_to_know()
        self._asked_at = time.monotonic()
        if why_lost is not None:
            logger.error("%s; this process ends", why_lost)
            end_process()


def run_trial(suggested: dict[str, Any], *, order_json: str, storage: str) -> None:
    """Train one trial of the sweep of `order_json`; Tune calls this in a worker process that it uses again."""
    _log_to_stderr()
    # how long Tune waits for a stopped trial before it takes its process for the next one: a trial that it found still
    # ending itself would be given up without a word to searcher or callbacks
    os.environ["TUNE_FUNCTION_THREAD_TIMEOUT_S"] = str(ENDED_WITHIN_S)
    order = AttemptOrder.model_validate_json(order_json)
    number, exploits, start = (int(suggested[name]) for name in ("number", "exploits", "start"))
    log = LogReporter(prefix=f"trial {number}: ")
    try:
        with trial_place(storage, order, number, exploits=exploits, start=start) as place:
            _train(order, suggested, place, log)
    except Exception as error:
        # Tune pickles what it shows; a plain message survives that
        raise RuntimeError(pack(failure_of(error, step=log.step))) from error


def _train(order: AttemptOrder, suggested: dict[str, Any], place: TrialPlace, log: LogReporter) -> None:
    from trainer.training import train  # torch takes seconds, which the driver can do without

    assert isinstance(order.spec, SweepSpec)
    training, out = training_of(order.spec, suggested), place.out
    (out / SETTLED).unlink(missing_ok=True)
    journal = JournalReporter(out / JOURNAL)
    reporter = TuneReporter(
        order.spec.objectives,
        num_steps=training.num_steps,
        path=out / "reports.json",
        round_step=suggested["round_step"],
        settle=lambda with_files: place.settle(with_files=with_files),
    )
    fence = [] if place.fence is None else [FenceReporter(place.fence)]
    try:
        reporter.replay()
        result = train(
            training,
            out=out,
            data_root=Path(order.data_root),
            reporter=Reporters([*fence, log, journal, reporter]),
            cache_root=place.cache,
            files=_files(training, place),
        )
    finally:
        journal.close()
    replace_whole(out / ENVIRONMENT, environment())
    reporter.keep(result)
    place.finish()
    reporter.finish(result)


def _files(training: TrainingSpec, place: TrialPlace) -> dict[str, Path]:
    """The files that the training names by the storage's URI. Raises InputError where there is none."""
    weights = None if training.distillation is None else training.distillation.teacher.weights
    try:
        return place.files([] if weights is None else [weights])
    except FileNotFoundError as error:
        raise InputError(f"the teacher's weights are not where the spec says: {error}") from error


def training_of(spec: SweepSpec, suggested: dict[str, Any]) -> TrainingSpec:
    """What a suggested trial trains."""
    seed = int(suggested["seed"])
    if suggested["role"] == "baseline":
        return spec.baseline_spec(seed=seed)
    schedule = [Stretch.model_validate(stretch) for stretch in suggested["schedule"]]
    return spec.trial_spec(suggested["parameters"], seed=seed, schedule=schedule)


def _log_to_stderr() -> None:
    logging.basicConfig(
        level=logging.INFO, stream=sys.stderr, format="%(asctime)s %(levelname)s %(message)s", datefmt="%H:%M:%S"
    )
    for name in ("workers", "trainer"):
        logging.getLogger(name).setLevel(logging.INFO)
