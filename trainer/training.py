"""The training loop: baseline or distillation, evaluated, resumable, exported at the end."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import torch

from trainer.checkpoints import random_state, read_newest_checkpoint, set_random_state, write_checkpoint
from trainer.data.batches import Batch, SampleStore, TrainingStream, training_batches
from trainer.data.coco import CocoSplit, read_split, require_same_classes
from trainer.detectors import DenseDetector, DetectorCard, build_detector, save_detector
from trainer.diagnostics import Probe, model_costs
from trainer.distill.teacher import Teacher
from trainer.distributed import agreed, alone, rank, wait_for_all, world_size
from trainer.errors import InputError
from trainer.evaluation import Evaluator
from trainer.folders import STUDENT, claim, write_text
from trainer.launch import local_rank, together
from trainer.learner import Learner
from trainer.metrics import MetricWindow
from trainer.preflight import Finding, Given, as_document, check, require
from trainer.reporting import NullReporter, Reporter
from trainer.spec import TeacherSpec, TrainingSpec


@dataclass(frozen=True)
class TrainingResult:
    """How a training ended."""

    metrics: dict[str, float]  # the last val/* and teacher/*, AP in percent
    weights: Path
    num_parameters: int
    train_seconds: float  # over all attempts, evaluation and start left out
    step: int
    finished: bool  # False when the reporter ended it


def train(
    spec: TrainingSpec,
    *,
    out: Path,
    data_root: Path,
    reporter: Reporter,
    cache_root: Path | None = None,
    files: Mapping[str, Path] | None = None,
    keep_best: bool = False,
) -> TrainingResult:
    """Train a student and write it to `out`; goes on from the newest checkpoint found there.

    On the CPU a resumed training gives bit by bit what an uninterrupted one gives. What `spec.changes` says of steps
    after the checkpoint may be new. Cached teacher outputs are kept in `cache_root`, which other trainings may share;
    by default below `out`. `files` says where files are that the spec names and that are not below `data_root`. With
    `keep_best` the checkpoint with the highest AP stays beside the newest two.

    Raises:
        InputError: data, teacher or `out` cannot be used, or a loss is not finite any more.
    """
    torch.set_num_threads(spec.num_threads)
    out.mkdir(parents=True, exist_ok=True)
    with together(
        spec.distributed.world_size, spec.device, _follow, (spec, out, data_root, cache_root, files)
    ) as number:
        reporter.log_progress("starting", step=0, num_steps=spec.num_steps)
        if number == 0:
            claim(out, spec)
        parts = _Parts.of(spec, data_root, files or {})
        return _Training(spec, out, parts, reporter, cache_root or out / "teacher-cache", keep_best=keep_best).run()


def _follow(
    spec: TrainingSpec, out: Path, data_root: Path, cache_root: Path | None, files: Mapping[str, Path] | None
) -> None:
    """What the processes do that do not lead."""
    train(spec, out=out, data_root=data_root, reporter=NullReporter(), cache_root=cache_root, files=files)


def check_training(spec: TrainingSpec, *, data_root: Path) -> list[Finding]:
    """What is wrong with a training's data, teacher and memory, without training.

    Raises:
        InputError: data or teacher cannot even be read.
    """
    torch.set_num_threads(spec.num_threads)
    parts = _Parts.of(spec, data_root, {})
    Learner(spec, parts.student, parts.teacher)  # refuses what cannot be paired
    return check(parts.given(spec))


class _Training:
    """One training between its checkpoints."""

    def __init__(
        self,
        spec: TrainingSpec,
        out: Path,
        parts: _Parts,
        reporter: Reporter,
        cache_root: Path,
        *,
        keep_best: bool,
    ) -> None:
        self._spec, self._out, self._reporter = spec, out, reporter
        self._parts, self._train_split, self._teacher = parts, parts.train, parts.teacher
        self._learner = Learner(
            spec, parts.student, parts.teacher, cache_root=cache_root, num_images=len(parts.train.images)
        )
        self._evaluator = Evaluator(
            parts.val,
            image_size_px=spec.data.image_size_px,
            short_side_px=spec.data.short_side_px,
            batch_size=spec.batch_size,
            num_workers=spec.data.num_workers,
            device=next(parts.student.parameters()).device,
        )
        self._probe = Probe(
            spec.diagnostics,
            self._learner.objective,
            parts.teacher,
            split=parts.val,
            image_size_px=spec.data.image_size_px,
            short_side_px=spec.data.short_side_px,
            out=out / "diagnostics",
        )
        self._keep_best = keep_best
        self._best: tuple[float, int] | None = None  # the highest AP that was taken at a checkpoint, and its step
        self._evaluated_at = -1
        self._window = MetricWindow()
        self._metrics: dict[str, float] = {}
        self._train_seconds = 0.0
        self._step = 0

    def run(self) -> TrainingResult:
        """Train from the newest checkpoint to the end or to the reporter's stop."""
        resumed = self._resume()
        self._lead(self._start, resumed)
        self._learner.adopt(self._spec.at(self._step))
        stopped = self._is_stopped()
        for batch in [] if stopped else self._batches():
            self._train_on(batch)
            stopped = self._is_stopped()
            if stopped or self._is_due(self._spec.checkpoint_every_steps):
                self._lead(self._save_checkpoint)
            if stopped:
                break
        self._lead(self._finish, not stopped)
        return self._result(finished=not stopped)

    def _lead(self, action: Callable[..., None], *arguments: object) -> None:
        """Do what only the leading process does; the others wait. An InputError of it ends all of them."""
        if rank() == 0:
            with alone():
                action(*arguments)
        wait_for_all()

    def _is_stopped(self) -> bool:
        return agreed(self._reporter.should_stop()) and self._step < self._spec.num_steps

    def _start(self, resumed: bool) -> None:
        if not resumed:
            self._check()
            self._log_costs()
        self._evaluate_teacher()

    def _batches(self) -> Iterator[Batch]:
        spec = self._spec
        store = SampleStore(
            self._train_split,
            image_size_px=spec.data.image_size_px,
            short_side_px=spec.data.short_side_px,
            keep=spec.data.num_workers == 0,
        )
        stream = TrainingStream(
            store,
            seed=spec.seed,
            horizontal_flip=spec.data.horizontal_flip,
            scale_range=spec.data.scale_range,
            photometric=spec.data.photometric,
        )
        return training_batches(
            stream,
            steps=range(self._step, spec.num_steps),
            batch_size=spec.batch_size,
            size_divisor=self._learner.student.size_divisor,
            num_workers=spec.data.num_workers,
            share=(rank(), world_size()),
            with_digests=self._learner.cache is not None,
        )

    def _train_on(self, batch: Batch) -> None:
        if any(change.from_step == self._step for change in self._spec.changes):
            self._learner.adopt(self._spec.at(self._step))
        started = time.perf_counter()
        metrics = self._learner.step(batch, step=self._step)
        seconds = time.perf_counter() - started
        self._step += 1
        self._train_seconds += seconds
        self._window.add(metrics, num_images=self._spec.batch_size, seconds=seconds)
        self._progress("training")
        if self._is_due(self._spec.log_every_steps):
            self._reporter.log_metrics(self._window.take(), step=self._step)
        if self._is_due(self._spec.evaluate_every_steps):
            self._progress("evaluating")
            self._lead(self._evaluate, batch)

    def _is_due(self, every: int) -> bool:
        return self._step % every == 0 or self._step == self._spec.num_steps

    def _evaluate(self, batch: Batch) -> None:
        """The student's AP, and the diagnostics; `batch` is the one that was trained on last."""
        student = self._learner.best_student
        found = self._evaluator.evaluate(student)
        metrics = {f"val/{name}": value for name, value in found.items()}
        self._metrics.update(metrics)
        self._evaluated_at = self._step
        if self._spec.diagnostics.enabled:
            diagnosis = self._probe.look(batch, step=self._step, evaluated=student)
            metrics |= diagnosis.metrics
            for path in diagnosis.files:
                self._reporter.log_artifact(path, folder="diagnostics")
        self._reporter.log_metrics(metrics, step=self._step)

    def _check(self) -> None:
        """The checks before the first step; what was found is kept beside the training."""
        if not self._spec.preflight:
            return
        findings = check(self._parts.given(self._spec))
        path = self._out / "preflight.json"
        write_text(path, json.dumps(as_document(findings), indent=2))
        self._reporter.log_artifact(path, folder="preflight")
        require(findings)

    def _log_costs(self) -> None:
        """What the student costs, beside the teacher."""
        detectors = {"student": self._parts.student, **({"teacher": self._teacher.detector} if self._teacher else {})}
        costs = {
            f"cost/{role}_{name}": value
            for role, detector in detectors.items()
            for name, value in model_costs(detector, image_size_px=self._spec.data.image_size_px).items()
        }
        self._reporter.log_metrics(costs, step=0)

    def _evaluate_teacher(self) -> None:
        """The teacher's AP on the validation split: once, at step 0; a resume reads it from the out folder."""
        if self._teacher is None:
            return
        path = self._out / "teacher.json"
        if path.is_file():
            self._metrics.update(json.loads(path.read_text()))
            return
        self._progress("evaluating")
        found = self._evaluator.evaluate(self._teacher.detector, class_order=self._teacher.alignment.class_order)
        metrics = {f"teacher/{name}": found[name] for name in ("AP", "AP50")}
        self._metrics.update(metrics)
        self._reporter.log_metrics(metrics, step=0)
        write_text(path, json.dumps(metrics))

    def _progress(self, phase: str) -> None:
        self._reporter.log_progress(phase, step=self._step, num_steps=self._spec.num_steps)  # type: ignore[arg-type]

    def _save_checkpoint(self) -> None:
        self._progress("saving")
        ap = self._metrics.get("val/AP", 0.0)
        if self._evaluated_at == self._step and (self._best is None or ap > self._best[0]):
            self._best = (ap, self._step)
        state = {
            "best": self._best,
            "step": self._step,
            "learner": self._learner.state_dict(),
            "window": self._window.state_dict(),
            "metrics": self._metrics,
            "train_seconds": self._train_seconds,
            "random": random_state(),
        }
        best_step = self._best[1] if self._keep_best and self._best is not None else None
        path = write_checkpoint(self._out / "checkpoints", state, step=self._step, best_step=best_step)
        self._reporter.log_checkpoint(path, step=self._step)

    def _resume(self) -> bool:
        """Go on from the newest whole checkpoint; False where there is none."""
        found = read_newest_checkpoint(self._out / "checkpoints")
        if found is None:
            return False
        _, state = found
        self._learner.load_state_dict(state["learner"])
        self._window.load_state_dict(state["window"])
        self._metrics = state["metrics"]
        self._train_seconds = state["train_seconds"]
        self._step = state["step"]
        self._best = state.get("best")
        set_random_state(state["random"])
        return True

    def _finish(self, finished: bool) -> None:
        if finished:
            self._progress("saving")
            save_detector(self._weights, self._learner.best_student, self._card())
            write_text(self._out / "metrics.json", json.dumps(self._metrics, indent=2))

    def _result(self, *, finished: bool) -> TrainingResult:
        return TrainingResult(
            metrics=dict(self._metrics),
            weights=self._weights,
            num_parameters=sum(parameter.numel() for parameter in self._learner.student.parameters()),
            train_seconds=self._train_seconds,
            step=self._step,
            finished=finished,
        )

    @property
    def _weights(self) -> Path:
        return self._out / STUDENT

    def _card(self) -> DetectorCard:
        return DetectorCard(
            detector=self._spec.student,
            class_names=self._train_split.class_names,
            category_ids=self._train_split.category_ids,
            image_size_px=self._spec.data.image_size_px,
            short_side_px=self._spec.data.short_side_px,
            training=self._spec,
            metrics=self._metrics,
        )


