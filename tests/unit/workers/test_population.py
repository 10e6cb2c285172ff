"""Population based training: who takes over from whom, and that it does not matter when the driver is killed.

The trainings are sums instead of trainings; driver, records, rounds, reports and folders are the real ones.
"""

from __future__ import annotations

import json
import math
import random
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
from ray.tune.experiment import Trial

from tests.unit.workers.test_space import RM_WEIGHT, WEIGHT, a_sweep
from trainer.folders import checkpoint_path
from trainer.spec import TrainingSpec
from trainer.training import TrainingResult
from workers.heartbeat import HeartbeatReporter
from workers.spec import JobFolder, Steering, SweepSpec, TrialRecord, layout
from workers.spec.layout import replace_whole, write_whole
from workers.sweeps import trial as trial_module
from workers.sweeps.perturbation import Member, member, takeovers
from workers.sweeps.records import TrialRecorder
from workers.sweeps.searcher import PlanSearcher
from workers.sweeps.stopping import scheduler
from workers.sweeps.trial import TuneReporter, training_of

RATE = "optimizer.learning_rate"
SPACE = {RM_WEIGHT: WEIGHT, RATE: {"kind": "uniform", "low": 1e-4, "high": 1e-1, "log": True}}
JOB = "sweep-aaaaaaaaaa"


class Killed(BaseException):
    """The driver was ended by SIGKILL."""


def a_population(**changes: Any) -> SweepSpec:
    training = a_sweep().training.model_dump(mode="json")
    steps = {"num_steps": 40, "evaluate_every_steps": 5, "checkpoint_every_steps": 10}
    asked = {
        "training": {**training, **steps},
        "space": SPACE,
        "num_trials": 8,
        "search": {"kind": "random"},
        "scheduler": {"kind": "pbt", "perturbation_interval_steps": 10, "quantile_fraction": 0.25},
        "controls": {"num_finalists": 1, "num_seeds": 2},
    }
    return a_sweep(**{**asked, **changes})


def gains(training: TrainingSpec) -> list[float]:
    """What each step adds: most at a weight of 1, and at a rate that should fall while the training goes on."""
    found = []
    for begin in sorted({0, *(change.from_step for change in training.changes)}):
        now = training.at(begin)
        if now.distillation is None:
            return [-10.0] * training.num_steps
        weight, rate = now.distillation.losses[0].weight, now.optimizer.learning_rate
        wanted = [-2 - 2 * step / training.num_steps for step in range(begin, training.num_steps)]
        found[begin:] = [now.seed - math.log10(weight) ** 2 - (math.log10(rate) - best) ** 2 for best in wanted]
    return found


class Driver:
    """One attempt of a sweep, as Tune would drive it."""

    def __init__(self, spec: SweepSpec, root: Path, shuffle: random.Random | None = None) -> None:
        self.spec = spec
        self.folder = JobFolder(root, JOB)
        self.recorder = TrialRecorder(spec, self.folder, HeartbeatReporter(self.folder, 1))
        self.searcher = PlanSearcher(spec, self.recorder)
        self.scheduler = scheduler(
            spec, self.folder.rungs, lambda: self.recorder.steering, lambda: self.recorder.round_step
        )
        self._shuffle = shuffle
        self._started = 0
        self._fails: Callable[[int], bool] = lambda number: False

    def run(self, *, fails: Callable[[int], bool] = lambda number: False) -> dict[int, TrialRecord]:
        """To the end; trials for which `fails` have an error in their first step."""
        self._fails = fails
        pending: dict[str, dict[str, Any]] = {}
        while True:
            suggested: Any = None
            while isinstance(suggested := self.searcher.suggest(f"tune-{self._started}"), dict):
                pending[f"tune-{self._started}"] = suggested
                self._started += 1
            if not pending:
                assert suggested == "FINISHED"
                return self.recorder.records
            chosen = self._shuffle.choice(sorted(pending)) if self._shuffle else next(iter(pending))
            self._run_process(chosen, pending.pop(chosen))

    def _run_process(self, trial_id: str, suggested: dict[str, Any]) -> None:
        fails = self._fails(suggested["number"])
        error_file = self.folder.path / "error.txt"
        if fails:
            error_file.write_text("RuntimeError: internal: it broke")
        files = {"pickled_error_file": None, "error_file": str(error_file) if fails else None}
        trial = cast(Trial, SimpleNamespace(config=suggested, trial_id=trial_id, **files))

        def report(result: dict[str, Any]) -> None:
            verdict = self.scheduler.on_trial_result(None, trial, result)
            self.recorder.on_trial_result(0, [], trial, result)
            if verdict == "STOP":
                raise SystemExit

        if not fails:
            self._train(suggested, report)
            self.recorder.on_trial_complete(0, [], trial)
        else:
            self.recorder.on_trial_error(0, [], trial)
        self.searcher.on_trial_complete(trial_id)

    def _train(self, suggested: dict[str, Any], report: Callable[[dict[str, Any]], None]) -> None:
        out = self.folder.trial(suggested["number"], exploits=suggested["exploits"])
        training = training_of(self.spec, suggested)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(trial_module.tune, "report", report)
            try:
                train(training, out, suggested["round_step"], self.spec)
            except SystemExit:
                return


