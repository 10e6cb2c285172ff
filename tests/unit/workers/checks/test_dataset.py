"""The check of data sets, on made digit scenes that are whole or broken in one or several ways."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from trainer.data.coco import read_split, require_same_classes
from trainer.data.digit_scenes import make_digit_scenes
from trainer.errors import InputError
from trainer.spec import DataSpec, SplitSpec, TrainingSpec
from workers.checks.content import verify_pins
from workers.checks.dataset import check_dataset
from workers.checks.findings import DEFECTS
from workers.spec.checks import CheckFolder, CheckOrder, CheckReport, DatasetOrder, DatasetReport
from workers.storage.grown import read_grown
from workers.storage.objects import Objects

TRAIN = SplitSpec(images="train", annotations="annotations/train.json")
VAL = SplitSpec(images="val", annotations="annotations/val.json")
ORDER = DatasetOrder(train=TRAIN, val=VAL)


@pytest.fixture(scope="module")
def scenes(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("scenes") / "digits"
    make_digit_scenes(folder, num_train=14, num_val=6)
    return folder


@pytest.fixture
def root(scenes: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(scenes, tmp_path / "data"))


def check(root: Path) -> tuple[DatasetReport, str | None]:
    report, _, refusal = check_dataset(ORDER, data_root=root, samples=root.parent / "samples")
    return report, refusal


class Scenes:
    """Annotations in memory, to be broken and written back."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.train = json.loads((root / TRAIN.annotations).read_text())
        self.val = json.loads((root / VAL.annotations).read_text())

    def write(self) -> None:
        (self.root / TRAIN.annotations).write_text(json.dumps(self.train))
        (self.root / VAL.annotations).write_text(json.dumps(self.val))

    def box(self, index: int, *bbox: Any) -> None:
        self.train["annotations"][index]["bbox"] = list(bbox)


def _missing_file(scenes: Scenes) -> None:
    (scenes.root / "train/00003.png").unlink()


def _unreadable_file(scenes: Scenes) -> None:
    path = scenes.root / "train/00004.png"
    path.write_bytes(path.read_bytes()[:200])


def _wrong_size(scenes: Scenes) -> None:
    Image.new("RGB", (50, 96)).save(scenes.root / "train/00005.png")


def _in_both(scenes: Scenes) -> None:
    shutil.copyfile(scenes.root / "train/00006.png", scenes.root / "val/00001.png")


def _no_list(scenes: Scenes) -> None:
    scenes.val["annotations"] = "none"


def _different_classes(scenes: Scenes) -> None:
    scenes.val["categories"].append({"id": 99, "name": "ten"})


BREAK: dict[str, Callable[[Scenes], None]] = {
    "box_outside": lambda s: s.box(0, 90, 10, 20, 10),
    "inverted_box": lambda s: s.box(1, 10, 10, -5, 10),
    "empty_box": lambda s: s.box(2, 10, 10, 0, 10),
    "box_clipped": lambda s: s.box(3, 90, 10, 7, 10),
    "bad_box": lambda s: s.box(4, 10, 10, 5),
    "unknown_category": lambda s: s.train["annotations"][5].update(category_id=4),
    "unknown_image": lambda s: s.train["annotations"][6].update(image_id=1000),
    "duplicate_annotation_id": lambda s: s.train["annotations"][7].update(id=9),
    "malformed": lambda s: s.train["annotations"][9].update(category_id="five"),
    "duplicate_image_id": lambda s: s.train["images"].append({**s.train["images"][0], "file_name": "00001.png"}),
    "duplicate_file": lambda s: s.train["images"].append({**s.train["images"][1], "id": 500}),
    "outside_folder": lambda s: s.train["images"].append({**s.train["images"][1], "id": 501, "file_name": "../x.png"}),
    "duplicate_category": lambda s: s.train["categories"].append({"id": 1, "name": "zero again"}),
    "different_classes": _different_classes,
    "missing_file": _missing_file,
    "unreadable_file": _unreadable_file,
    "wrong_size": _wrong_size,
    "in_both_splits": _in_both,
}


