"""Every recipe is a valid spec, and those of the paper say that they were not run here."""

from pathlib import Path

import pytest
import yaml

from trainer.spec import TrainingSpec
from workers.spec import JobSpec, SweepSpec

RECIPES = Path(__file__).parents[3] / "recipes"
FILES = sorted(RECIPES.glob("*/*.yaml"))
PAPER = sorted((RECIPES / "paper").glob("*.yaml"))
KINDS = {"job": JobSpec, "sweep": SweepSpec}


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_a_recipe_is_a_valid_spec(path: Path) -> None:
    document = yaml.safe_load(path.read_text())
    assert isinstance(KINDS[document["kind"]].model_validate(document).training, TrainingSpec)


@pytest.mark.parametrize("path", PAPER, ids=lambda path: path.stem)
def test_a_recipe_of_the_paper_is_what_its_name_says(path: Path) -> None:
    assert "It was not run here." in path.read_text()
    spec = JobSpec.model_validate(yaml.safe_load(path.read_text()))
    assert spec.name == path.stem
    assert path.stem.startswith(spec.training.student.kind)
    assert ("teacher-" in path.stem) == (spec.training.distillation is None)


def test_the_paper_s_detectors_and_pairs_are_all_there() -> None:
    names = {path.stem for path in PAPER}
    for kind in ("retinanet", "fcos", "atss", "gfl"):
        for pair in ("r101-r50", "r50-r18", "r50-mbv2"):
            assert {f"{kind}-{pair}-{data}" for data in ("coco-1x", "coco-2x", "voc")} <= names
