"""The PASCAL VOC reader: what it accepts, and what it says about the rest."""

from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from pydantic import ValidationError

from trainer.data.batches import load_sample
from trainer.data.coco import read_split
from trainer.data.split import Split
from trainer.errors import InputError
from trainer.spec import SplitSpec

Object = tuple[str, tuple[float, float, float, float], int]


def xml(name: str, *objects: Object, size: tuple[int, int] | None = (40, 30)) -> str:
    parts = [f"<annotation><filename>{name}.png</filename>"]
    if size is not None:
        parts.append(f"<size><width>{size[0]}</width><height>{size[1]}</height><depth>3</depth></size>")
    for label, box, difficult in objects:
        sides = "".join(f"<{k}>{v}</{k}>" for k, v in zip(("xmin", "ymin", "xmax", "ymax"), box, strict=True))
        parts.append(f"<object><name>{label}</name><difficult>{difficult}</difficult><bndbox>{sides}</bndbox></object>")
    return "".join(parts) + "</annotation>"


def write_voc(root: Path, **documents: str) -> None:
    """One image and one XML file for each document."""
    for folder in ("JPEGImages", "Annotations"):
        (root / folder).mkdir(parents=True, exist_ok=True)
    for name, document in documents.items():
        Image.new("RGB", (40, 30)).save(root / "JPEGImages" / f"{name}.png")
        (root / "Annotations" / f"{name}.xml").write_text(document)


def read(root: Path, **changes: Any) -> Split:
    spec = SplitSpec(images="JPEGImages", annotations="Annotations", format="voc", **changes)
    return read_split(spec, data_root=root)


DOG: Object = ("dog", (1, 1, 10, 10), 0)
CAT: Object = ("cat", (11, 6, 30, 25), 1)


def test_boxes_start_at_pixel_1_and_hold_their_last_pixel(tmp_path: Path) -> None:
    write_voc(tmp_path, a=xml("a", DOG, CAT), b=xml("b"))
    split = read(tmp_path)
    assert split.class_names == ("cat", "dog")
    assert split.category_ids == (1, 2)
    assert [image.id for image in split.images] == [1, 2]
    dog, cat = split.images[0].instances
    assert (dog.box_xyxy, dog.class_index, dog.difficult) == ((0, 0, 10, 10), 1, False)
    assert (cat.box_xyxy, cat.class_index, cat.difficult) == ((10, 5, 30, 25), 0, True)
    assert split.images[1].instances == ()


def test_difficult_objects_are_not_learned(tmp_path: Path) -> None:
    write_voc(tmp_path, a=xml("a", DOG, CAT))
    split = read(tmp_path)
    assert split.num_instances == 1
    assert load_sample(split.images[0], image_size_px=40).target.labels.tolist() == [1]


def test_a_list_chooses_and_orders_the_images(tmp_path: Path) -> None:
    write_voc(tmp_path, a=xml("a", DOG), b=xml("b", DOG), c=xml("c", DOG))
    (tmp_path / "trainval.txt").write_text("c 1\na -1\n\n")  # VOC's lists by class have a second column
    split = read(tmp_path, image_list="trainval.txt")
    assert [image.path.stem for image in split.images] == ["c", "a"]


def test_classes_can_be_given_with_those_that_do_not_occur(tmp_path: Path) -> None:
    write_voc(tmp_path, a=xml("a", DOG))
    assert read(tmp_path, classes=("owl", "dog")).images[0].instances[0].class_index == 1
    with pytest.raises(InputError, match="objects of class 'dog'; the split's classes are owl, cat"):
        read(tmp_path, classes=("owl", "cat"))


def test_a_missing_size_is_read_from_the_image(tmp_path: Path) -> None:
    write_voc(tmp_path, a=xml("a", DOG, size=None), b=xml("b", DOG, size=(0, 0)))
    assert [(image.width, image.height) for image in read(tmp_path).images] == [(40, 30), (40, 30)]


@pytest.mark.parametrize(
    ("document", "words"),
    [
        ("<annotation>", "is not valid XML"),
        ("<html/>", "holds a <html>; wanted a VOC <annotation>"),
        (xml("a", ("dog", (1, 1, 60, 10), 0)), r"sticks out of its image 'a\.png' of 40x30 px"),
        (xml("a", DOG).replace("<name>dog</name>", ""), "a <object> has no <name>"),
        (xml("a", DOG).replace("<xmin>1<", "<xmin>one<"), "<xmin> is 'one'; wanted a number"),
        (xml("a", DOG).replace("bndbox>", "box>"), "an object 'dog' has no <bndbox>"),
        (xml("other", DOG), r"1 of 1 images of Annotations are missing|the first is other\.png"),
        (xml("a"), "no object is annotated"),
    ],
)
def test_what_is_wrong_is_said(tmp_path: Path, document: str, words: str) -> None:
    write_voc(tmp_path, a=document)
    with pytest.raises(InputError, match=words):
        read(tmp_path)


def test_missing_files_are_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no folder of annotations at"):
        read(tmp_path)
    write_voc(tmp_path)
    with pytest.raises(InputError, match="no XML files in"):
        read(tmp_path)
    write_voc(tmp_path, a=xml("a", DOG))
    with pytest.raises(InputError, match="cannot read the list of images"):
        read(tmp_path, image_list="nowhere.txt")
    (tmp_path / "list.txt").write_text("a\nb\n")
    with pytest.raises(InputError, match=r"lists 2 images, 1 have no XML file .* the first is b\.xml"):
        read(tmp_path, image_list="list.txt")


def test_a_box_without_area_is_left_out_with_a_warning(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    write_voc(tmp_path, a=xml("a", DOG, ("dog", (5, 5, 4, 9), 0)))
    assert len(read(tmp_path).images[0].instances) == 1
    assert "left out a box without area" in caplog.text


def test_a_coco_split_takes_no_fields_of_voc() -> None:
    with pytest.raises(ValidationError, match="lists its images and classes itself; wanted no classes"):
        SplitSpec(images="a", annotations="a.json", classes=("dog",))


@pytest.mark.parametrize("name", ["../secret.png", "/etc/secret.png", "a/../../secret.png"])
def test_images_outside_of_their_folder_are_refused(name: str, tmp_path: Path) -> None:
    (tmp_path / "secret.png").write_bytes(b"")
    write_voc(tmp_path, a=xml("a", DOG).replace("a.png", name))
    with pytest.raises(InputError, match=r"names 1 images outside of .*JPEGImages, the first is"):
        read(tmp_path)
