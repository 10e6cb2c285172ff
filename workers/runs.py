"""What is kept of a training in MLflow besides metrics: parameters, spec, environment, the student."""

from __future__ import annotations

import importlib.metadata
import json
import platform
import subprocess
import warnings
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from trainer.spec import TrainingSpec
from workers.mlflow_sink import RunKey, flatten
from workers.spec import AttemptOrder

if TYPE_CHECKING:
    from mlflow import MlflowClient

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


def log_student_model(client: MlflowClient, tracking_uri: str, run_id: str, weights: Path) -> None:
    """Keep the student as an MLflow model: safetensors weights behind our own loading code, without pickle.

    An attempt that was killed may have kept it already, whole or half: a whole one stays, a half one is removed.
    """
    import mlflow

    if _has_student_model(client, run_id):
        return
    from mlflow.models import ModelSignature
    from mlflow.types import ColSpec, DataType, Schema

    mlflow.set_tracking_uri(tracking_uri)
    images = Schema([ColSpec(DataType.binary, "image")])
    warnings.filterwarnings("ignore", message=".*input example was not provided", category=UserWarning)
    with mlflow.start_run(run_id=run_id, log_system_metrics=False):
        mlflow.pyfunc.log_model(
            name="student",
            python_model=str(STUDENT_MODEL_CODE),
            artifacts={"weights": str(weights)},
            signature=ModelSignature(inputs=images),
            pip_requirements=[f"{name}=={importlib.metadata.version(name)}" for name in STUDENT_REQUIREMENTS],
        )


def _has_student_model(client: MlflowClient, run_id: str) -> bool:
    """Whether the run has a whole model; removes those whose upload was never finished."""
    from mlflow.entities import LoggedModelStatus

    experiment_id = client.get_run(run_id).info.experiment_id
    found = client.search_logged_models([experiment_id], filter_string=f"source_run_id = '{run_id}'")
    for model in found:
        if model.status != LoggedModelStatus.READY:
            client.delete_logged_model(model.model_id)
    return any(model.status == LoggedModelStatus.READY for model in found)
