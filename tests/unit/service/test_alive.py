"""The health check of a process that listens nowhere."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from service.reconciler import alive
from service.settings import Settings


def ask(monkeypatch: pytest.MonkeyPatch, path: Path | str) -> int:
    monkeypatch.setenv("STILLHOUSE_ALIVE_FILE", str(path))
    return alive.main()


def test_a_reconciler_is_alive_while_it_touches_its_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "alive"
    assert ask(monkeypatch, file) == 1
    assert "no reconciler has begun" in capsys.readouterr().err
    alive.show_life(Settings.from_environment())
    assert ask(monkeypatch, file) == 0
    long_ago = time.time() - 100
    os.utime(file, (long_ago, long_ago))
    assert ask(monkeypatch, file) == 1
    assert "last seen 100 s ago" in capsys.readouterr().err


def test_without_the_setting_nothing_is_written_and_nothing_is_claimed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    alive.show_life(Settings.from_environment({"STILLHOUSE_STATE": str(tmp_path)}))
    assert list(tmp_path.iterdir()) == []
    assert ask(monkeypatch, "") == 2
    assert "STILLHOUSE_ALIVE_FILE is not set" in capsys.readouterr().err