def trainer_refuses(root: Path) -> bool:
    try:
        require_same_classes(read_split(TRAIN, data_root=root), read_split(VAL, data_root=root))
    except InputError:
        return True
    return False


def test_whole_scenes_are_counted_and_ready(root: Path) -> None:
    report, refusal = check(root)
    assert refusal is None
    assert report.findings == ()
    assert report.train is not None
    assert report.val is not None
    document = json.loads((root / TRAIN.annotations).read_text())
    assert (report.train.images, report.val.images) == (14, 6)
    assert report.train.instances == len(document["annotations"])
    assert sum(found.instances for found in report.train.classes) == report.train.instances
    assert [found.category_id for found in report.train.classes] == [1, 2, 3, 5, 7, 11, 13, 17, 19, 23]
    areas = [row["bbox"][2] * row["bbox"][3] for row in document["annotations"]]
    assert report.train.box_sizes.small == sum(area < 32**2 for area in areas)
    assert report.train.box_sizes.medium == sum(area >= 32**2 for area in areas)
    assert report.train.image_sizes[0].model_dump() == {"width": 96, "height": 96, "images": 14}
    assert report.train.decoded_images == 14
    assert report.hash_covers == "bytes"


def test_samples_are_thumbnails_with_their_boxes(root: Path) -> None:
    _, samples, _ = check_dataset(ORDER, data_root=root, samples=root.parent / "samples")
    assert {sample.split for sample in samples} == {"train", "val"}
    document = json.loads((root / TRAIN.annotations).read_text())
    names = {row["id"]: row["file_name"] for row in document["images"]}
    for sample in samples:
        with Image.open(root.parent / "samples" / sample.thumbnail) as image:
            assert image.size == (96, 96)
        if sample.split == "train":
            wanted = [row["bbox"] for row in document["annotations"] if names[row["image_id"]] == sample.file_name]
            assert [list(box.box_xywh) for box in sample.boxes] == wanted


@pytest.mark.parametrize("code", BREAK)
def test_each_defect_is_found_and_named(code: str, root: Path) -> None:
    scenes = Scenes(root)
    BREAK[code](scenes)
    scenes.write()
    report, refusal = check(root)
    found = {finding.code: finding for finding in report.findings}
    assert code in found
    assert found[code].count >= 1
    assert found[code].examples, "a person wants to see where"
    if DEFECTS[code].severity == "error":
        assert refusal is not None
        assert found[code].message in refusal
    else:
        assert refusal is None
        assert not trainer_refuses(root)


# What the trainer finds only while it reads images, or leaves to the user.
_LATER = {"unreadable_file", "wrong_size"}


@settings(
    max_examples=15, deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)  # fmt: skip