@dataclass(frozen=True)
class _Parts:
    """What a spec names, read and built."""

    train: CocoSplit
    val: CocoSplit
    student: DenseDetector
    teacher: Teacher | None

    @classmethod
    def of(cls, spec: TrainingSpec, data_root: Path, files: Mapping[str, Path]) -> _Parts:
        """Raises InputError where a part cannot be read, or does not go with the others."""
        device = pick_device(spec.device)
        train_split, val_split = _read_data(spec, data_root)
        torch.manual_seed(spec.seed)
        student = build_detector(spec.student, num_classes=len(train_split.class_names)).to(device)
        teacher = None
        if spec.distillation is not None:
            names = train_split.class_names
            teacher = _load_teacher(spec.distillation.teacher, names, data_root=data_root, files=files, device=device)
        return cls(train_split, val_split, student, teacher)

    def given(self, spec: TrainingSpec) -> Given:
        return Given(spec, self.train, self.val, self.student, self.teacher)


def pick_device(wanted: str) -> torch.device:
    """The device of a spec. Raises InputError when a GPU is wanted and there is none."""
    if wanted == "cuda" and not torch.cuda.is_available():
        raise InputError("device is 'cuda', and this machine has no GPU that torch can use; wanted 'auto' or 'cpu'")
    if wanted == "auto":
        wanted = "cuda" if torch.cuda.is_available() else "cpu"
    return torch.device(wanted, local_rank()) if wanted == "cuda" else torch.device(wanted)


