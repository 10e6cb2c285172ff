"""Settings from the environment."""

from __future__ import annotations

from pathlib import Path

import pytest

from service.settings import Settings, SettingsError


def test_the_state_folder_gives_the_others_their_place(tmp_path: Path) -> None:
    settings = Settings.from_environment({"STILLHOUSE_STATE": str(tmp_path)})
    assert settings.database_url == f"sqlite+aiosqlite:///{tmp_path}/stillhouse.db"
    assert settings.storage == tmp_path / "storage"
    assert Settings.from_environment(settings.as_environment()) == settings


def test_a_setting_that_makes_no_sense_is_named() -> None:
    with pytest.raises(SettingsError, match="STILLHOUSE_PORT is 'many'"):
        Settings.from_environment({"STILLHOUSE_PORT": "many"})
