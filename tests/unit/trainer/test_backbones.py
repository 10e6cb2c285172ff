"""torchvision's networks as backbones: their maps, their published weights, and what is frozen."""

from pathlib import Path
from typing import Any

import pytest
import torch
from pydantic import ValidationError
from torch import nn
from torchvision.models import get_model, get_model_weights
from torchvision.ops import FrozenBatchNorm2d

from tests.unit.trainer.factories import make_detector, make_images
from trainer.detectors import DetectorCard, build_detector, load_detector, save_detector
from trainer.detectors.backbones import FAMILIES, TorchvisionBackbone
from trainer.errors import InputError
from trainer.spec import TorchvisionBackboneSpec

FEW = ["resnet18", "resnet50", "mobilenet_v2", "mobilenet_v3_large", "mobilenet_v3_small"]
ONE_OF_EACH_OTHER = ["efficientnet_b0", "convnext_tiny", "regnet_x_400mf", "shufflenet_v2_x0_5", "mnasnet0_5"]


def make_backbone(name: str = "resnet18", *, num_maps: int = 3, **changes: Any) -> TorchvisionBackbone:
    torch.manual_seed(0)
    return TorchvisionBackbone(TorchvisionBackboneSpec(name=name, **changes), num_maps=num_maps)  # type: ignore[arg-type]


