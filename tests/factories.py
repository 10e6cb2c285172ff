"""Specs for tests of the stack: trainings of a few seconds."""

from __future__ import annotations

from typing import Any

from workers.spec import JobSpec, SweepSpec

RM_WEIGHT = "distillation.losses.rank_mimicking.weight"
PFI_WEIGHT = "distillation.losses.feature_imitation.weight"
TEMPERATURE = "distillation.losses.rank_mimicking.temperature"
SPLITS = {
    name: {"images": f"digit-scenes/{name}", "annotations": f"digit-scenes/annotations/{name}.json"}
    for name in ("train", "val")
}
NO_CONTROLS = {"baseline": False, "num_finalists": 0}


def small_training(*, steps: int = 12, distil: bool = True, **changes: Any) -> dict[str, Any]:
    """A training of `steps` steps on the small digit scenes, evaluated and checkpointed at its half and end."""
    training: dict[str, Any] = {
        "data": SPLITS,
        "num_steps": steps,
        "batch_size": 4,
        "log_every_steps": 2,
        "evaluate_every_steps": max(1, steps // 2),
        "checkpoint_every_steps": max(1, steps // 2),
    }
    if distil:
        training["distillation"] = {"teacher": {"weights": "teachers/digits.safetensors"}}
    return {**training, **changes}


def small_job(name: str = "small", **changes: Any) -> JobSpec:
    return JobSpec.model_validate({"name": name, "training": small_training(**changes)})


def small_sweep(name: str = "small sweep", *, trials: int = 3, **changes: Any) -> SweepSpec:
    def log_range(low: float, high: float) -> dict[str, Any]:
        return {"kind": "uniform", "low": low, "high": high, "log": True}

    space = {RM_WEIGHT: log_range(0.01, 10), PFI_WEIGHT: log_range(0.1, 1e4), TEMPERATURE: log_range(0.1, 10)}
    return SweepSpec.model_validate(
        {
            "name": name,
            "training": small_training(),
            "space": space,
            "num_trials": trials,
            "controls": NO_CONTROLS,
            **changes,
        }
    )
