"""Specs and other things that tests of the service need, each taking only what a test is about."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from service.settings import Settings

SPLITS = {
    "train": {"images": "digits/train", "annotations": "digits/train.json"},
    "val": {"images": "digits/val", "annotations": "digits/val.json"},
}


def training(**fields: Any) -> dict[str, Any]:
    return {"data": SPLITS, "num_steps": 100, **fields}


def distillation(**fields: Any) -> dict[str, Any]:
    return {
        "teacher": {"weights": "teachers/digits.safetensors"},
        "losses": [{"kind": "rank_mimicking"}, {"kind": "feature_imitation"}],
        **fields,
    }


def job_spec(**fields: Any) -> dict[str, Any]:
    return {"name": "digits", "training": training(), **fields}


def sweep_spec(**fields: Any) -> dict[str, Any]:
    return {
        "kind": "sweep",
        "name": "weights",
        "training": training(distillation=distillation()),
        "space": {
            "distillation.losses.feature_imitation.weight": {"kind": "uniform", "low": 1, "high": 1000, "log": True}
        },
        "num_trials": 4,
        **fields,
    }


def settings_in(folder: Path, **fields: str) -> Settings:
    """Settings whose MLflow and Ray are at addresses where nobody listens."""
    given: Mapping[str, str] = {
        "STILLHOUSE_STATE": str(folder),
        "STILLHOUSE_MLFLOW_URL": "http://127.0.0.1:9",
        "STILLHOUSE_RAY_URL": "http://127.0.0.1:9",
        **{f"STILLHOUSE_{name.upper()}": value for name, value in fields.items()},
    }
    return Settings.from_environment(given)


def bearer(token: str) -> dict[str, str]:
    """Headers that send `token`."""
    return {"Authorization": f"Bearer {token}"}