@given(codes=st.sets(st.sampled_from(sorted(BREAK)), max_size=6))
def test_several_defects_are_all_found(codes: set[str], scenes: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    root = Path(shutil.copytree(scenes, tmp_path_factory.mktemp("broken") / "data"))
    broken = Scenes(root)
    for code in sorted(codes):
        BREAK[code](broken)
    broken.write()
    report, refusal = check(root)
    assert codes <= {finding.code for finding in report.findings}
    refused = any(DEFECTS[code].severity == "error" for code in codes)
    assert (refusal is not None) == refused
    if refused and not codes & _LATER:
        assert trainer_refuses(root)


@pytest.mark.parametrize(
    ("annotations", "code"),
    [
        ("{", "unreadable_annotations"),
        ("[]", "unreadable_annotations"),
        ("{}", "malformed"),
        (json.dumps({"images": [], "annotations": [], "categories": []}), "no_images"),
        ("[" * 100_000, "unreadable_annotations"),
    ],
)
def test_annotations_that_are_none_are_refused(annotations: str, code: str, root: Path) -> None:
    (root / VAL.annotations).write_text(annotations)
    report, refusal = check(root)
    assert code in {finding.code for finding in report.findings}
    assert refusal is not None
    assert report.hash is None or code != "unreadable_annotations"


def test_missing_annotations_and_folders_are_named(root: Path) -> None:
    (root / VAL.annotations).unlink()
    shutil.rmtree(root / "train")
    report, refusal = check(root)
    assert [(finding.code, finding.split) for finding in report.findings] == [
        ("no_folder", "train"),
        ("unreadable_annotations", "val"),
    ]
    assert refusal is not None
    assert "val.json" in refusal
    assert report.val is None


def test_the_hash_is_of_the_content_and_not_of_the_place(root: Path, tmp_path: Path) -> None:
    first, _ = check(root)
    moved = Path(shutil.move(root, tmp_path / "elsewhere"))
    assert check(moved)[0].hash == first.hash
    Image.new("RGB", (96, 96)).save(moved / "train/00000.png")
    assert check(moved)[0].hash != first.hash


def test_an_attempt_trains_only_on_what_was_checked(root: Path) -> None:
    report, _ = check(root)
    training = TrainingSpec(data=DataSpec(train=TRAIN, val=VAL, dataset="digits@1", hash=report.hash))
    verify_pins(training, data_root=root)
    Image.new("RGB", (96, 96)).save(root / "train/00000.png")
    with pytest.raises(InputError, match="digits@1 has changed since it was checked"):
        verify_pins(training, data_root=root)
    (root / "train/00000.png").unlink()
    with pytest.raises(InputError, match=r"cannot read .*00000.png"):
        verify_pins(training, data_root=root)


def test_hashing_large_data_sets_reads_no_images(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("workers.checks.content.HASH_BYTES_UP_TO", 1000)
    report, _ = check(root)
    assert report.hash_covers == "names and sizes"
    training = TrainingSpec(data=DataSpec(train=TRAIN, val=VAL, hash=report.hash))
    verify_pins(training, data_root=root)


def test_the_command_leaves_a_report_without_importing_torch(root: Path, tmp_path: Path) -> None:
    folder = CheckFolder(tmp_path / "storage", "dataset-a", 1)
    folder.write_order(CheckOrder(target="dataset-a", number=1, data_root=str(root), what=ORDER))
    code = (
        "import runpy, sys\n"
        "sys.argv[1:] = sys.argv[2:]\n"
        "try:\n    runpy.run_module('workers.checks', run_name='__main__')\n"
        "finally:\n    heavy = {'torch', 'torchvision', 'ray', 'mlflow', 'pandas', 'sklearn'} & set(sys.modules)\n"
        "    sys.exit(3 if heavy else 0)\n"
    )
    arguments = ["-", str(tmp_path / "storage"), "dataset", "dataset-a", "1"]
    done = subprocess.run([sys.executable, "-c", code, *arguments], timeout=60, check=False)
    assert done.returncode == 0, folder.log.read_text()
    report = folder.read_report()
    assert isinstance(report, CheckReport)
    assert report.refusal is None
    assert isinstance(report.report, DatasetReport)
    assert len(report.samples) == 12
    assert "nothing is against it" in folder.log.read_text()


def test_the_command_leaves_report_samples_and_log_behind_a_uri(root: Path, uri: str, tmp_path: Path) -> None:
    uri = f"file://{tmp_path}/other" if uri.startswith("memory") else uri  # memory is this process's own
    objects = Objects(uri)
    order = CheckOrder(target="dataset-a", number=1, data_root=str(root), what=ORDER)
    objects.put("checks/dataset-a/1/order.json", order.model_dump_json().encode())
    command = [sys.executable, "-m", "workers.checks", uri, "dataset", "dataset-a", "1"]
    done = subprocess.run(command, timeout=120, check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    report = CheckReport.model_validate_json(objects.get("checks/dataset-a/1/report.json") or b"")
    assert report.refusal is None
    assert objects.names("checks/dataset-a/1/samples") == sorted(sample.thumbnail for sample in report.samples)
    assert b"nothing is against it" in b"".join(read_grown(objects, "checks/dataset-a/1/log.txt"))
