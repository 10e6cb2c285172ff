"""One optimiser step: losses, gradients and the update of what is trained."""

from __future__ import annotations

import math
from collections.abc import Mapping
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn.parallel import DistributedDataParallel

from trainer.averaging import AverageWeights
from trainer.data.batches import Batch
from trainer.detectors import DenseDetector
from trainer.distill.adaptation import Adaptation
from trainer.distill.taught import CachedTeacher
from trainer.distill.teacher import Teacher
from trainer.distributed import mean_over_ranks, world_size
from trainer.errors import DivergedError
from trainer.objective import Objective
from trainer.optimization import build_optimizer, learning_rate_at, set_learning_rate, set_values
from trainer.precision import Precision
from trainer.spec import TrainingSpec

_SMALLEST_LOSS_SCALE = 1.0


class Learner:
    """Student, adaptation and optimiser, and what one step does to them."""

    def __init__(
        self,
        spec: TrainingSpec,
        student: DenseDetector,
        teacher: Teacher | None,
        *,
        cache_root: Path | None = None,
        num_images: int = 0,
    ) -> None:
        """Teacher outputs are kept in `cache_root` where the spec wants it; `num_images` makes an epoch.

        Raises InputError where teacher and student, or precision and device, do not go together.
        """
        self._spec = spec
        self._device = next(student.parameters()).device
        self._precision = Precision(spec.precision, self._device)
        if spec.channels_last:
            student.to(memory_format=torch.channels_last)
            if teacher is not None:
                teacher.detector.to(memory_format=torch.channels_last)
        self.cache = _cache(spec, student, teacher, cache_root, num_images)
        self.objective = Objective(spec, student, teacher, self._precision, self.cache)
        self._optimizer = build_optimizer(self.objective.parameters(), spec.optimizer)
        self._run: nn.Module = self.objective
        if world_size() > 1:
            # Which losses are on changes from step to step, so which parameters have a gradient does too
            self._run = DistributedDataParallel(self.objective, find_unused_parameters=True)
        self._average = AverageWeights(student, decay=spec.ema_decay) if spec.ema_decay else None

    @property
    def student(self) -> DenseDetector:
        """The student that is trained."""
        return self.objective.student

    @property
    def adaptation(self) -> Adaptation:
        """phi, trained beside the student."""
        return self.objective.adaptation

    @property
    def best_student(self) -> DenseDetector:
        """What is evaluated and exported: the moving average where it is on, else the student."""
        return self.student if self._average is None else self._average.detector

    def adopt(self, spec: TrainingSpec) -> None:
        """Go on with other values of what may change on the way; also after a checkpoint was loaded, which has its
        own."""
        self._spec = spec
        self.objective.adopt(spec)
        set_values(self._optimizer, spec.optimizer)
        if self._average is not None and spec.ema_decay is not None:
            self._average.decay = spec.ema_decay

    def step(self, batch: Batch, *, step: int) -> dict[str, float]:
        """Train on one batch; returns the metrics of this step. `step` counts from 0.

        Raises:
            DivergedError: a loss term or the gradient is not finite; names the term, the step and the images.
        """
        self.objective.train()
        learning_rate = learning_rate_at(step, self._spec.optimizer, num_steps=self._spec.num_steps)
        set_learning_rate(self._optimizer, learning_rate)
        self._optimizer.zero_grad(set_to_none=True)
        parts = batch.split(self._spec.accumulate)
        values: dict[str, float] = {}
        for number, part in enumerate(parts, start=1):
            with self._unshared() if number < len(parts) else nullcontext():
                found = self._backward(part, share=1 / len(parts), step=step)
            values = {name: values.get(name, 0.0) + value / len(parts) for name, value in found.items()}
        values["train/gradient_norm"] = self._update(batch, step=step)
        values["train/learning_rate"] = learning_rate
        if self._precision.scaler.is_enabled():
            values["train/loss_scale"] = self._precision.scaler.get_scale()
        if self._average is not None:
            self._average.update(self.student, step=step)
        return values

    def losses(self, batch: Batch, *, step: int = 0) -> dict[str, Tensor]:
        """The raw, unweighted loss terms of a batch; distillation losses that are off at `step` are left out."""
        found: dict[str, Tensor] = self._run(batch.to(self._device), step)
        return found

    def total(self, losses: Mapping[str, Tensor], *, step: int = 0) -> Tensor:
        """The weighted sum; the detector's own terms have weight 1."""
        return self.objective.total(losses, step=step)

    def state_dict(self) -> dict[str, Any]:
        """Tensors and plain data from which `load_state_dict` restores this very point."""
        return {
            "student": self.student.state_dict(),
            "adaptation": self.adaptation.state_dict(),
            "crossing": {} if self.objective.crossing is None else self.objective.crossing.state_dict(),
            "optimizer": self._optimizer.state_dict(),
            "scaler": self._precision.scaler.state_dict(),
            "average": None if self._average is None else self._average.detector.state_dict(),
        }

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Take over a state."""
        self.student.load_state_dict(state["student"])
        self.adaptation.load_state_dict(state["adaptation"])
        if self.objective.crossing is not None:
            self.objective.crossing.load_state_dict(state["crossing"])
        self._optimizer.load_state_dict(state["optimizer"])
        self._precision.scaler.load_state_dict(state["scaler"])
        if self._average is not None:
            self._average.detector.load_state_dict(state["average"])

    def _backward(self, batch: Batch, *, share: float, step: int) -> dict[str, float]:
        """Add the gradients of a part of the step's batch; returns its losses."""
        losses = self.losses(batch, step=step)
        total = self.total(losses, step=step)
        names = [*(f"train/loss/{name}" for name in losses), "train/loss/total"]
        numbers = mean_over_ranks(torch.stack([*losses.values(), total]).detach()).tolist()  # one transfer for all
        values = dict(zip(names, numbers, strict=True))
        _require_finite(values, step=step, batch=batch)
        self._precision.scaler.scale(total * share).backward()  # type: ignore[no-untyped-call]
        return values

    def _unshared(self) -> AbstractContextManager[object]:
        """Gradients that are added up in here are sent to the other processes with the next ones."""
        return self._run.no_sync() if isinstance(self._run, DistributedDataParallel) else nullcontext()

    def _update(self, batch: Batch, *, step: int) -> float:
        """Clip the gradients and step; returns their norm. float16 leaves out steps whose scaled gradients overflow."""
        scaler = self._precision.scaler
        scaler.unscale_(self._optimizer)
        limit = self._spec.optimizer.max_gradient_norm
        norm = nn.utils.clip_grad_norm_(self.objective.parameters(), limit).item()
        if not scaler.is_enabled() or scaler.get_scale() < _SMALLEST_LOSS_SCALE:
            _require_finite({"train/gradient_norm": norm}, step=step, batch=batch)
        scaler.step(self._optimizer)
        scaler.update()
        return norm if math.isfinite(norm) else 0.0


def _cache(
    spec: TrainingSpec, student: DenseDetector, teacher: Teacher | None, root: Path | None, num_images: int
) -> CachedTeacher | None:
    if teacher is None or root is None or spec.distillation is None or spec.distillation.cache is None:
        return None
    num_ways = 2 if 0 < spec.data.horizontal_flip < 1 else 1
    return CachedTeacher(
        spec.distillation.cache,
        root,
        teacher,
        student,
        precision=spec.precision,
        num_entries=num_images * num_ways,
    )


def _require_finite(values: Mapping[str, float], *, step: int, batch: Batch) -> None:
    for name, value in values.items():
        if not math.isfinite(value):
            raise DivergedError(term=name.removeprefix("train/"), step=step, value=value, image_ids=batch.image_ids)
