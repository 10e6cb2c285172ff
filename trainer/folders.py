"""The folder of a training: whose checkpoints it holds, and how another training goes on from one of them."""

from __future__ import annotations

import os
import shutil
import uuid
from pathlib import Path

from trainer.errors import InputError
from trainer.spec import TrainingSpec

CHECKPOINTS = "checkpoints"
SPEC = "spec.json"
STUDENT = "student.safetensors"
# What goes with a checkpoint to a training that branches off there.
BRANCHED = (SPEC, "teacher.json", "preflight.json")


def checkpoint_path(out: Path, *, step: int) -> Path:
    """Where the checkpoint of a step is."""
    return out / CHECKPOINTS / checkpoint_name(step)


def checkpoint_name(step: int) -> str:
    return f"step-{step:08d}.pt"


def claim(out: Path, spec: TrainingSpec) -> None:
    """Note whose folder `out` is.

    Raises:
        InputError: another training has checkpoints there; one that differs only in what changes after the newest
            checkpoint is the same.
    """
    path = out / SPEC
    newest = max((out / CHECKPOINTS).glob("step-*.pt"), default=None)
    if path.is_file() and newest is not None:
        step = int(newest.stem.removeprefix("step-"))
        found = TrainingSpec.model_validate_json(path.read_text(encoding="utf-8"))
        if _essence(found.until(step)) != _essence(spec.until(step)):
            raise InputError(f"{out} holds checkpoints of another training (see spec.json there); wanted a new folder")
    write_text(path, spec.model_dump_json(indent=2))


def branch(source: Path, out: Path, *, step: int) -> None:
    """Make `out` the folder of a training that goes on from the checkpoint of `step` of the training in `source`.

    What the checkpoint was trained by goes with it, so that only a spec is taken that agrees with it up to the step.
    The file is shared where the storage has hard links: it stays when `source` lets go of it.

    Raises:
        InputError: `source` has no such checkpoint.
    """
    shutil.rmtree(out, ignore_errors=True)
    target = checkpoint_path(out, step=step)
    target.parent.mkdir(parents=True)
    for name in BRANCHED:
        if (source / name).is_file():
            shutil.copyfile(source / name, out / name)
    try:
        _share(checkpoint_path(source, step=step), target)
    except FileNotFoundError as error:
        raise InputError(f"{source} has no checkpoint of step {step}") from error


def write_text(path: Path, text: str) -> None:
    """Replace a file in one move."""
    draft = path.with_name(f".{path.name}.{uuid.uuid4().hex}")
    try:
        draft.write_text(text, encoding="utf-8")
        draft.replace(path)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise


def _share(source: Path, target: Path) -> None:
    try:
        os.link(source, target)
    except FileNotFoundError:
        raise
    except OSError:  # no hard links here
        draft = target.with_name(f".{target.name}.{uuid.uuid4().hex}")
        shutil.copyfile(source, draft)
        with draft.open("rb") as file:
            os.fsync(file.fileno())
        draft.replace(target)


def _essence(spec: TrainingSpec) -> dict[str, object]:
    """What decides a training's result: all but where it runs and how much it logs."""
    document = spec.model_dump(mode="json")
    for name in ("device", "num_threads", "checkpoint_every_steps", "log_every_steps", "evaluate_every_steps"):
        del document[name]
    if document["distillation"] and (document["distillation"]["cache"] or {"storage": "exact"})["storage"] == "exact":
        del document["distillation"]["cache"]  # exact outputs are those that would be computed
    del document["preflight"], document["diagnostics"], document["distributed"]
    del document["data"]["num_workers"]
    return document
