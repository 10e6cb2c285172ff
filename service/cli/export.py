"""`stillhouse export`: what a job leaves, in a folder."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Annotated, Any

import typer
import yaml
from rich.text import Text

from service.cli.complete import job_ids
from service.cli.output import AsJson, Server, client_for, out, plain, print_json
from service.cli.transfers import transfer
from service.sdk import Client, Job, JobState, StillhouseError

WEIGHTS, ONNX = "student.safetensors", "student.onnx"
_READ_BYTES = 2**20


class NothingToExport(StillhouseError):
    """The job has no student, or what came is not what was registered."""


def export(
    job_id: Annotated[str, typer.Argument(metavar="ID", help="Job that has succeeded.", autocompletion=job_ids)],
    folder: Annotated[
        Path | None, typer.Option("--out", metavar="FOLDER", file_okay=False, help="Where to write, else ./ID.")
    ] = None,
    server: Server = None,
    as_json: AsJson = False,
) -> None:
    """Fetch what a job leaves: weights, ONNX where it wrote that, the spec to submit again, and its numbers.

    Example: stillhouse export job-k3v9x2m7qa --out parts-student
    """
    target = folder or Path(job_id)
    with client_for(server, as_json=as_json) as client:
        try:
            numbers = _export(client, job_id, target)
        except OSError as error:
            raise typer.BadParameter(f"cannot write to {target}: {error.strerror or error}") from error
    if as_json:
        print_json(numbers)
        return
    for name, file in numbers["files"].items():
        out().print(Text(f"{target / name}  {file['size_bytes'] / 1e6:.1f} MB"))
    for name in ("job.yaml", "numbers.json"):
        out().print(Text(str(target / name)))


def _export(client: Client, job_id: str, target: Path) -> dict[str, Any]:
    job = client.jobs.get(job_id)
    if job.kind != "job":
        raise NothingToExport(f"{job_id} is a sweep; promote one of its trials, or retrain the winner and export that")
    if job.state != JobState.SUCCEEDED:
        raise NothingToExport(f"{job_id} is {job.state} and has no student; wanted a job that has succeeded")
    origin = client.jobs.lineage(job_id)
    files = _fetch(client, job_id, target)
    found = files[WEIGHTS]["sha256"]
    if origin.model is not None and origin.model.sha256 not in (None, found):
        (target / WEIGHTS).unlink()
        raise NothingToExport(
            f"the weights that came have the SHA-256 {found[:12]}, wanted {str(origin.model.sha256)[:12]}, that of "
            f"{origin.model.name}@{origin.model.version}"
        )
    document = job.spec.model_dump(mode="json")
    (target / "job.yaml").write_text(yaml.safe_dump(document, sort_keys=False, allow_unicode=True), encoding="utf-8")
    numbers = _numbers(job, files, lineage=plain(origin))
    (target / "numbers.json").write_text(json.dumps(numbers, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    return numbers


def _fetch(client: Client, job_id: str, target: Path) -> dict[str, dict[str, Any]]:
    """Size and hash of each file of the student, by name. One that MLflow did not take comes from the registry."""
    there = {artifact.path for artifact in client.jobs.artifacts(job_id).items}
    files = {}
    for name in (WEIGHTS, ONNX):
        path = f"student/{name}"
        if path in there:
            with transfer(f"fetching {name}") as on_progress:
                client.jobs.download(job_id, path, target / name, on_progress=on_progress)
            files[name] = _described(target / name)
    if WEIGHTS not in files:
        model = client.jobs.lineage(job_id).model
        if model is None:
            raise NothingToExport(f"MLflow has no student of {job_id}, and no model is registered from it yet")
        with transfer(f"fetching {WEIGHTS}") as on_progress:
            client.models.download(model.name, model.version, target / WEIGHTS, on_progress=on_progress)
        files[WEIGHTS] = _described(target / WEIGHTS)
    return files


def _described(path: Path) -> dict[str, Any]:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while piece := file.read(_READ_BYTES):
            digest.update(piece)
    return {"size_bytes": path.stat().st_size, "sha256": digest.hexdigest()}


def _numbers(job: Job, files: dict[str, dict[str, Any]], *, lineage: Any) -> dict[str, Any]:
    """AP is in percent, as everywhere."""
    return {
        "job": job.id,
        "name": job.name,
        "project": job.project,
        "metrics": job.metrics,
        "files": files,
        "mlflow_run_id": job.mlflow_run_id,
        "ended_at": None if job.ended_at is None else job.ended_at.isoformat(),
        "lineage": lineage,
    }
