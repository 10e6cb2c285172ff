"""`stillhouse sweeps figures`: what is drawn, and what is left out where there is nothing to see."""

from __future__ import annotations

import json
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from starlette.testclient import TestClient

from service.db import Database
from service.db.base import utc_now
from tests.unit.service.test_steering import WEIGHT, add_trial, submitted

SPACE = {
    WEIGHT: {"kind": "uniform", "low": 1, "high": 1000, "log": True},
    "num_steps": {"kind": "choice", "values": [400, 800]},
    "optimizer.learning_rate": {"kind": "uniform", "low": 0.0001, "high": 0.01, "log": True},
}


async def a_sweep(http: TestClient, database: Database, num_trials: int = 12, **fields: Any) -> str:
    """A sweep with ended trials, every third of which was stopped early."""
    sweep_id = submitted(http, space=SPACE, **fields)
    now = utc_now()
    for number in range(1, num_trials + 1):
        weight = 10 ** (3 * number / num_trials)
        values = [20 + 4 * step / 100 + 5 * (number % 5) for step in (100, 200, 400)]
        stopped = number % 3 == 0
        reports = [{"step": step, "value": value} for step, value in zip((100, 200, 400), values, strict=True)]
        await add_trial(
            database, sweep_id, number, state="stopped" if stopped else "succeeded", objective=values[-1],
            further_objectives=[1e6 * number] if fields.get("further_objectives") else [],
            parameters={WEIGHT: weight, "num_steps": 400, "optimizer.learning_rate": 0.001 * (1 + number % 4)},
            reports=reports[: 2 if stopped else 3],
            ended_at=now + timedelta(minutes=number),
        )  # fmt: skip
    await add_trial(
        database, sweep_id, num_trials + 1, role="baseline", objective=24.0, parameters={},
        metrics={"teacher/AP": 60.0}, reports=[{"step": 400, "value": 24.0}],
    )  # fmt: skip
    return sweep_id


async def test_a_sweep_is_drawn_as_pictures(run, http: TestClient, database: Database, tmp_path: Path) -> None:
    sweep_id = await a_sweep(
        http, database, further_objectives=[{"metric": "cost/student_parameters", "direction": "minimize"}]
    )
    done = run("sweeps", "figures", sweep_id, "--out", tmp_path / "figures", "--json")
    assert done.exit_code == 0, done.stderr
    files = [Path(file) for file in json.loads(done.stdout)["files"]]
    assert [file.stem for file in files] == ["history", "importances", "coordinates", "curves", "front"]
    for file in files:
        with Image.open(file) as picture:
            assert picture.width > 900
            assert len(picture.convert("RGB").getcolors(10**7) or []) > 20, "something is drawn"


async def test_what_is_not_there_is_not_drawn(run, http: TestClient, database: Database, tmp_path: Path) -> None:
    empty = submitted(http, space=SPACE)
    nothing = run("sweeps", "figures", empty, "--out", tmp_path / "empty")
    assert nothing.exit_code == 0
    assert "nothing to draw yet" in nothing.stderr
    few = await a_sweep(http, database, num_trials=2)
    done = run("sweeps", "figures", few, "--out", tmp_path / "few")
    assert sorted(path.stem for path in (tmp_path / "few").glob("*.png")) == ["coordinates", "curves", "history"]
    assert "history.png" in done.stdout


async def test_a_client_without_matplotlib_is_told_how_to_get_it(
    run, http: TestClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sweep_id = submitted(http)
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    for name in [name for name in sys.modules if name.startswith("service.cli.figures")]:
        monkeypatch.delitem(sys.modules, name)
    done = run("sweeps", "figures", sweep_id, "--out", tmp_path)
    assert done.exit_code == 1
    assert "pip install 'stillhouse[figures]'" in done.stderr
