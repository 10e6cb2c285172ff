"""A timed training as a process, and what MLflow has of it in comparison with its journal."""

from __future__ import annotations

import json
import signal
import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

from service.stack.processes import Command, descendants, end, start
from tests.drills.timed_training import EXPERIMENT, STEPS
from tests.journals import read_lines
from workers.journal import Point
from workers.mlflow_sink import connect
from workers.spec import JobFolder, metric_name

if TYPE_CHECKING:
    from mlflow.entities import Run

_LOGGED = "train/loss/total"
_STOPPED_WITHIN_S = 60.0


class Timed:
    """Use as a context manager."""

    def __init__(self, name: str, folder: Path, mlflow_url: str, data: Path) -> None:
        self.name, self.folder = name, folder
        self._data, self._mlflow_url = data, mlflow_url
        self._job = JobFolder(folder, f"job-{name}")

    def __enter__(self) -> Timed:
        words = [str(self.folder), str(self._data), self._mlflow_url, self.name]
        command = [sys.executable, "-m", "tests.drills.timed_training", *words]
        log = self.folder / f"{self.name}.log"
        self._child = start(Command(self.name, command, {"OMP_NUM_THREADS": "1"}, log))
        self._client = connect(self._mlflow_url)
        return self

    def __exit__(self, *_: object) -> None:
        end(descendants([self._child.process.pid]), patience_s=5)
        self._child.process.wait()

    def stop(self) -> None:
        """Let it end as a training that was asked to."""
        self._child.process.send_signal(signal.SIGTERM)
        self._child.process.wait(_STOPPED_WITHIN_S)

    @property
    def points(self) -> list[Point]:
        """What it has logged."""
        return [Point(**line) for line in read_lines(self._job.journal)]

    def steps_ended_at(self) -> list[float]:
        """Known when it has stopped."""
        found: list[float] = json.loads((self._job.work / STEPS).read_text())
        return found

    def has_points(self) -> bool:
        assert self._child.process.poll() is None, f"the training {self.name} has ended, see {self.folder}"
        run = self._run()
        return run is not None and _LOGGED in run.data.metrics

    def at_mlflow(self) -> dict[str, list[tuple[int, float]]]:
        """The points of each metric, in order."""
        run = self._run()
        assert run is not None
        return {
            key: sorted((point.step, point.value) for point in self._client.get_metric_history(run.info.run_id, key))
            for key in run.data.metrics
        }

    def newest_at_mlflow(self) -> int:
        return max(step for step, _ in self.at_mlflow()[_LOGGED])

    def _run(self) -> Run | None:
        experiment = self._client.get_experiment_by_name(EXPERIMENT)
        wanted = f"tags.drill = '{self.name}'"
        found = [] if experiment is None else self._client.search_runs([experiment.experiment_id], wanted)
        assert len(found) < 2, f"the training {self.name} has {len(found)} runs"
        return found[0] if found else None


def points_are_there_once(one: Timed) -> list[str]:
    """What is wrong at MLflow, in comparison with the journal."""
    wanted: dict[str, list[tuple[int, float]]] = {}
    for point in one.points:
        for key, value in point.metrics.items():
            wanted.setdefault(metric_name(key), []).append((point.step, value))
    found = one.at_mlflow()
    wrong = (
        [f"{one.name}: MLflow has {sorted(found)}, wanted {sorted(wanted)}"] if found.keys() != wanted.keys() else []
    )
    for key, points in found.items():
        steps = [step for step, _ in wanted.get(key, [])]
        counts = Counter(step for step, _ in points)
        if twice := [step for step, count in counts.items() if count > 1]:
            wrong.append(f"{one.name}: {key} is at MLflow more than once at the steps {twice[:10]}")
        if lacking := sorted(set(steps) - counts.keys()):
            wrong.append(f"{one.name}: {key} is not at MLflow at {len(lacking)} steps, as {lacking[:10]}")
        elif sorted(wanted.get(key, [])) != points:
            wrong.append(f"{one.name}: {key} is at MLflow with other values than in the journal")
    return wrong
