"""The only way out of the trainer: a reporter is told what happens and is asked whether to go on."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Literal, Protocol

from tqdm import tqdm

Phase = Literal["starting", "training", "evaluating", "saving"]


class Reporter(Protocol):
    """A sink for metrics, progress and checkpoints; implemented by the console, MLflow and Tune."""

    def log_metrics(self, metrics: Mapping[str, float], *, step: int) -> None:
        """Metrics of a step. Steps count what is done: step 1 is logged after the first optimiser step."""

    def log_progress(self, phase: Phase, *, step: int, num_steps: int) -> None:
        """Called every step and at each change of phase; must be cheap."""

    def log_checkpoint(self, path: Path, *, step: int) -> None:
        """A whole checkpoint, from which the training can resume, now exists at `path`."""

    def log_artifact(self, path: Path, *, folder: str) -> None:
        """A small file to keep with the run, in this folder of its artifacts."""

    def should_stop(self) -> bool:
        """Asked after every step; True makes the trainer write a checkpoint and return."""
        ...


class NullReporter:
    """Listens to nothing and never stops."""

    def log_metrics(self, metrics: Mapping[str, float], *, step: int) -> None:
        pass

    def log_progress(self, phase: Phase, *, step: int, num_steps: int) -> None:
        pass

    def log_checkpoint(self, path: Path, *, step: int) -> None:
        pass

    def log_artifact(self, path: Path, *, folder: str) -> None:
        pass

    def should_stop(self) -> bool:
        return False


class Reporters:
    """Several reporters as one; the training stops when any of them wants it."""

    def __init__(self, reporters: Sequence[Reporter]) -> None:
        self._reporters = tuple(reporters)

    def log_metrics(self, metrics: Mapping[str, float], *, step: int) -> None:
        for reporter in self._reporters:
            reporter.log_metrics(metrics, step=step)

    def log_progress(self, phase: Phase, *, step: int, num_steps: int) -> None:
        for reporter in self._reporters:
            reporter.log_progress(phase, step=step, num_steps=num_steps)

    def log_checkpoint(self, path: Path, *, step: int) -> None:
        for reporter in self._reporters:
            reporter.log_checkpoint(path, step=step)

    def log_artifact(self, path: Path, *, folder: str) -> None:
        for reporter in self._reporters:
            reporter.log_artifact(path, folder=folder)

    def should_stop(self) -> bool:
        asked = [reporter.should_stop() for reporter in self._reporters]  # all of them: some act when asked
        return any(asked)


class ConsoleReporter:
    """A progress bar with the time left on standard error, and a line for each evaluation on standard output."""

    def __init__(self) -> None:
        self.stop_requested = False
        self._bar: tqdm[Any] | None = None
        self._shown: dict[str, str] = {}

    def log_metrics(self, metrics: Mapping[str, float], *, step: int) -> None:
        if "teacher/AP" in metrics:
            self._write(f"teacher: AP {metrics['teacher/AP']:.1f}, AP50 {metrics.get('teacher/AP50', 0.0):.1f}")
        if "val/AP" in metrics:
            self._shown["AP"] = f"{metrics['val/AP']:.1f}"
            self._write(f"step {step}: AP {metrics['val/AP']:.1f}, AP50 {metrics.get('val/AP50', 0.0):.1f}")
        if "train/loss/total" in metrics:
            self._shown["loss"] = f"{metrics['train/loss/total']:.3f}"
        if self._bar is not None:
            self._bar.set_postfix(self._shown, refresh=False)

    def log_progress(self, phase: Phase, *, step: int, num_steps: int) -> None:
        if self._bar is None:
            pause_s = 0.1 if sys.stderr.isatty() else 15.0  # a log file wants a line now and then
            self._bar = tqdm(total=num_steps, initial=step, unit="step", dynamic_ncols=True, mininterval=pause_s)
        self._bar.set_description(phase, refresh=False)
        self._bar.update(step - self._bar.n)

    def log_checkpoint(self, path: Path, *, step: int) -> None:
        pass

    def log_artifact(self, path: Path, *, folder: str) -> None:
        pass

    def should_stop(self) -> bool:
        return self.stop_requested

    def close(self) -> None:
        """End the progress bar."""
        if self._bar is not None:
            self._bar.close()

    def _write(self, line: str) -> None:
        tqdm.write(line, file=sys.stdout)
        sys.stdout.flush()
