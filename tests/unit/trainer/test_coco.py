"""The COCO loader: what it accepts, and what it says about the rest."""

import json
import math
from pathlib import Path
from typing import Any

import pytest
import torch
from PIL import Image

from tests.unit.trainer.factories import CATEGORY_IDS, CLASS_NAMES, write_coco
from trainer.data.batches import SampleStore, TrainingStream, collate, flipped, load_sample, resize, training_batches
from trainer.data.coco import CocoSplit, read_split, require_same_classes
from trainer.errors import InputError
from trainer.spec import SplitSpec

SPLIT = SplitSpec(images="train", annotations="train.json")


def box(*box_xywh: Any, **fields: Any) -> dict[str, Any]:
    return {"annotations": [{"id": 1, "image_id": 1, "category_id": 3, "bbox": list(box_xywh), **fields}]}


def read(root: Path, **changes: Any) -> CocoSplit:
    write_coco(root, **changes)
    return read_split(SPLIT, data_root=root)


def test_category_ids_need_not_be_contiguous_and_images_without_boxes_are_kept(tmp_path: Path) -> None:
    split = read(tmp_path, num_images=4)
    assert split.category_ids == CATEGORY_IDS
    assert split.class_names == CLASS_NAMES
    assert [len(image.instances) for image in split.images] == [1, 1, 1, 0]
    assert [image.instances[0].class_index for image in split.images[:3]] == [0, 1, 2]


def test_a_box_slightly_outside_is_clipped(tmp_path: Path) -> None:
    split = read(tmp_path, **box(-1.5, 10, 20, 23))
    assert split.images[0].instances[0].box_xyxy == (0, 10, 18.5, 32)


def test_a_box_without_area_is_left_out_with_a_warning(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    assert read(tmp_path, **box(5, 5, 0, 10)).images[0].instances == ()
    assert "left out 1 boxes without area" in caplog.text


def test_crowds_are_kept_for_the_evaluation_and_ignored_in_training(tmp_path: Path) -> None:
    split = read(tmp_path, **box(5, 5, 10, 10, iscrowd=1))
    assert split.images[0].instances[0].iscrowd
    assert split.num_instances == 0
    assert load_sample(split.images[0], image_size_px=32).target.labels.shape == (0,)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        (box(20, 5, 30, 10), "sticks out of its image '0.png' of 32x32 px"),
        (box(5, 5, -3, 10), "wanted .x, y, width, height. with sizes of 0 or more"),
        (box(5, 5, 3), "wanted four finite numbers"),
        (box(5, 5, 3, float("nan")), "wanted four finite numbers"),
        (box(5, 5, 3, 10**400), "wanted four finite numbers"),
        (box(5, 5, 3, 3, area="large"), "area is 'large'; wanted a finite number"),
        (box(5, 5, 3, 3, category_id=4), "has category 4; the categories are 3, 7, 11"),
        (box(5, 5, 3, 3, image_id=99), "belongs to image 99"),
        ({"categories": []}, "has no categories"),
        ({"categories": [{"id": 3, "name": "a"}, {"id": 3, "name": "b"}]}, "share ids or names"),
        ({"images": []}, "lists no images"),
        ({"annotations": None}, "has no list 'annotations', there is: annotations, categories, images"),
        ({"images": [{"id": "1"}]}, r"images\[0\].id is '1'; wanted a whole number"),
    ],
)
def test_what_is_wrong_with_the_json_is_said(tmp_path: Path, changes: dict[str, Any], words: str) -> None:
    with pytest.raises(InputError, match=words):
        read(tmp_path, **changes)


@pytest.mark.parametrize("text", ["{", "[" * 200_000, '{"images": ' + "1" * 5000 + "}", "\xff"])
def test_what_is_no_json_is_said(tmp_path: Path, text: str) -> None:
    write_coco(tmp_path)
    (tmp_path / "train.json").write_text(text, encoding="latin-1")
    with pytest.raises(InputError, match="is not valid JSON"):
        read_split(SPLIT, data_root=tmp_path)


def test_missing_files_are_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no annotations at"):
        read_split(SPLIT, data_root=tmp_path)
    (tmp_path / "train.json").write_text("{")
    with pytest.raises(InputError, match="is not valid JSON"):
        read_split(SPLIT, data_root=tmp_path)
    write_coco(tmp_path)
    (tmp_path / "train" / "2.png").unlink()
    with pytest.raises(InputError, match=r"1 of 6 images .* the first is 2\.png"):
        read_split(SPLIT, data_root=tmp_path)


def test_an_image_that_is_none_or_has_another_size_is_named(tmp_path: Path) -> None:
    split = read(tmp_path)
    split.images[0].path.write_bytes(b"no image")
    with pytest.raises(InputError, match=r"cannot read the image .*0\.png"):
        load_sample(split.images[0], image_size_px=32)
    document = json.loads((tmp_path / "train.json").read_text())
    document["images"][1]["width"] = 40
    (tmp_path / "train.json").write_text(json.dumps(document))
    with pytest.raises(InputError, match=r"1\.png is 32x32 px, its annotations say 40x32"):
        load_sample(read_split(SPLIT, data_root=tmp_path).images[1], image_size_px=32)


def test_splits_with_other_classes_do_not_go_together(tmp_path: Path) -> None:
    train = read(tmp_path / "a")
    val = read(tmp_path / "b", categories=[{"id": 3, "name": "cat"}], annotations=[])
    with pytest.raises(InputError, match="wanted the same ids and names in both"):
        require_same_classes(train, val)


