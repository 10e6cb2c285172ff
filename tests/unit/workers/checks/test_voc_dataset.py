"""The check of PASCAL VOC data sets, on small ones that are whole or broken."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image

from trainer.data.coco import read_split, require_same_classes
from trainer.errors import InputError
from trainer.spec import DataSpec, SplitSpec, TrainingSpec
from workers.checks.content import verify_pins
from workers.checks.dataset import check_dataset
from workers.checks.findings import DEFECTS
from workers.spec.checks import DatasetOrder, DatasetReport, Sample

CLASSES = ("cat", "dog")


def split(name: str, *, classes: tuple[str, ...] | None = CLASSES) -> SplitSpec:
    return SplitSpec(
        images="JPEGImages", annotations="Annotations", image_list=f"{name}.txt", classes=classes, format="voc"
    )


ORDER = DatasetOrder(train=split("train"), val=split("val"))


def an_object(name: str, *sides: float, difficult: int = 0) -> str:
    box = "".join(f"<{k}>{v:g}</{k}>" for k, v in zip(("xmin", "ymin", "xmax", "ymax"), sides, strict=True))
    return f"<object><name>{name}</name><difficult>{difficult}</difficult><bndbox>{box}</bndbox></object>"


def annotation(stem: str, *objects: str, size: str = "<size><width>80</width><height>60</height></size>") -> str:
    return f"<annotation><filename>{stem}.png</filename>{size}{''.join(objects)}</annotation>"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Six images: each has a cat and a dog, the third a difficult dog as well."""
    root = tmp_path / "voc"
    for folder in ("JPEGImages", "Annotations"):
        (root / folder).mkdir(parents=True)
    for number in range(6):
        stem = f"{number:06}"
        objects = [an_object("cat", 1, 1, 20, 30), an_object("dog", 31, 11, 80, 60)]
        if number == 2:
            objects.append(an_object("dog", 5, 40, 20, 50, difficult=1))
        (root / f"Annotations/{stem}.xml").write_text(annotation(stem, *objects))
        Image.new("RGB", (80, 60), (40 * number, 0, 0)).save(root / f"JPEGImages/{stem}.png")
    (root / "train.txt").write_text("000000\n000001\n000002\n000003\n")
    (root / "val.txt").write_text("000004\n000005\n")
    return root


def check(root: Path, order: DatasetOrder = ORDER) -> tuple[DatasetReport, tuple[Sample, ...], str | None]:
    return check_dataset(order, data_root=root, samples=root.parent / "samples")


def test_whole_data_is_counted_shown_and_ready(root: Path) -> None:
    report, samples, refusal = check(root)
    assert (refusal, report.findings) == (None, ())
    assert report.train is not None
    assert report.val is not None
    assert (report.train.images, report.val.images) == (4, 2)
    assert (report.train.instances, report.train.difficult) == (8, 1)
    assert [(found.name, found.category_id, found.instances) for found in report.train.classes] == [
        ("cat", 1, 4),
        ("dog", 2, 4),
    ]
    assert report.train.box_sizes.model_dump() == {"small": 4, "medium": 4, "large": 0}
    assert report.train.image_sizes[0].model_dump() == {"width": 80, "height": 60, "images": 4}
    assert len(samples) == 6
    third = next(sample for sample in samples if sample.file_name == "000002.png")
    assert [(box.name, box.box_xywh, box.difficult) for box in third.boxes] == [
        ("cat", (0, 0, 20, 30), False),
        ("dog", (30, 10, 50, 50), False),
        ("dog", (4, 39, 16, 11), True),
    ]
    with Image.open(root.parent / "samples" / third.thumbnail) as thumbnail:
        assert thumbnail.size == (80, 60)


def write(root: Path, number: int, *objects: str, **fields: str) -> None:
    (root / f"Annotations/{number:06}.xml").write_text(annotation(f"{number:06}", *objects, **fields))


def rename(root: Path, file_name: str) -> None:
    path = root / "Annotations/000000.xml"
    path.write_text(path.read_text().replace("000000.png", file_name))


