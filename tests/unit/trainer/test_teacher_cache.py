"""Cached teacher outputs are the teacher's own, and are shared, bounded and safe to read while others write."""

import os
from pathlib import Path
from typing import Any

import pytest
import torch

from tests.unit.trainer.factories import make_detector, make_images, make_target, make_training, write_teacher
from trainer.data.batches import Batch, Sample, Target, collate, digest_of
from trainer.detectors import load_detector
from trainer.distill import cache_files
from trainer.distill.cache_files import CacheFiles, make_room
from trainer.distill.teacher import Teacher
from trainer.learner import Learner
from trainer.reporting import NullReporter
from trainer.training import train

RM = {"kind": "rank_mimicking", "rank_by": "both"}
PFI = {"kind": "feature_imitation"}
SOFT = {"kind": "soft_labels"}


def make_batch(*, seed: int = 0, first: int = 0) -> Batch:
    targets = (make_target((4, 4, 24, 24), (10, 2, 30, 14), labels=[2, 0]), make_target(), make_target((2, 2, 20, 20)))
    return Batch(make_images(3, seed=seed), ((32, 32),) * 3, targets, (first, first + 1, first + 2), (1.0,) * 3)


def make_learner(
    tmp_path: Path, losses: list[dict[str, Any]], *, classes: tuple[str, ...] = ("cat", "dog", "owl"), **cache: Any
) -> Learner:
    distillation = {"teacher": {"weights": "unread"}, "losses": losses, "cache": cache}
    spec = make_training(distillation=distillation)
    path = write_teacher(tmp_path / "teacher.safetensors", class_names=classes)
    teacher = Teacher.load(path, class_names=("cat", "dog", "owl"), device=torch.device("cpu"))
    return Learner(spec, make_detector(), teacher, cache_root=tmp_path / "cache", num_images=3)


def values(learner: Learner, batch: Batch) -> dict[str, float]:
    return {name: value.item() for name, value in learner.losses(batch).items()}


def counts(learner: Learner) -> tuple[int, int]:
    assert learner.cache is not None
    return learner.cache.num_computed, learner.cache.num_read


@pytest.mark.parametrize("losses", [[RM], [PFI], [RM, PFI, SOFT]])
@pytest.mark.parametrize("classes", [("cat", "dog", "owl"), ("owl", "cow", "cat")])
def test_losses_are_the_same_to_the_bit_computed_and_read(
    tmp_path: Path, losses: list[dict[str, Any]], classes: tuple[str, ...]
) -> None:
    learner = make_learner(tmp_path, losses, classes=classes)
    batch = make_batch()
    computed = values(learner, batch)
    assert counts(learner) == (3, 0)
    read = values(learner, batch)
    assert counts(learner) == (3, 3)
    learner.objective._cache = None
    assert values(learner, batch) == computed == read


def test_only_what_is_missing_is_computed(tmp_path: Path) -> None:
    learner = make_learner(tmp_path, [RM, PFI])
    values(learner, make_batch())
    other = make_batch(seed=1)
    mixed = Batch(
        torch.stack([make_batch().images[0], other.images[1], make_batch().images[2]]),
        other.sizes, other.targets, other.image_ids, other.scales,
    )  # fmt: skip
    found = values(learner, mixed)
    assert counts(learner) == (4, 2)
    learner.objective._cache = None
    assert values(learner, mixed) == found


def test_rank_mimicking_alone_keeps_no_more_than_scores_of_positives(tmp_path: Path) -> None:
    values(make_learner(tmp_path, [RM]), make_batch())
    sizes = [path.stat().st_size for path in (tmp_path / "cache").rglob("*.safetensors")]
    assert len(sizes) == 3
    assert max(sizes) < 2000


def test_the_entries_of_another_teacher_are_not_taken(tmp_path: Path) -> None:
    values(make_learner(tmp_path, [RM]), make_batch())
    other = make_learner(tmp_path, [RM], classes=("owl", "cow", "cat"))
    values(other, make_batch())
    assert counts(other) == (3, 0)


def test_a_later_job_reads_what_an_earlier_one_computed(tmp_path: Path) -> None:
    values(make_learner(tmp_path, [RM, PFI]), make_batch())
    later = make_learner(tmp_path, [RM, PFI])
    values(later, make_batch())
    assert counts(later)[0] == 0


def test_boxes_are_part_of_what_ranked_values_are_found_by(tmp_path: Path) -> None:
    learner = make_learner(tmp_path, [RM])
    batch = make_batch()
    values(learner, batch)
    moved = Batch(batch.images, batch.sizes, (make_target((0, 0, 16, 16)), *batch.targets[1:]), (0, 1, 2), (1.0,) * 3)
    found = values(learner, moved)
    learner.objective._cache = None
    assert values(learner, moved) == found


