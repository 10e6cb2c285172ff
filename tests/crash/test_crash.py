"""The short form of the crash test; `make crash` is the long one."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.stack import ROOT

pytestmark = [pytest.mark.stack, pytest.mark.crash]
NUM_KILLS = {"sqlite": 4, "postgresql": 5}


@pytest.mark.parametrize("database", NUM_KILLS)
def test_whatever_is_killed_every_job_ends_once_and_as_if_nothing_had_happened(database: str, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "tests.crash", "--database", database, "--kills", str(NUM_KILLS[database])]
    log = tmp_path / "output.txt"
    with log.open("wb") as output:
        ended = subprocess.run(
            [*command, "--folder", str(tmp_path / "crash")], cwd=ROOT, stdin=subprocess.DEVNULL, stdout=output,
            stderr=subprocess.STDOUT, check=False,
        )  # fmt: skip
    assert ended.returncode == 0, log.read_text()
