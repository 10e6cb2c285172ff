"""What is made of a finished student besides its weights."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import pytest

from trainer.errors import InputError
from trainer.export import OnnxPredictor
from workers.exports import Exports
from workers.spec import ExportSpec

SHIPPED = Path(__file__).parents[3] / "recipes/digits/teacher.safetensors"


def test_nothing_is_exported_unless_it_is_asked_for(tmp_path: Path) -> None:
    exports = Exports(ExportSpec())
    exports.check()
    assert exports.make(tmp_path / "student.safetensors") == []


def test_a_student_is_written_as_onnx_beside_its_weights(tmp_path: Path) -> None:
    weights = Path(shutil.copyfile(SHIPPED, tmp_path / "student.safetensors"))
    exports = Exports(ExportSpec(onnx=True))
    exports.check()
    assert exports.make(weights) == [tmp_path / "student.onnx"]
    assert exports.trouble == ""
    OnnxPredictor.load(tmp_path / "student.onnx")


def test_a_student_that_cannot_be_exported_costs_nobody_the_training(tmp_path: Path) -> None:
    exports = Exports(ExportSpec(onnx=True))
    assert exports.make(tmp_path / "none.safetensors") == []
    assert exports.trouble.startswith("; it could not be written as ONNX: InputError")


def test_missing_packages_are_told_before_the_training(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "onnxscript", None)
    with pytest.raises(InputError, match="wanted the packages onnx and onnxscript"):
        Exports(ExportSpec(onnx=True)).check()
