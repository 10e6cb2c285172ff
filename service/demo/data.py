"""The demo's data set and teacher, put where the recipes look for them."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

from service.presets.logic import recipes_folder
from service.stack.processes import own

DATA_SET = "digit-scenes"
TEACHER = Path("teachers") / "digits.safetensors"


class DemoError(Exception):
    """The demo cannot go on; the message says why."""


def start_making_data(data_root: Path) -> subprocess.Popen[bytes]:
    """Start making the digit scenes below `data_root` in a process of its own; does nothing when they are there."""
    command = [sys.executable, "-m", "trainer.data.digit_scenes", "--out", str(data_root / DATA_SET)]
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    own(process)  # or the stack would take it for an orphan
    return process


def finish_making_data(process: subprocess.Popen[bytes]) -> None:
    """Wait for the data set. Raises DemoError with what the process said when it failed."""
    said, _ = process.communicate()
    if process.returncode != 0:
        raise DemoError(f"the digit scenes could not be made:\n{said.decode(errors='replace').strip()}")


def provide_teacher(data_root: Path) -> Path:
    """Copy the shipped teacher to where the recipes name it, unless this very file is there."""
    source, target = recipes_folder() / "digits" / "teacher.safetensors", data_root / TEACHER
    if not target.exists() or target.read_bytes() != source.read_bytes():
        target.parent.mkdir(parents=True, exist_ok=True)
        draft = target.with_suffix(".draft")
        shutil.copyfile(source, draft)
        draft.replace(target)
    return target
