"""The chart as Helm renders it."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests import helm

ROOT = Path(__file__).parents[3]
CHART = ROOT / "deploy" / "helm" / "stillhouse"
NEEDED = (
    *("--set", "database.existingSecret=stillhouse-database", "--set", "tokens.existingSecret=stillhouse-tokens"),
    *("--set", "mlflow.existingSecret=stillhouse-mlflow", "--set", "mlflow.artifacts=s3://mlflow/artifacts"),
)

Manifest = dict[str, Any]


def run_helm(*arguments: str) -> subprocess.CompletedProcess[str]:
    program = helm.find()
    if program is None:
        pytest.skip("there is no helm here; `make helm` brings it")
    return subprocess.run([program, *arguments], capture_output=True, text=True, check=False)


def rendered(*arguments: str) -> list[Manifest]:
    """The manifests of a release `still` with what must be given and `arguments`."""
    done = run_helm("template", "still", str(CHART), "--kube-version", "1.34.0", *NEEDED, *arguments)
    assert done.returncode == 0, done.stderr
    return [manifest for manifest in yaml.safe_load_all(done.stdout) if manifest]


def only(manifests: list[Manifest], kind: str, name: str) -> Manifest:
    [found] = [one for one in manifests if one["kind"] == kind and one["metadata"]["name"] == name]
    return found


def pods(manifests: list[Manifest]) -> Iterator[tuple[str, Manifest]]:
    """The template of every pod, also of those that KubeRay makes, with a name for people."""
    for manifest in manifests:
        name = f"{manifest['kind']}/{manifest['metadata']['name']}"
        if manifest["kind"] in ("Deployment", "Job"):
            yield name, manifest["spec"]["template"]
        elif manifest["kind"] == "RayCluster":
            yield f"{name} head", manifest["spec"]["headGroupSpec"]["template"]
            for group in manifest["spec"]["workerGroupSpecs"]:
                yield f"{name} {group['groupName']}", group["template"]