def train(training: TrainingSpec, out: Path, round_step: int | None, spec: SweepSpec) -> None:
    """A training whose student is a number."""
    path = out / "reports.json"
    reporter = TuneReporter(spec.objectives, num_steps=training.num_steps, path=path, round_step=round_step)
    reporter.replay()
    gained, state, step = gains(training), 0.0, 0
    for checkpoint in sorted((out / "checkpoints").glob("step-*.pt"))[-1:]:
        state, step = json.loads(checkpoint.read_text())
    while step < training.num_steps:
        state += gained[step]
        step += 1
        if step % training.evaluate_every_steps == 0:
            reporter.log_metrics({"val/AP": state}, step=step)
        if step % training.checkpoint_every_steps == 0:
            replace_whole(checkpoint_path(out, step=step), json.dumps([state, step]))
            reporter.log_checkpoint(checkpoint_path(out, step=step), step=step)
    reporter.finish(TrainingResult({"val/AP": state}, Path("student"), 1, 1.0, step, finished=True))


def found(root: Path) -> dict[str, Any]:
    """What must depend neither on kills nor on the order of reports."""
    folder = JobFolder(root, JOB)
    keys = {"number", "state", "role", "seed", "repeats", "parameters", "schedule", "objective", "reports", "step"}
    rounds = json.loads(folder.rounds.read_text())
    for taken in (taken for done in rounds["rounds"] for taken in done["taken"].values()):
        del taken["exploit"]["at"], taken["exploit"]["mlflow_run_id"]
    trials = [
        {
            **record.model_dump(include=keys),
            "exploits": [exploit.model_dump(exclude={"at", "mlflow_run_id"}) for exploit in record.exploits],
        }
        for record in folder.read_trials()
    ]
    return {"trials": trials, "rounds": rounds}


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A sweep that was never interrupted."""
    root = tmp_path_factory.mktemp("whole")
    Driver(a_population(), root).run()
    return root


def test_in_each_round_the_weak_take_over_from_the_strong(whole: Path) -> None:
    rounds = found(whole)["rounds"]["rounds"]
    assert [done["step"] for done in rounds] == [10, 20, 30]
    for done in rounds:
        by_value = sorted(done["objectives"], key=done["objectives"].get)
        assert len(by_value) == 8
        assert set(done["taken"]) <= set(by_value[:2])
        assert {str(one["exploit"]["from_trial"]) for one in done["taken"].values()} <= set(by_value[-2:])
    assert sum(len(done["taken"]) for done in rounds) >= 5


def test_what_a_trial_took_over_is_in_its_record(whole: Path) -> None:
    records = {record.number: record for record in JobFolder(whole, JOB).read_trials()}
    exploits = [(record, exploit) for record in records.values() for exploit in record.exploits]
    assert exploits
    for record, exploit in exploits:
        before, after = exploit.parameters_before, exploit.parameters_after
        assert before.keys() == after.keys() == SPACE.keys()
        assert after != before
        assert exploit.objective is not None
        assert exploit.from_objective > exploit.objective
        assert exploit.from_step == exploit.step
        assert records[exploit.from_trial].number != record.number
        own = [report.value for report in record.reports if report.step == exploit.step]
        assert own == [exploit.objective]
    for record in records.values():
        if record.exploits:
            assert record.parameters == record.exploits[-1].parameters_after == record.schedule[-1].parameters


def test_the_schedule_of_a_trial_leads_to_its_objective_from_the_first_step_on(whole: Path) -> None:
    spec = a_population()
    for record in JobFolder(whole, JOB).read_trials():
        if record.role != "baseline":
            training = spec.trial_spec(record.parameters, seed=record.seed, schedule=record.schedule)
            assert sum(gains(training)) == pytest.approx(record.objective, abs=1e-9)
            assert record.step == 40
            assert [report.step for report in record.reports] == [5, 10, 15, 20, 25, 30, 35, 40]


def test_a_repeat_follows_the_schedule_of_the_trial_that_it_repeats(whole: Path) -> None:
    records = {record.number: record for record in JobFolder(whole, JOB).read_trials()}
    [repeat] = [record for record in records.values() if record.role == "finalist"]
    assert repeat.repeats is not None
    assert repeat.schedule == records[repeat.repeats].schedule
    assert repeat.seed == 1
    assert repeat.objective == pytest.approx((records[repeat.repeats].objective or 0) + 40)


def test_the_same_happens_in_any_order_of_reports(tmp_path: Path, whole: Path) -> None:
    for seed in range(3):
        Driver(a_population(max_concurrent_trials=3), tmp_path / str(seed), random.Random(seed)).run()
        again = found(tmp_path / str(seed))
        assert again["rounds"] == found(whole)["rounds"]
        members = [trial for trial in again["trials"] if trial["role"] == "search"]
        assert members == [trial for trial in found(whole)["trials"] if trial["role"] == "search"]


def test_another_seed_perturbs_otherwise(tmp_path: Path, whole: Path) -> None:
    Driver(a_population(seed=1), tmp_path).run()
    assert found(tmp_path)["rounds"] != found(whole)["rounds"]


def test_a_driver_that_is_killed_at_any_write_ends_as_one_never_killed(
    tmp_path: Path, whole: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    left = -1

    def counted(path: Path, text: str) -> None:
        nonlocal left
        left -= 1
        if left == 0:
            raise Killed
        replace_whole(path, text)

    monkeypatch.setattr(layout, "replace_whole", counted)
    num_writes = 0
    Driver(a_population(), tmp_path / "counted").run()
    num_writes = -1 - left
    assert num_writes > 100
    for after in range(1, num_writes + 1, 3):
        left = after
        root = tmp_path / str(after)
        with pytest.raises(Killed):
            Driver(a_population(), root).run()
        left = -1
        Driver(a_population(), root).run()
        assert found(root) == found(whole), f"killed at write {after}"


def test_a_trial_that_failed_is_waited_for_by_nobody(tmp_path: Path) -> None:
    records = Driver(a_population(), tmp_path).run(fails=lambda number: number == 3)
    assert records[3].state == "failed"
    [*done] = found(tmp_path)["rounds"]["rounds"]
    assert [len(one["objectives"]) for one in done] == [7, 7, 7]
    assert {record.state for record in records.values() if record.number != 3} == {"succeeded"}


@pytest.mark.parametrize(("evaluate_every_steps", "stops_at"), [(5, 5), (10, 10)])
def test_a_trial_that_a_person_stops_leaves_the_population(
    tmp_path: Path, evaluate_every_steps: int, stops_at: int
) -> None:
    training = a_population().training.model_dump(mode="json")
    spec = a_population(training={**training, "evaluate_every_steps": evaluate_every_steps})
    driver = Driver(spec, tmp_path)
    write_whole(driver.folder.steering, Steering(stop_trials=(4,)))
    records = driver.run()
    assert (records[4].state, records[4].reason) == ("stopped", f"stopped at step {stops_at}: it was asked for")
    assert all("4" not in one["objectives"] for one in found(tmp_path)["rounds"]["rounds"])


def test_less_is_better_where_the_objective_says_so(tmp_path: Path) -> None:
    loss = {"metric": "val/AP", "direction": "minimize"}
    records = Driver(a_population(objective=loss), tmp_path).run()
    for record in records.values():
        for exploit in record.exploits:
            assert exploit.objective is not None
            assert exploit.from_objective < exploit.objective


def members_of(spec: SweepSpec, *values: float | None) -> list[Member]:
    parameters = [{RM_WEIGHT: 1.0 + number, RATE: 0.01} for number, _ in enumerate(values)]
    return [member(spec, number, value, parameters[number]) for number, value in enumerate(values)]


@pytest.mark.parametrize("worst", [None, math.nan, -1.0])
def test_a_trial_without_a_finite_value_is_behind_all_others(worst: float | None) -> None:
    spec = a_population()
    [takeover] = takeovers(spec, members_of(spec, 3.0, worst, 1.0, 2.0), step=10)
    assert (takeover.number, takeover.leader) == (1, 0)


def test_nobody_takes_over_from_an_equal() -> None:
    spec = a_population()
    assert takeovers(spec, members_of(spec, 0.0, 0.0, 0.0, 0.0), step=10) == []


def test_values_are_perturbed_by_the_factors_and_stay_in_their_range() -> None:
    asked = {"kind": "pbt", "perturbation_interval_steps": 10, "resample_probability": 0, "quantile_fraction": 0.5}
    spec = a_population(scheduler={**asked, "perturbation_factors": [0.5, 4.0]})
    found = [takeovers(spec, members_of(spec, 0.0, 9.0), step=step) for step in range(10, 400, 10)]
    assert {one.parameters[RM_WEIGHT] for [one] in found} == {1.0, 8.0}
    assert {one.parameters[RATE] for [one] in found} == {0.005, 0.04}
    spec = a_population(scheduler={**asked, "perturbation_factors": [0.001, 100.0]})
    found = [takeovers(spec, members_of(spec, 0.0, 9.0), step=step) for step in range(10, 400, 10)]
    assert {one.parameters[RM_WEIGHT] for [one] in found} == {0.01, 10.0}


def test_a_choice_moves_to_the_value_beside_it_and_whole_numbers_may_become_others() -> None:
    choice = {"kind": "choice", "values": [1.0, 2.0, 4.0, 8.0]}
    asked = {"kind": "pbt", "perturbation_interval_steps": 10, "resample_probability": 0}
    spec = a_population(scheduler=asked, space={RM_WEIGHT: choice, RATE: SPACE[RATE]})
    group = [member(spec, number, value, {RM_WEIGHT: 4.0, RATE: 0.01}) for number, value in ((1, 0.0), (2, 9.0))]
    found = [takeovers(spec, group, step=step) for step in range(10, 400, 10)]
    assert {one.parameters[RM_WEIGHT] for [one] in found} == {2.0, 8.0}
    whole = a_population(scheduler=asked)
    given = member(whole, 1, 1.0, {RM_WEIGHT: 4, RATE: 0.01})
    [one] = takeovers(whole, [member(whole, 2, 0.0, given.config), given], step=10)
    assert one.parameters[RM_WEIGHT] in (pytest.approx(3.2), pytest.approx(4.8))


def test_drawing_leaves_the_generator_of_others_alone() -> None:
    spec = a_population()
    random.seed(1)
    wanted = random.random()
    random.seed(1)
    takeovers(spec, members_of(spec, 0.0, 9.0, 3.0, 4.0), step=10)
    assert random.random() == wanted


def test_a_checkpoint_that_is_gone_is_trained_anew_from_the_schedule(
    tmp_path: Path, whole: Path, caplog: pytest.LogCaptureFixture
) -> None:
    def lose_checkpoint(driver: Driver) -> None:
        decide = driver.recorder._population.decide  # type: ignore[union-attr]

        def decide_without(records: Any) -> None:
            for path in driver.folder.trials.glob("*/checkpoints/step-00000010.pt"):
                path.unlink()
            decide(records)

        driver.recorder._population.decide = decide_without  # type: ignore[method-assign,union-attr]

    driver = Driver(a_population(), tmp_path)
    lose_checkpoint(driver)
    driver.run()
    assert "trains anew what trial" in caplog.text
    assert found(tmp_path)["rounds"] == found(whole)["rounds"]