def test_what_does_not_fit_the_budget_is_computed_every_time(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    learner = make_learner(tmp_path, [PFI], max_gb=1e-6)
    assert values(learner, make_batch()) == values(learner, make_batch())
    assert "teacher outputs are not cached" in caplog.text
    assert not list((tmp_path / "cache").rglob("*.safetensors"))


def test_what_is_never_found_again_is_no_longer_written(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO")
    learner = make_learner(tmp_path, [PFI])
    for seed in range(5):  # an epoch has three images, each in two ways
        values(learner, make_batch(seed=seed))
    written = list((tmp_path / "cache").rglob("*.safetensors"))
    assert counts(learner) == (12, 0), "the third epoch asks the teacher itself"
    assert "no longer cached: 12 were computed and 0 found again" in caplog.text
    learner.objective._cache, cache = None, learner.objective._cache
    plain = values(learner, make_batch(seed=4))
    learner.objective._cache = cache
    assert values(learner, make_batch(seed=4)) == plain
    assert list((tmp_path / "cache").rglob("*.safetensors")) == written


def test_half_the_disk_costs_bits(tmp_path: Path) -> None:
    learner = make_learner(tmp_path, [PFI], storage="float16")
    computed, read = values(learner, make_batch()), values(learner, make_batch())
    assert read["feature_imitation"] == pytest.approx(computed["feature_imitation"], rel=0.01)


def test_a_training_with_cache_ends_with_the_same_bits(tmp_path: Path, data_root: Path) -> None:
    ends = []
    for name, cache in (("without", None), ("with", {})):
        distillation = {"teacher": {"weights": "teacher.safetensors"}, "losses": [RM, PFI], "cache": cache}
        spec = make_training(distillation=distillation, num_steps=12)
        out = tmp_path / name
        result = train(spec, out=out, data_root=data_root, reporter=NullReporter(), cache_root=tmp_path / "shared")
        ends.append((load_detector(result.weights)[0].state_dict(), result.metrics))
    assert ends[0][1] == ends[1][1]
    assert all(torch.equal(value, ends[1][0][name]) for name, value in ends[0][0].items())
    assert len(list((tmp_path / "shared").rglob("*.safetensors"))) >= 6


# Files


def test_a_damaged_entry_is_removed_and_counts_as_none(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    files = CacheFiles(tmp_path, "k", half=False)
    files.write("abc", {"x": torch.arange(3)})
    [path] = tmp_path.rglob("*.safetensors")
    path.write_bytes(path.read_bytes()[:20])
    assert files.read("abc") is None
    assert "damaged" in caplog.text
    assert not path.exists()
    assert files.read("never") is None


def test_room_is_made_by_removing_what_nobody_uses_oldest_first(tmp_path: Path) -> None:
    for number, key in enumerate(("old", "newer", "used")):
        files = CacheFiles(tmp_path, key, half=False)
        files.write("entry", {"x": torch.zeros(1000)})
        if key != "used":
            files.close()
        else:
            kept = files
        os.utime(tmp_path / key, (number, number))
    assert make_room(tmp_path, "mine", needed_bytes=4000, budget_bytes=13000)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["newer", "used"]
    assert not make_room(tmp_path, "mine", needed_bytes=4000, budget_bytes=5000)
    assert [path.name for path in tmp_path.iterdir()] == ["used"]
    assert kept.read("entry") is not None
    assert not make_room(tmp_path, "mine", needed_bytes=6000, budget_bytes=5000)


def test_only_so_many_files_stay_mapped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cache_files, "_MOST_MAPPED", 2)
    files = CacheFiles(tmp_path, "k", half=False)
    for number in range(3):
        files.write(f"e{number}", {"x": torch.full((2,), number)})
    for number in (0, 1, 0, 2, 0, 1):
        found = files.read(f"e{number}")
        assert found is not None
        assert found["x"].tolist() == [number, number]
        assert len(files._mapped) <= 2


# Digests


def test_digests_are_made_where_images_are_loaded_and_go_with_the_batch() -> None:
    samples = [make_sample(seed) for seed in (0, 1)]
    batch = collate(samples, size_divisor=32, with_digests=True)
    assert batch.digests == tuple(map(digest_of, batch.images, batch.targets))
    assert batch.split(2)[1].digests == batch.digests[1:]
    assert collate(samples, size_divisor=32).digests is None


def test_digests_tell_pixels_padding_boxes_and_labels_apart() -> None:
    image, target = make_sample(0).image, make_sample(0).target
    others = [
        (image + 1, target),
        (image.view(3, 16, 64), target),
        (image, Target(target.boxes_xyxy + 1, target.labels)),
        (image, Target(target.boxes_xyxy, target.labels + 1)),
    ]
    assert len({digest_of(image, target), *(digest_of(*other) for other in others)}) == 5


def make_sample(seed: int) -> Sample:
    return Sample(make_images(1, seed=seed)[0], make_target((2, 2, 20, 20)), seed, 1.0)
