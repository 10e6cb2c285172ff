"""The short form of the crash test; `make crash` is the long one, on SQLite as well."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.stack import ROOT

pytestmark = [pytest.mark.stack, pytest.mark.crash]
NUM_KILLS = 6


def test_whatever_is_killed_every_job_ends_once_and_as_if_nothing_had_happened(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "tests.crash", "--database", "postgresql", "--kills", str(NUM_KILLS)]
    log = tmp_path / "output.txt"
    with log.open("wb") as output:
        ended = subprocess.run(
            [*command, "--folder", str(tmp_path / "crash")], cwd=ROOT, stdin=subprocess.DEVNULL, stdout=output,
            stderr=subprocess.STDOUT, check=False,
        )  # fmt: skip
    assert ended.returncode == 0, log.read_text()
