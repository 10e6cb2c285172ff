"""What is kept of a training in MLflow besides metrics: parameters, spec, environment, the student."""

from __future__ import annotations

import importlib.metadata
import json
import platform
import subprocess
import tempfile
import warnings
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from trainer.spec import TrainingSpec
from workers.mlflow_sink import RunKey, flatten
from workers.spec import AttemptOrder

if TYPE_CHECKING:
    from mlflow import MlflowClient
    from mlflow.entities import LoggedModel

CODE_TAG = "stillhouse.code"
ENVIRONMENT = "environment.json"
RunStatus = Literal["FINISHED", "KILLED", "FAILED"]
STUDENT_MODEL_CODE = Path(__file__).with_name("student_model.py")
STUDENT_REQUIREMENTS = ("torch", "torchvision", "safetensors", "numpy", "pillow", "pydantic")


def job_key(order: AttemptOrder) -> RunKey:
    """The run of a job or sweep; all its attempts go on with the same one until it is begun again from scratch."""
    tags = {"stillhouse.job_id": order.job_id, "stillhouse.kind": order.spec.kind, **_scratch(order)}
    return RunKey(order.spec.project, order.spec.name, tags)


def trial_key(order: AttemptOrder, number: int, parent_run_id: str | None, *, exploits: int | None = None) -> RunKey:
    """The nested run of one trial, found again by our own number and never by Tune's trial id.

    A trial of a population has a run for what comes before its first exploit and one for what comes after each.
    """
    tags = {"stillhouse.job_id": order.job_id, "stillhouse.kind": "trial", "stillhouse.trial": str(number)}
    tags |= _scratch(order)
    if parent_run_id is not None:
        tags["mlflow.parentRunId"] = parent_run_id
    if exploits is not None:
        tags["stillhouse.exploits"] = str(exploits)
    after = f", exploit {exploits}" if exploits else ""
    return RunKey(order.spec.project, f"{order.spec.name} #{number}{after}", tags)


def _scratch(order: AttemptOrder) -> dict[str, str]:
    return {"stillhouse.scratch_after": str(order.scratch_after)} if order.scratch_after else {}


def training_parameters(training: TrainingSpec) -> dict[str, str]:
    return flatten(training.model_dump(mode="json"))


@cache
def environment() -> str:
    """Versions of interpreter, machine and every installed distribution, as JSON."""
    import torch

    packages = {dist.name: dist.version for dist in importlib.metadata.distributions() if dist.name}
    found = {
        "python": platform.python_version(),
        "platform": platform.platform(),
        "processor": platform.machine(),
        "gpus": [torch.cuda.get_device_name(i) for i in range(torch.cuda.device_count())],
        "packages": dict(sorted(packages.items())),
    }
    return json.dumps(found, indent=2)


@cache
def code_version() -> str:
    """The version of this code; in a checkout with its commit."""
    try:
        version = importlib.metadata.version("stillhouse")
    except importlib.metadata.PackageNotFoundError:
        version = "0+unknown"
    root = Path(__file__).parents[1]
    if not (root / ".git").exists():
        return version
    try:
        described = subprocess.run(
            ["git", "-C", str(root), "describe", "--always", "--dirty", "--abbrev=12", "--exclude=*"],
            capture_output=True, text=True, check=True, timeout=10,
        )  # fmt: skip
    except (OSError, subprocess.SubprocessError):  # no git here: the version alone has to do
        return version
    return f"{version}+g{described.stdout.strip()}"


def log_spec(client: MlflowClient, run_id: str, spec: TrainingSpec) -> None:
    client.set_tag(run_id, CODE_TAG, code_version())
    client.log_text(run_id, spec.model_dump_json(indent=2), "spec.json")
    client.log_text(run_id, environment(), ENVIRONMENT)


def log_student(client: MlflowClient, run_id: str, path: Path) -> None:
    """Keep one of the files of a student."""
    client.log_artifact(run_id, str(path), "student")


def log_student_model(client: MlflowClient, run_id: str, weights: Path) -> None:
    """Keep the student as an MLflow model: safetensors weights behind our own loading code, without pickle.

    A run cannot be parted from a model that it once named, so what an attempt that was killed has begun is finished,
    step by step, and never begun again: `mlflow.pyfunc.log_model` would leave the run with two.
    """
    from mlflow.entities import LoggedModelOutput, LoggedModelStatus

    model = _begun_model(client, run_id)
    if model.status == LoggedModelStatus.READY:
        return
    if model.model_id not in _named_models(client, run_id):
        client.log_outputs(run_id, [LoggedModelOutput(model.model_id, step=0)])
    with tempfile.TemporaryDirectory(prefix="stillhouse-model-") as folder:
        path = Path(folder) / "model"
        _save_student_model(path, model, run_id, weights)
        client.log_model_artifacts(model.model_id, str(path))
    client.finalize_logged_model(model.model_id, LoggedModelStatus.READY)


def _begun_model(client: MlflowClient, run_id: str) -> LoggedModel:
    """The one model of the run, made where there is none; of several, which a lost answer can leave, the named one."""
    from mlflow.entities import LoggedModelStatus

    run = client.get_run(run_id)
    experiment_id = run.info.experiment_id
    found = list(client.search_logged_models([experiment_id], filter_string=f"source_run_id = '{run_id}'"))
    if not found:
        return client.create_logged_model(experiment_id, "student", source_run_id=run_id, params=run.data.params)
    named = _named_models(client, run_id)
    found.sort(key=lambda model: (model.model_id not in named, model.status != LoggedModelStatus.READY))
    for model in found[1:]:
        client.delete_logged_model(model.model_id)
    return found[0]


def _named_models(client: MlflowClient, run_id: str) -> set[str]:
    outputs = client.get_run(run_id).outputs
    return {output.model_id for output in outputs.model_outputs} if outputs else set()


def _save_student_model(path: Path, model: LoggedModel, run_id: str, weights: Path) -> None:
    import mlflow
    from mlflow.models import Model, ModelSignature
    from mlflow.types import ColSpec, DataType, Schema

    warnings.filterwarnings("ignore", message=".*input example was not provided", category=UserWarning)
    mlflow.pyfunc.save_model(
        path=str(path),
        mlflow_model=Model(
            artifact_path=model.artifact_location, model_uuid=model.model_id, run_id=run_id, model_id=model.model_id
        ),
        python_model=str(STUDENT_MODEL_CODE),
        artifacts={"weights": str(weights)},
        signature=ModelSignature(inputs=Schema([ColSpec(DataType.binary, "image")])),
        pip_requirements=[f"{name}=={importlib.metadata.version(name)}" for name in STUDENT_REQUIREMENTS],
    )
