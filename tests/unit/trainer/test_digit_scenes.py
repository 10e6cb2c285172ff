"""The digit scenes: what they hold, and that a seed decides them."""

import hashlib
import json
from pathlib import Path

import numpy as np
import pytest

from trainer.data.coco import read_split, require_same_classes
from trainer.data.digit_scenes import CATEGORY_IDS, Source, draw_scene, main, make_digit_scenes, split_sources
from trainer.errors import InputError
from trainer.spec import SplitSpec


def digest(folder: Path) -> str:
    """One hash over all files of a folder, names included."""
    total = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            total.update(path.relative_to(folder).as_posix().encode() + path.read_bytes())
    return total.hexdigest()


def test_the_same_seed_gives_the_same_files_and_another_one_does_not(tmp_path: Path) -> None:
    for name, seed in (("a", 1), ("b", 1), ("c", 2)):
        assert make_digit_scenes(tmp_path / name, seed=seed, num_train=4, num_val=2)
    assert digest(tmp_path / "a") == digest(tmp_path / "b") != digest(tmp_path / "c")


def test_a_second_call_does_nothing_and_another_size_is_refused(tmp_path: Path) -> None:
    assert make_digit_scenes(tmp_path / "scenes", num_train=3, num_val=2)
    assert not make_digit_scenes(tmp_path / "scenes", num_train=3, num_val=2)
    with pytest.raises(InputError, match="holds other digit scenes"):
        make_digit_scenes(tmp_path / "scenes", num_train=4, num_val=2)
    assert [path.name for path in tmp_path.iterdir()] == ["scenes"]


def test_a_folder_with_other_things_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "precious.txt").write_text("keep me")
    with pytest.raises(InputError, match="is not empty and holds no digit scenes"):
        make_digit_scenes(tmp_path, num_train=2, num_val=2)
    assert (tmp_path / "precious.txt").read_text() == "keep me"


def test_the_splits_share_no_scan_and_no_region_of_the_photographs() -> None:
    train, val = split_sources(0)
    seen = {scan.tobytes() for scan in train.scans}
    assert len(train.scans) + len(val.scans) == 1797
    assert not any(scan.tobytes() in seen for scan in val.scans)
    for train_photo, val_photo in zip(train.photos, val.photos, strict=True):
        assert train_photo.shape[1] + val_photo.shape[1] == 640


def test_scenes_hold_up_to_five_digits_of_at_most_48_px_inside_the_image() -> None:
    source, _ = split_sources(0)
    counts = set()
    for number in range(60):
        scene = draw_scene(source, np.random.default_rng(number))
        counts.add(len(scene.digits))
        assert len(scene.boxes_xywh) == len(scene.digits)
        for left, top, width, height in scene.boxes_xywh:
            assert 0 <= left < left + width <= 96
            assert 0 <= top < top + height <= 96
            assert max(width, height) <= 48
    assert {2, 3, 4, 5} <= counts <= {0, 1, 2, 3, 4, 5}


def test_boxes_hold_all_ink_and_no_more() -> None:
    """On black photographs all that shines is ink; opacity 0.1 of colours from 190 to 255 counts as ink."""
    source, _ = split_sources(0)
    black = Source(source.scans, source.digits, (np.zeros((200, 200, 3), dtype=np.uint8),))
    for number in range(40):
        scene = draw_scene(black, np.random.default_rng(number))
        brightness = scene.image.max(axis=2)
        outside = brightness.copy()
        for left, top, width, height in scene.boxes_xywh:
            outside[top : top + height, left : left + width] = 0
            box = brightness[top : top + height, left : left + width]
            assert min(box[0].max(), box[-1].max(), box[:, 0].max(), box[:, -1].max()) >= 19
        assert outside.max(initial=0) <= 26


def test_the_loader_reads_them_as_any_coco_data_set(tmp_path: Path) -> None:
    assert main(["--out", str(tmp_path / "scenes"), "--train", "60", "--val", "10"]) == 0
    splits = [
        read_split(
            SplitSpec(images=f"scenes/{name}", annotations=f"scenes/annotations/{name}.json"), data_root=tmp_path
        )
        for name in ("train", "val")
    ]
    require_same_classes(*splits)
    assert splits[0].category_ids == CATEGORY_IDS
    assert len(splits[0].class_names) == 10
    document = json.loads((tmp_path / "scenes/annotations/train.json").read_text())
    assert splits[0].num_instances == len(document["annotations"]) > 100
    assert any(not image.instances for image in splits[0].images)
