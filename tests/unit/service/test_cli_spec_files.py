"""Reading specs and changing them with --set."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from service.cli import overrides
from service.cli.spec_files import SpecFileError, read_spec
from tests.unit.service.factories import distillation, job_spec, sweep_spec, training


def changed(document: dict[str, Any], *changes: str) -> Any:
    overrides.apply(document, changes)
    return document


@pytest.fixture
def spec() -> dict[str, Any]:
    return job_spec(training=training(distillation=distillation()))


def at(document: Any, path: str) -> Any:
    for part in path.split("."):
        document = document[int(part) if isinstance(document, list) else part]
    return document


@pytest.mark.parametrize(
    ("change", "path", "found"),
    [
        ("training.num_steps=7", "training.num_steps", 7),
        ("num_steps=7", "training.num_steps", 7),
        ("student.backbone.width=32", "training.student.backbone.width", 32),
        ("optimizer.learning_rate=1e-3", "training.optimizer.learning_rate", 0.001),
        ("optimizer.learning_rate=1", "training.optimizer.learning_rate", 1),
        ("name=2026-01-01", "name", "2026-01-01"),
        ("name=on", "name", "on"),
        ("tags=a, b", "tags", ["a", "b"]),
        ("tags=7", "tags", ["7"]),
        ("tags=[c]", "tags", ["c"]),
        ("student.backbone.depths=2,2,2,2", "training.student.backbone.depths", [2, 2, 2, 2]),
        ("distillation=null", "training.distillation", None),
        ("distillation.losses.feature_imitation.weight=300", "training.distillation.losses.1.weight", 300),
        ("distillation.losses.1.weight=300", "training.distillation.losses.1.weight", 300),
        ("distillation.losses.1.detach_weight=yes", "training.distillation.losses.1.detach_weight", True),
        ("distillation.losses.2=rank_mimicking", "training.distillation.losses.2", {"kind": "rank_mimicking"}),
        ("resources={cpus: 2}", "resources", {"cpus": 2}),
    ],
)
def test_set_knows_the_names_and_types_of_the_schema(
    spec: dict[str, Any], change: str, path: str, found: object
) -> None:
    assert at(changed(spec, change), path) == found


def test_what_the_document_leaves_to_its_defaults_can_be_changed() -> None:
    document = job_spec(training=training(distillation={"teacher": {"weights": "t.safetensors"}}))
    losses = changed(document, "distillation.losses.rank_mimicking.weight=2")["training"]["distillation"]["losses"]
    assert [(loss["kind"], loss["weight"]) for loss in losses] == [("rank_mimicking", 2), ("feature_imitation", 1.5)]


def test_dimensions_of_a_sweep_have_names_with_dots() -> None:
    name = "distillation.losses.feature_imitation.weight"
    document = changed(sweep_spec(), f"space.{name}.high=500", "space.num_steps={kind: choice, values: [1, 2]}")
    assert document["space"][name]["high"] == 500
    assert document["space"]["num_steps"] == {"kind": "choice", "values": [1, 2]}


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ("name", "wanted: path=value"),
        ("name.b=1", "nothing can be set below it"),
        ("training.studnt.width=3", "no field 'studnt' in training; did you mean 'student'"),
        ("student.backbone.wdith=3", "no field 'wdith' in training.student.backbone; did you mean 'width'"),
        ("zzz=3", "there is no field 'zzz' in a job, there is: "),
        ("distillation.losses.soft.weight=1", "there is: 0 .rank_mimicking., 1 .feature_imitation."),
        ("num_steps=many", "found 'many', wanted a whole number from 1"),
        ("num_steps={", "is not YAML"),
    ],
)
def test_a_change_that_cannot_be_is_explained(spec: dict[str, Any], change: str, message: str) -> None:
    with pytest.raises(SpecFileError, match=message):
        changed(spec, change)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("{", "is not YAML"),
        ("- a", "wanted a job or a sweep"),
        ("data: {}\nstudent: {}", "bare training"),
        ("name: 2026-01-01", "wanted text"),
        ("name: .nan", "wanted text, a finite number"),
        ("1: a", "wanted text"),
    ],
)
def test_what_cannot_be_read_is_said_in_words(tmp_path: Path, content: str, message: str) -> None:
    file = tmp_path / "spec.yaml"
    file.write_text(content)
    with pytest.raises(SpecFileError, match=message):
        read_spec(str(file))


def test_json_is_yaml_too_and_a_byte_order_mark_does_no_harm(tmp_path: Path) -> None:
    file = tmp_path / "spec.json"
    file.write_bytes(b"\xef\xbb\xbf" + yaml.safe_dump(job_spec(), default_flow_style=True).encode())
    assert read_spec(str(file))["name"] == "digits"
