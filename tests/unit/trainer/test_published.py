"""torchvision's published detectors, loaded by name, give what torchvision's own models give."""

from pathlib import Path
from typing import Any, get_args

import pytest
import torch
from torch import Tensor, nn

from tests.unit.trainer.factories import make_images
from trainer.detectors import detections_of
from trainer.detectors.published import PUBLISHED, load_published
from trainer.distill.teacher import Teacher
from trainer.errors import InputError
from trainer.spec.distillation import PublishedName

HEIGHT, WIDTH = 160, 224  # multiples of 32 and not of 128, so that strides of 64 and 128 do not come out even


@pytest.fixture(params=sorted(PUBLISHED))
def name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def theirs(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> nn.Module:
    """torchvision's model with random weights, which lie where torchvision keeps its downloads."""
    monkeypatch.setenv("TORCH_HOME", str(tmp_path))
    torch.manual_seed(0)
    published = PUBLISHED[name]
    model = published.build(
        weights=None, weights_backbone=None, num_classes=91, min_size=HEIGHT, max_size=WIDTH, detections_per_img=50
    )
    for layer in model.modules():
        if isinstance(layer, nn.BatchNorm2d):
            nn.init.uniform_(layer.running_var, 0.5, 2)
            nn.init.normal_(layer.running_mean, std=0.1)
    for parameter in model.head.parameters():
        nn.init.normal_(parameter, std=0.03)
    if "RetinaNet_ResNet50_FPN_Weights" in name:  # torchvision does the same once it has loaded the real ones
        for layer in model.modules():
            if isinstance(layer, nn.BatchNorm2d):
                layer.eps = 0.0
    folder = tmp_path / "hub" / "checkpoints"
    folder.mkdir(parents=True)
    torch.save(model.state_dict(), folder / published.weights[name.rpartition(".")[2]].url.rpartition("/")[2])
    return model.eval()


def keep_head_outputs(model: Any) -> dict[str, Tensor]:
    kept: dict[str, Tensor] = {}
    model.head.register_forward_hook(lambda module, given, outputs: kept.update(outputs))
    return kept


@torch.no_grad()
def test_outputs_and_detections_are_those_of_torchvision(name: str, theirs: Any) -> None:
    detector, card = load_published(name)
    images = torch.randint(0, 256, (1, 3, HEIGHT, WIDTH), dtype=torch.uint8)
    kept = keep_head_outputs(theirs)
    (wanted,) = theirs([images[0] / 255])
    outputs = detector(images)
    assert torch.allclose(outputs.flat_class_logits(), kept["cls_logits"], atol=2e-3, rtol=1e-3)
    assert torch.allclose(outputs.flat_box_regressions(), kept["bbox_regression"], atol=2e-3, rtol=1e-3)
    if outputs.quality_logits is not None:
        assert torch.allclose(outputs.flat_quality_logits(), kept["bbox_ctrness"].squeeze(2), atol=2e-3, rtol=1e-3)
    assert outputs.nms_iou == theirs.nms_thresh
    (found,) = detections_of(outputs, [(HEIGHT, WIDTH)], min_score=theirs.score_thresh, num_kept=50)
    assert wanted["scores"].shape[0] == 50
    assert torch.allclose(found.scores, wanted["scores"], atol=1e-3)
    same = found.labels == wanted["labels"]
    assert same.float().mean() > 0.9, "but for swaps of almost equal scores"
    assert torch.allclose(found.boxes_xyxy[same], wanted["boxes"][same], atol=0.1)
    assert card.class_names[1] == "person"
    assert card.category_ids[90] == 90
    assert (card.short_side_px, card.image_size_px) == (800, 1333)


def test_files_with_the_names_of_older_versions_load_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The published RetinaNet is from before torchvision grouped its convolutions."""
    monkeypatch.setenv("TORCH_HOME", str(tmp_path))
    name = "RetinaNet_ResNet50_FPN_Weights.COCO_V1"
    model = PUBLISHED[name].build(weights=None, weights_backbone=None, num_classes=91)
    state = {key: value for key, value in model.state_dict().items() if not key.endswith("num_batches_tracked")}
    for branch in ("classification", "regression"):
        for kind in ("weight", "bias"):
            taken = [state.pop(f"head.{branch}_head.conv.{number}.0.{kind}") for number in range(4)]
            state |= {f"head.{branch}_head.conv.{2 * number}.{kind}": value for number, value in enumerate(taken)}
    for block in ("inner_blocks", "layer_blocks"):
        for number in range(3):
            for kind in ("weight", "bias"):
                state[f"backbone.fpn.{block}.{number}.{kind}"] = state.pop(f"backbone.fpn.{block}.{number}.0.{kind}")
    folder = tmp_path / "hub" / "checkpoints"
    folder.mkdir(parents=True)
    torch.save(state, folder / PUBLISHED[name].weights.COCO_V1.url.rpartition("/")[2])
    detector, _ = load_published(name)
    wanted = model.head.regression_head.conv[3][0].weight
    assert torch.equal(detector.get_parameter("box_head.convs.3.0.weight"), wanted)


def test_the_spec_names_every_published_detector() -> None:
    assert set(PUBLISHED) == set(get_args(PublishedName))


@torch.no_grad()
def test_a_student_learns_from_one_by_name_with_the_classes_it_knows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TORCH_HOME", str(tmp_path))
    name = "FCOS_ResNet50_FPN_Weights.COCO_V1"
    torch.manual_seed(0)
    model = PUBLISHED[name].build(weights=None, weights_backbone=None, num_classes=91)
    folder = tmp_path / "hub" / "checkpoints"
    folder.mkdir(parents=True)
    torch.save(model.state_dict(), folder / PUBLISHED[name].weights.COCO_V1.url.rpartition("/")[2])
    teacher = Teacher.published(name, class_names=("dog", "cat"), device=torch.device("cpu"))
    outputs = teacher(make_images(1, size_px=64))
    own = teacher.detector(make_images(1, size_px=64)).flat_class_logits()
    assert torch.equal(outputs.flat_class_logits(), own[:, :, [18, 17]]), "COCO's ids of dog and cat"


def test_a_detector_that_torchvision_does_not_publish_is_refused() -> None:
    with pytest.raises(InputError, match=r"no detector 'SSD300.V1' .* wanted one of: RetinaNet_ResNet50_FPN_Weights"):
        load_published("SSD300.V1")
