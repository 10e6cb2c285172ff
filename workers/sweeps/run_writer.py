"""The MLflow run of one training, written by another process from what the training leaves in its folder."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from trainer.folders import SPEC, STUDENT
from trainer.spec import TrainingSpec
from workers.journal import points_after
from workers.mlflow_sink import MAX_METRICS_PER_BATCH, MAX_PARAMETERS_PER_BATCH, RunKey, as_metrics, as_params, open_run
from workers.runs import CODE_TAG, ENVIRONMENT, RunStatus, code_version, training_parameters
from workers.spec.layout import JOURNAL, replace_whole
from workers.storage.trials import SETTLED

if TYPE_CHECKING:
    from mlflow import MlflowClient
    from mlflow.entities import Param, RunInfo

# A batch holds at most a thousand items of all kinds.
_METRICS_BESIDE_PARAMETERS = MAX_METRICS_PER_BATCH - MAX_PARAMETERS_PER_BATCH


class RunWriter:
    """Sends with few requests what MLflow does not have yet.

    Each method raises `foreign_errors` and can then be called again: MLflow keeps a point that is sent twice once.
    """

    def __init__(self, client: MlflowClient, key: RunKey, out: Path, *, is_new: bool) -> None:
        """With `is_new` no other process can have made the run, and it is not looked for."""
        self._client = client
        self._key = key
        self._out = out
        self._is_new = is_new
        self._info: RunInfo | None = None
        self._parameters: list[Param] = []
        self._offset = 0
        self._sent: set[Path] = set()

    @property
    def run_id(self) -> str | None:
        """None while there is no run."""
        return None if self._info is None else str(self._info.run_id)

    def send(self) -> RunInfo:
        """Send parameters and points; the training may go on."""
        info = self._open()
        points, offset = points_after(self._out / JOURNAL, self._offset)
        metrics = as_metrics(points)
        while self._parameters or metrics:
            parameters, now = self._parameters[:MAX_PARAMETERS_PER_BATCH], metrics[:_METRICS_BESIDE_PARAMETERS]
            self._client.log_batch(info.run_id, params=parameters, metrics=now)
            del self._parameters[: len(parameters)], metrics[: len(now)]
        self._offset = offset
        return info

    def end(self, status: RunStatus) -> str:
        """Send all that is left, and the files, and end the run; returns its id."""
        from mlflow.store.artifact.artifact_repository_registry import get_artifact_repository

        info = self.send()
        # the client's own `log_artifact` asks first where the artifacts of the run are
        artifacts = get_artifact_repository(info.artifact_uri, self._client.tracking_uri)
        for path, folder in self._files(status):
            if path not in self._sent:
                artifacts.log_artifact(str(path), folder)
                self._sent.add(path)
        self._client.set_terminated(info.run_id, status=status)
        replace_whole(self._out / SETTLED, info.run_id)
        return str(info.run_id)

    def _open(self) -> RunInfo:
        if self._info is None:
            is_new, self._is_new = self._is_new, False  # an answer may get lost, and the run be there
            spec = TrainingSpec.model_validate_json((self._out / SPEC).read_text(encoding="utf-8"))
            self._info = open_run(self._client, self._key, is_new=is_new, tags={CODE_TAG: code_version()})
            self._parameters = as_params(training_parameters(spec))
        return self._info

    def _files(self, status: RunStatus) -> Iterator[tuple[Path, str | None]]:
        """The files of the run, each with its folder at MLflow."""
        names: list[tuple[str, str | None]] = [("preflight.json", "preflight"), ("diagnostics/*", "diagnostics")]
        if status == "FINISHED":
            names += [(SPEC, None), (ENVIRONMENT, None), (STUDENT, "student")]
        for name, folder in names:
            for path in sorted(self._out.glob(name)):
                yield path, folder