CAT = an_object("cat", 1, 1, 20, 30)
BREAK: dict[str, Callable[[Path], object]] = {
    "unreadable_annotations": lambda root: (root / "train.txt").write_text("000000\nmissing\n"),
    "malformed_xml": lambda root: (root / "Annotations/000000.xml").write_text("<annotation>"),
    "unknown_category": lambda root: write(root, 0, CAT, an_object("cow", 1, 1, 20, 30)),
    "inverted_box": lambda root: write(root, 0, CAT, an_object("cat", 20, 1, 10, 30)),
    "box_outside": lambda root: write(root, 0, CAT, an_object("cat", 20, 1, 100, 30)),
    "box_clipped": lambda root: write(root, 0, CAT, an_object("cat", 20, 1, 81, 30)),
    "empty_box": lambda root: write(root, 0, CAT, an_object("cat", 20, 1, 19, 30)),
    "missing_file": lambda root: (root / "JPEGImages/000000.png").unlink(),
    "duplicate_file": lambda root: rename(root, "000001.png"),
    "outside_folder": lambda root: rename(root, "../../secret.png"),
    "in_both_splits": lambda root: (root / "val.txt").write_text("000003\n000004\n"),
    "wrong_size": lambda root: Image.new("RGB", (50, 96)).save(root / "JPEGImages/000000.png"),
    "no_boxes": lambda root: [write(root, number) for number in (4, 5)],
}
# What the trainer finds only while it reads images, or takes with a warning.
_LATER = {"wrong_size", "inverted_box", "no_boxes"}


@pytest.mark.parametrize("code", BREAK)
def test_each_defect_is_found_and_named(code: str, root: Path) -> None:
    BREAK[code](root)
    report, _, refusal = check(root)
    found = {finding.code: finding for finding in report.findings}
    assert code in found
    assert found[code].examples or code == "no_boxes"
    if DEFECTS[code].severity == "warning":
        assert refusal is None
        require_same_classes(read_split(ORDER.train, data_root=root), read_split(ORDER.val, data_root=root))
        return
    assert refusal is not None
    assert found[code].message in refusal
    if code not in _LATER:
        with pytest.raises(InputError):
            read_split(ORDER.train, data_root=root)


@pytest.mark.parametrize(
    "content",
    [
        "<annotation><object/></annotation>",
        annotation("000000", "<object><name>cat</name></object>"),
        annotation("000000", CAT.replace("20", "wide")),
        "<html/>",
    ],
)
def test_xml_that_is_no_annotation_is_named(content: str, root: Path) -> None:
    (root / "Annotations/000000.xml").write_text(content)
    (root / "JPEGImages/000000.jpg").write_bytes((root / "JPEGImages/000000.png").read_bytes())
    _, _, refusal = check(root)
    assert refusal is not None
    assert "000000.xml" in refusal


def test_splits_with_other_classes_are_told_to_name_them(root: Path) -> None:
    for number in (4, 5):
        write(root, number, an_object("dog", 1, 1, 20, 30))
    loose = DatasetOrder(train=split("train", classes=None), val=split("val", classes=None))
    _, _, refusal = check(root, loose)
    assert refusal is not None
    assert "name the classes of both splits in one order" in refusal
    assert check(root)[2] is None


def test_without_a_list_all_images_count_and_sizes_come_from_the_files(root: Path) -> None:
    write(root, 0, CAT, size="")
    whole = SplitSpec(images="JPEGImages", annotations="Annotations", format="voc")
    report, _, _ = check(root, DatasetOrder(train=whole, val=whole))
    assert report.train is not None
    assert (report.train.images, report.train.num_image_sizes) == (6, 1)


def test_an_attempt_trains_only_on_what_was_checked(root: Path, tmp_path: Path) -> None:
    report, _, _ = check(root)
    data = DataSpec(train=ORDER.train, val=ORDER.val, dataset="pets@1", hash=report.hash)
    training = TrainingSpec(data=data)
    moved = root.rename(tmp_path / "elsewhere")
    verify_pins(training, data_root=moved)
    write(moved, 0, CAT)
    with pytest.raises(InputError, match="pets@1 has changed since it was checked"):
        verify_pins(training, data_root=moved)
    (moved / "Annotations/000000.xml").write_text("<annotation>")
    with pytest.raises(InputError, match=r"000000.xml is not valid XML"):
        verify_pins(training, data_root=moved)


def test_the_order_of_classes_is_a_part_of_the_hash(root: Path) -> None:
    other = DatasetOrder(train=split("train", classes=("dog", "cat")), val=split("val", classes=("dog", "cat")))
    assert check(root)[0].hash != check(root, other)[0].hash