def test_images_are_resized_keeping_their_shape_and_padded(tmp_path: Path) -> None:
    split = read(tmp_path, size_px=64)
    sample = load_sample(split.images[0], image_size_px=48)
    assert sample.image.shape == (3, 48, 48)
    original = torch.tensor(split.images[0].instances[0].box_xyxy)
    assert torch.allclose(sample.target.boxes_xyxy[0], original * 0.75)
    batch = collate([sample], size_divisor=32)
    assert batch.images.shape == (1, 3, 64, 64)
    assert batch.images[0, :, 50, 50].tolist() == [124, 116, 104]
    assert batch.sizes == ((48, 48),)


def test_flipping_twice_changes_nothing(tmp_path: Path) -> None:
    sample = load_sample(read(tmp_path).images[0], image_size_px=32)
    mirrored = flipped(sample)
    left, _, right, _ = sample.target.boxes_xyxy[0].tolist()
    assert mirrored.target.boxes_xyxy[0, 0].item() == 32 - right
    assert torch.equal(flipped(mirrored).image, sample.image)
    assert (mirrored.image[:, :, int(32 - right) : int(32 - left)] == 255).any()


@pytest.mark.parametrize(("scale_range", "photometric"), [((1.0, 1.0), 0.0), ((0.7, 1.3), 0.5)])
def test_the_batch_of_a_step_depends_on_nothing_but_seed_and_step(
    tmp_path: Path, scale_range: tuple[float, float], photometric: float
) -> None:
    split = read(tmp_path, num_images=5)

    def batches(steps: range, *, num_workers: int = 0, seed: int = 3) -> list[torch.Tensor]:
        store = SampleStore(split, image_size_px=32, keep=num_workers == 0)
        stream = TrainingStream(store, seed=seed, horizontal_flip=0.5, scale_range=scale_range, photometric=photometric)
        made = training_batches(stream, steps=steps, batch_size=2, size_divisor=16, num_workers=num_workers)
        return [batch.images for batch in made]

    whole = batches(range(8))
    assert all(torch.equal(a, b) for a, b in zip(whole[3:], batches(range(3, 8)), strict=True))
    assert all(torch.equal(a, b) for a, b in zip(whole, batches(range(8), num_workers=2), strict=True))
    assert all(torch.equal(a, b) for a, b in zip(whole[5:], batches(range(5, 8), num_workers=2), strict=True))
    assert not all(_same(a, b) for a, b in zip(whole, batches(range(8), seed=4), strict=True))


def test_every_epoch_shows_every_image_once(tmp_path: Path) -> None:
    stream = TrainingStream(
        SampleStore(read(tmp_path, num_images=5), image_size_px=32, keep=True), seed=0, horizontal_flip=0.0
    )
    epochs = [[stream[epoch * 5 + offset].image_id for offset in range(5)] for epoch in range(3)]
    assert all(sorted(epoch) == [1, 2, 3, 4, 5] for epoch in epochs)
    assert len({tuple(epoch) for epoch in epochs}) > 1


def _same(one: torch.Tensor, other: torch.Tensor) -> bool:
    return one.shape == other.shape and torch.equal(one, other)


@pytest.mark.parametrize(
    ("size", "sizes_px", "wanted"),
    [
        ((640, 480), {"image_size_px": 1333, "short_side_px": 800}, (1067, 800)),
        ((480, 640), {"image_size_px": 1333, "short_side_px": 800}, (800, 1067)),
        ((1000, 300), {"image_size_px": 1333, "short_side_px": 800}, (1333, 400)),
        ((640, 480), {"image_size_px": 320}, (320, 240)),
        ((640, 480), {"image_size_px": 320, "factor": 0.5}, (160, 120)),
    ],
)
def test_images_get_the_size_that_is_asked_for(
    size: tuple[int, int], sizes_px: dict[str, Any], wanted: tuple[int, int]
) -> None:
    pixels, scale = resize(Image.new("RGB", size), **sizes_px)
    assert (pixels.shape[2], pixels.shape[1]) == wanted
    assert scale == pytest.approx(wanted[0] / size[0], rel=2e-3)


def test_boxes_follow_the_drawn_size(tmp_path: Path) -> None:
    store = SampleStore(read(tmp_path, num_images=5), image_size_px=32, keep=True)
    stream = TrainingStream(store, seed=0, horizontal_flip=0.0, scale_range=(0.5, 2.0))
    samples = [stream[position] for position in range(5)]
    assert len({sample.image.shape for sample in samples}) > 1
    for sample in samples:
        for left, top, right, bottom in sample.target.boxes_xyxy.tolist():
            inside = sample.image[:, math.ceil(top) + 1 : int(bottom) - 1, math.ceil(left) + 1 : int(right) - 1]
            assert (inside == 255).all(), "the bright box lies where the target says"


def test_changed_colours_leave_boxes_and_shape_alone(tmp_path: Path) -> None:
    split = read(tmp_path)
    store = SampleStore(split, image_size_px=32, keep=True)
    plain = TrainingStream(store, seed=0, horizontal_flip=0.0)
    changed = TrainingStream(store, seed=0, horizontal_flip=0.0, photometric=1.0)
    assert not torch.equal(plain[0].image, changed[0].image)
    assert plain[0].image.shape == changed[0].image.shape
    assert changed[0].image.dtype == torch.uint8
    assert torch.equal(plain[0].target.boxes_xyxy, changed[0].target.boxes_xyxy)