@pytest.fixture
def published(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> nn.Module:
    """A network whose weights lie where torchvision keeps what it has downloaded."""
    monkeypatch.setenv("TORCH_HOME", str(tmp_path))
    torch.manual_seed(1)
    model = get_model("resnet18", weights=None)
    for layer in model.modules():
        if isinstance(layer, nn.BatchNorm2d):
            nn.init.normal_(layer.running_mean)
            nn.init.uniform_(layer.running_var, 0.5, 2)
    folder = tmp_path / "hub" / "checkpoints"
    folder.mkdir(parents=True)
    url = get_model_weights("resnet18")["IMAGENET1K_V1"].url
    torch.save(model.state_dict(), folder / url.rpartition("/")[2])
    return model.eval()


@pytest.mark.parametrize("name", FEW + ONE_OF_EACH_OTHER)
def test_maps_have_the_strides_8_16_and_32(name: str) -> None:
    backbone = make_backbone(name).eval()
    maps = backbone(torch.zeros(1, 3, 64, 96))
    assert [tuple(level.shape[2:]) for level in maps] == [(8, 12), (4, 6), (2, 3)]
    assert [level.shape[1] for level in maps] == list(backbone.out_channels)


def test_fewer_maps_leave_out_the_stages_behind_them() -> None:
    whole, short = make_backbone(), make_backbone(num_maps=1)
    assert len(short(torch.zeros(1, 3, 64, 64))) == 1
    assert "layer2" in short.body
    assert "layer3" not in short.body
    assert "layer4" in whole.body


def test_a_name_that_has_no_pyramid_is_refused() -> None:
    with pytest.raises(ValidationError, match="Input should be 'resnet18'"):
        TorchvisionBackboneSpec.model_validate({"name": "vit_b_16"})


@pytest.mark.parametrize("norm", ["batch", "frozen_batch", "sync_batch"])
def test_published_weights_are_taken_over(published: Any, norm: Any) -> None:
    backbone = make_backbone(weights="IMAGENET1K_V1", norm=norm)
    backbone.load_pretrained()
    images = torch.randn(1, 3, 64, 64)
    stem = published.maxpool(published.relu(published.bn1(published.conv1(images))))
    wanted = published.layer2(published.layer1(stem))
    assert torch.allclose(backbone.eval()(images)[0], wanted, atol=1e-5)


def test_weights_that_cannot_be_fetched_are_told_with_the_way_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TORCH_HOME", str(tmp_path))

    def no_network(*args: object, **options: object) -> None:
        raise OSError("no route to host")

    monkeypatch.setattr("torch.hub.urlopen", no_network)
    words = r"cannot get the weights ResNet18_Weights.IMAGENET1K_V1 .*no route to host; .*the whole file at .*\.pth"
    with pytest.raises(InputError, match=words):
        make_backbone(weights="IMAGENET1K_V1").load_pretrained()


def test_a_damaged_file_in_the_cache_is_told(published: Any, tmp_path: Path) -> None:
    (file,) = (tmp_path / "hub" / "checkpoints").iterdir()
    file.write_bytes(file.read_bytes()[:1000])
    with pytest.raises(InputError, match="cannot get the weights"):
        make_backbone(weights="IMAGENET1K_V1").load_pretrained()


def test_weights_that_torchvision_does_not_have_are_refused_with_those_it_has() -> None:
    with pytest.raises(InputError, match="'IMAGENET1K_V9' among ResNet18_Weights; wanted one of: IMAGENET1K_V1"):
        make_backbone(weights="IMAGENET1K_V9").load_pretrained()


@pytest.mark.parametrize("norm", ["frozen_batch", "group"])
def test_no_trained_batch_norm_is_left(norm: Any) -> None:
    backbone = make_backbone(norm=norm)
    assert not any(isinstance(layer, nn.BatchNorm2d) for layer in backbone.modules())
    before = {name: value.clone() for name, value in backbone.named_buffers()}
    backbone.train()(torch.randn(2, 3, 64, 64))
    assert all(torch.equal(before[name], value) for name, value in backbone.named_buffers())


@pytest.mark.parametrize(("name", "num_frozen"), [("resnet18", 2), ("mobilenet_v3_small", 4)])
@pytest.mark.parametrize("norm", ["batch", "sync_batch"])
def test_frozen_stages_keep_weights_and_statistics(name: str, num_frozen: int, norm: Any) -> None:
    backbone = make_backbone(name, weights="IMAGENET1K_V1", frozen_stages=num_frozen, norm=norm)
    last = FAMILIES[name][1][num_frozen - 1]
    names = list(backbone.body)
    for number, part in enumerate(names):
        is_frozen = number <= names.index(last)
        parameters = list(backbone.body[part].parameters())
        assert all(parameter.requires_grad is not is_frozen for parameter in parameters)
        norms = [
            layer for layer in backbone.body[part].modules() if isinstance(layer, nn.BatchNorm2d | nn.SyncBatchNorm)
        ]
        assert not (is_frozen and norms)
    before = backbone.body[last].state_dict()
    before = {key: value.clone() for key, value in before.items()}
    backbone.train()(torch.randn(2, 3, 64, 64))
    assert all(torch.equal(before[key], value) for key, value in backbone.body[last].state_dict().items())


def test_freezing_random_weights_and_published_weights_with_group_norm_are_refused() -> None:
    with pytest.raises(ValidationError, match="would freeze random numbers"):
        TorchvisionBackboneSpec(frozen_stages=1)
    with pytest.raises(ValidationError, match="do not fit norm 'group'"):
        TorchvisionBackboneSpec(weights="IMAGENET1K_V1", norm="group")


def test_the_epsilon_of_batch_norm_can_be_set_and_is_the_networks_by_default() -> None:
    eps = {layer.eps for layer in make_backbone(norm="frozen_batch", norm_eps=0.0).modules() if _is_norm(layer)}
    assert eps == {0.0}
    other = make_backbone("mobilenet_v3_small", norm="frozen_batch")
    usual = {layer.eps for layer in other.modules() if _is_norm(layer)}
    assert usual == {0.001}


def _is_norm(layer: nn.Module) -> bool:
    return isinstance(layer, FrozenBatchNorm2d)


def test_a_detector_starts_from_published_weights_and_its_file_needs_them_no_more(
    published: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    changes = {"backbone": {"kind": "torchvision", "name": "resnet18", "weights": "IMAGENET1K_V1"}}
    detector = make_detector(**changes).eval()
    assert torch.equal(detector.backbone.body["conv1"].weight, published.conv1.weight)
    card = DetectorCard(detector=detector.spec, class_names=("a", "b", "c"), category_ids=(1, 2, 3), image_size_px=32)
    save_detector(tmp_path / "it.safetensors", detector, card)
    monkeypatch.setenv("TORCH_HOME", str(tmp_path / "empty"))
    monkeypatch.setattr("torch.hub.urlopen", lambda *args, **options: pytest.fail("asked the network"))
    loaded, _ = load_detector(tmp_path / "it.safetensors")
    images = make_images(size_px=64)
    assert torch.equal(loaded(images).scores(), detector(images).scores())
    assert build_detector(detector.spec, num_classes=3, pretrained=False) is not None


@pytest.mark.parametrize("name", ["resnet18", "mobilenet_v2"])
def test_a_detector_on_such_a_backbone_gets_gradients_everywhere(name: str) -> None:
    detector = make_detector("fcos", num_levels=5, p6_from="c5", backbone={"kind": "torchvision", "name": name})
    outputs = detector(make_images(size_px=64))
    (outputs.scores().sum() + outputs.flat_box_regressions().sum()).backward()
    assert all(parameter.grad is not None for parameter in detector.parameters())