def _read_data(spec: TrainingSpec, data_root: Path) -> tuple[CocoSplit, CocoSplit]:
    if spec.data.train is None or spec.data.val is None:
        raise InputError(
            f"data names the data set {spec.data.dataset!r} alone, which only a service can look up; "
            "wanted train and val with images and annotations"
        )
    train_split = read_split(spec.data.train, data_root=data_root)
    val_split = read_split(spec.data.val, data_root=data_root)
    require_same_classes(train_split, val_split)
    if train_split.num_instances == 0:
        raise InputError(f"{train_split.annotations} has no boxes; there is nothing to learn")
    return train_split, val_split


def _load_teacher(
    teacher: TeacherSpec,
    class_names: Sequence[str],
    *,
    data_root: Path,
    files: Mapping[str, Path],
    device: torch.device,
) -> Teacher:
    if teacher.torchvision is not None:
        return Teacher.published(teacher.torchvision, class_names=class_names, device=device)
    weights = _weights_of(teacher)
    return Teacher.load(files.get(weights, data_root / weights), class_names=class_names, device=device)


def _weights_of(teacher: TeacherSpec) -> str:
    if teacher.weights is None:
        raise InputError(
            f"the teacher is given as the model {teacher.model!r} alone, which only a service can look up; "
            "wanted weights, the path of its file"
        )
    return teacher.weights
