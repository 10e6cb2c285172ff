"""`python -m trainer`: what a person sees, and the exit codes a script uses."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from tests.unit.trainer.factories import training_document
from trainer.__main__ import main, read_spec
from trainer.errors import InputError


def write_yaml(path: Path, document: object) -> Path:
    path.write_text(yaml.safe_dump(document))
    return path


def test_a_job_and_a_bare_training_are_read_alike(tmp_path: Path) -> None:
    document = training_document()
    document["student"] = json.loads(json.dumps(document["student"]))
    bare = write_yaml(tmp_path / "bare.yaml", document)
    job = write_yaml(tmp_path / "job.yaml", {"name": "x", "kind": "job", "training": document})
    assert read_spec(bare) == read_spec(job)


def test_wrong_fields_are_named_with_what_was_found(tmp_path: Path) -> None:
    path = write_yaml(tmp_path / "spec.yaml", training_document(num_steps=0, colour="red"))
    with pytest.raises(InputError) as caught:
        read_spec(path)
    assert "num_steps: Input should be greater than or equal to 1, found 0" in str(caught.value)
    assert "colour: Extra inputs are not permitted, found 'red'" in str(caught.value)


def test_it_trains_and_ends_with_a_line_of_results(
    tmp_path: Path, data_root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    spec = write_yaml(tmp_path / "spec.yaml", training_document(num_steps=1))
    assert main([str(spec), "--out", str(tmp_path / "out"), "--data-root", str(data_root)]) == 0
    last = capsys.readouterr().out.strip().splitlines()[-1]
    assert last.startswith("AP ")
    assert "M parameters" in last


def test_missing_data_is_told_without_a_traceback(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    spec = write_yaml(tmp_path / "spec.yaml", training_document())
    assert main([str(spec), "--out", str(tmp_path / "out"), "--data-root", str(tmp_path)]) == 2
    error = capsys.readouterr().err
    assert "error: no annotations at" in error
    assert "Traceback" not in error


def test_a_missing_spec_is_told_by_the_real_command(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "trainer", str(tmp_path / "none.yaml"), "--out", str(tmp_path / "out")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert done.stderr.strip() == f"error: cannot read the spec {tmp_path / 'none.yaml'}: No such file or directory"


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        ({"data": {"dataset": "digits@2"}}, "names the data set 'digits@2' alone"),
        ({"distillation": {"teacher": {"model": "big"}}}, "given as the model 'big' alone"),
    ],
)
def test_what_only_a_service_can_look_up_is_told(
    changes: dict[str, object], complaint: str, tmp_path: Path, data_root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    spec = write_yaml(tmp_path / "spec.yaml", training_document(**changes))
    assert main([str(spec), "--out", str(tmp_path / "out"), "--data-root", str(data_root)]) == 2
    assert complaint in capsys.readouterr().err
