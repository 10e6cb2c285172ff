"""The loop: it resumes bit by bit, reports each step once, and leaves files that load."""

import json
from collections.abc import Mapping
from pathlib import Path

import pytest
import torch

from tests.unit.trainer.factories import make_training
from trainer.checkpoints import read_checkpoint, read_newest_checkpoint, write_checkpoint
from trainer.detectors import load_detector
from trainer.errors import InputError
from trainer.optimization import learning_rate_at
from trainer.reporting import NullReporter, Phase, Reporters
from trainer.spec import OptimizerSpec, TrainingSpec
from trainer.training import TrainingResult, train

COSTS = ("parameters", "gflops", "latency_ms")


class Recorder(NullReporter):
    """Keeps what it is told, and stops after a number of steps."""

    def __init__(self, *, stop_after: int | None = None) -> None:
        self.metrics: list[tuple[int, dict[str, float]]] = []
        self.checkpoints: list[int] = []
        self.phases: list[Phase] = []
        self._stop_after = stop_after
        self._step = 0

    def log_metrics(self, metrics: Mapping[str, float], *, step: int) -> None:
        self.metrics.append((step, dict(metrics)))

    def log_progress(self, phase: Phase, *, step: int, num_steps: int) -> None:
        self.phases.append(phase)
        self._step = step

    def log_checkpoint(self, path: Path, *, step: int) -> None:
        assert path.is_file()
        self.checkpoints.append(step)

    def should_stop(self) -> bool:
        return self._stop_after is not None and self._step >= self._stop_after


def run(spec: TrainingSpec, out: Path, data_root: Path, reporter: Recorder | None = None) -> TrainingResult:
    return train(spec, out=out, data_root=data_root, reporter=reporter or Recorder())


def curve(recorder: Recorder) -> list[tuple[int, dict[str, float]]]:
    """The metrics without those that measure time, which costs do too."""
    measured = ("train/images_per_second", "diagnostics/seconds")
    return [
        (step, {name: value for name, value in metrics.items() if name not in measured})
        for step, metrics in recorder.metrics
        if not any(name.startswith("cost/") for name in metrics)
    ]


@pytest.mark.parametrize("distil", [False, True])
def test_a_resumed_training_is_bit_identical_to_an_uninterrupted_one(
    tmp_path: Path, data_root: Path, distil: bool
) -> None:
    spec = make_training(distil=distil)
    whole, first, second = Recorder(), Recorder(stop_after=3), Recorder()
    run(spec, tmp_path / "whole", data_root, whole)
    stopped = run(spec, tmp_path / "parts", data_root, first)
    assert not stopped.finished
    assert stopped.step == 3
    finished = run(spec, tmp_path / "parts", data_root, second)
    assert finished.finished
    assert curve(first) + curve(second) == curve(whole)
    one, other = load_detector(tmp_path / "whole/student.safetensors"), load_detector(finished.weights)
    assert all(torch.equal(value, other[0].state_dict()[name]) for name, value in one[0].state_dict().items())
    assert one[1].metrics == other[1].metrics


def test_the_run_leaves_what_the_workers_need(tmp_path: Path, data_root: Path) -> None:
    recorder = Recorder()
    result = run(make_training(distil=True), tmp_path, data_root, recorder)
    assert result.finished
    assert result.step == 6
    assert {"val/AP", "val/AP50", "teacher/AP", "teacher/AP50"} <= set(result.metrics)
    assert json.loads((tmp_path / "metrics.json").read_text()) == result.metrics
    assert TrainingSpec.model_validate_json((tmp_path / "spec.json").read_text()) == make_training(distil=True)
    student, card = load_detector(result.weights)
    assert card.class_names == ("cat", "dog", "owl")
    assert card.category_ids == (3, 7, 11)
    assert sum(parameter.numel() for parameter in student.parameters()) == result.num_parameters
    assert sorted(path.name for path in (tmp_path / "checkpoints").iterdir()) == [
        "step-00000004.pt",
        "step-00000006.pt",
    ]
    assert recorder.checkpoints == [2, 4, 6]
    assert [phase for phase in ("starting", "training", "evaluating", "saving") if phase not in recorder.phases] == []


def test_metrics_have_the_names_that_everybody_expects(tmp_path: Path, data_root: Path) -> None:
    recorder = Recorder()
    run(make_training(distil=True), tmp_path, data_root, recorder)
    assert [step for step, _ in recorder.metrics] == [0, 0, 3, 4, 6, 6]
    costs, teacher, first, trained = (set(recorder.metrics[number][1]) for number in range(4))
    assert {f"cost/{role}_{name}" for role in ("student", "teacher") for name in COSTS} == costs
    assert {"teacher/AP", "teacher/AP50"} == teacher
    names = trained
    losses = {"total", "classification", "box", "rank_mimicking", "feature_imitation"}
    rest = {"train/learning_rate", "train/gradient_norm", "train/images_per_second"}
    assert names == {f"train/loss/{name}" for name in losses} | rest
    assert {"val/AP", "val/AP50", "val/AP75", "val/AP/cat"} <= first


def test_asking_again_for_a_finished_training_gives_the_same_result(tmp_path: Path, data_root: Path) -> None:
    first = run(make_training(), tmp_path, data_root)
    recorder = Recorder()
    assert run(make_training(), tmp_path, data_root, recorder) == first
    assert recorder.metrics == []


def test_checkpoints_hold_tensors_and_plain_data_only(tmp_path: Path, data_root: Path) -> None:
    run(make_training(distil=True), tmp_path, data_root)
    for path in (tmp_path / "checkpoints").iterdir():
        assert read_checkpoint(path)["step"] in (4, 6)


def test_a_folder_of_another_training_is_refused(tmp_path: Path, data_root: Path) -> None:
    run(make_training(), tmp_path, data_root)
    with pytest.raises(InputError, match="holds checkpoints of another training"):
        run(make_training(seed=1), tmp_path, data_root)


def test_the_student_starts_from_the_same_weights_with_and_without_a_teacher(tmp_path: Path, data_root: Path) -> None:
    for name, distil in (("a", False), ("b", True)):
        run(make_training(distil=distil, num_steps=1, optimizer={"learning_rate": 1e-9}), tmp_path / name, data_root)
    one, other = (load_detector(tmp_path / name / "student.safetensors")[0] for name in ("a", "b"))
    assert all(torch.allclose(a, b, atol=1e-6) for a, b in zip(one.parameters(), other.parameters(), strict=True))


def test_bfloat16_trains_and_evaluates(tmp_path: Path, data_root: Path) -> None:
    result = run(make_training(distil=True, precision="bfloat16"), tmp_path, data_root)
    assert result.finished


def test_group_norm_and_worker_processes_train(tmp_path: Path, data_root: Path) -> None:
    document = make_training().model_dump(mode="json")
    document["data"]["num_workers"] = 1
    document["student"]["backbone"]["norm"] = "group"
    assert run(TrainingSpec.model_validate(document), tmp_path, data_root).finished


def test_a_missing_teacher_is_told(tmp_path: Path, data_root: Path) -> None:
    distillation = {"teacher": {"weights": "nowhere.safetensors"}}
    with pytest.raises(InputError, match="no weights at"):
        run(make_training(distillation=distillation), tmp_path, data_root)


def test_a_gpu_that_is_not_there_is_told(tmp_path: Path, data_root: Path) -> None:
    if torch.cuda.is_available():
        pytest.skip("this machine has a GPU")
    with pytest.raises(InputError, match="has no GPU that torch can use"):
        run(make_training(device="cuda"), tmp_path, data_root)


def test_only_the_newest_two_checkpoints_are_kept(tmp_path: Path) -> None:
    for step in (1, 2, 3):
        write_checkpoint(tmp_path, {"step": step}, step=step)
    found = read_newest_checkpoint(tmp_path)
    assert found is not None
    assert found[1] == {"step": 3}
    assert len(list(tmp_path.iterdir())) == 2


@pytest.mark.parametrize("keep_best", [False, True])
def test_the_best_checkpoint_stays_where_it_is_asked_for_also_after_a_resume(
    keep_best: bool, tmp_path: Path, data_root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    aps = {1: 10.0, 2: 30.0, 3: 20.0, 4: 30.0, 5: 1.0}
    spec = make_training(num_steps=5, evaluate_every_steps=1, checkpoint_every_steps=1)
    steps = iter((1, 2, 3, 4, 5))
    monkeypatch.setattr("trainer.training.Evaluator.evaluate", lambda *_, **__: {"AP": aps[next(steps)], "AP50": 0.0})
    for reporter in (Recorder(stop_after=3), Recorder()):
        train(spec, out=tmp_path, data_root=data_root, reporter=reporter, keep_best=keep_best)
    kept = sorted(int(path.stem.removeprefix("step-")) for path in (tmp_path / "checkpoints").iterdir())
    assert kept == ([2, 4, 5] if keep_best else [4, 5])


def test_any_of_several_reporters_can_stop_a_training() -> None:
    several = Reporters([Recorder(), Recorder(stop_after=2)])
    several.log_progress("training", step=1, num_steps=5)
    assert not several.should_stop()
    several.log_progress("training", step=2, num_steps=5)
    assert several.should_stop()


def test_the_learning_rate_warms_up_and_decays_to_zero() -> None:
    spec = OptimizerSpec(learning_rate=1.0, warmup_steps=4)
    rates = [learning_rate_at(step, spec, num_steps=104) for step in range(104)]
    assert rates[:4] == [0.25, 0.5, 0.75, 1.0]
    assert rates[54] == pytest.approx(0.5)
    assert rates[-1] < 0.001


def test_a_training_with_worker_processes_and_drawn_sizes_resumes_bit_by_bit(tmp_path: Path, data_root: Path) -> None:
    document = make_training().model_dump(mode="json")
    document["data"] |= {"scale_range": [0.7, 1.4], "photometric": 0.5}
    whole, first, second = Recorder(), Recorder(stop_after=3), Recorder()
    run(TrainingSpec.model_validate(document), tmp_path / "whole", data_root, whole)
    document["data"]["num_workers"] = 2
    run(TrainingSpec.model_validate(document), tmp_path / "parts", data_root, first)
    run(TrainingSpec.model_validate(document), tmp_path / "parts", data_root, second)
    assert curve(first) + curve(second) == curve(whole)
