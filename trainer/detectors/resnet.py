"""ResNet backbones of basic blocks with widths of our own, built from torchvision's parts."""

from __future__ import annotations

from torch import Tensor, nn
from torchvision.models.resnet import BasicBlock

from trainer.detectors.norms import NORM_LAYERS, NormLayer
from trainer.spec import ResNetSpec


class ResNet(nn.Module):
    """Stem and stages of a ResNet; returns the maps of strides 8, 16 and 32, or only the first of them.

    The source is He et al., 2016, in torchvision's form.
    """

    def __init__(self, spec: ResNetSpec, *, num_maps: int) -> None:
        super().__init__()
        norm_layer = NORM_LAYERS[spec.norm]
        assert norm_layer is not None
        self.stem = nn.Sequential(
            nn.Conv2d(3, spec.width, kernel_size=7, stride=2, padding=3, bias=False),
            norm_layer(spec.width),
            nn.ReLU(inplace=True),
            nn.MaxPool2d(kernel_size=3, stride=2, padding=1),
        )
        self.stages = nn.ModuleList()
        channels = spec.width
        for number, depth in enumerate(spec.depths[: num_maps + 1]):
            wanted = spec.width * 2**number
            stride = 1 if number == 0 else 2
            blocks = [_block(channels, wanted, stride, norm_layer)]
            blocks += [_block(wanted, wanted, 1, norm_layer) for _ in range(depth - 1)]
            self.stages.append(nn.Sequential(*blocks))
            channels = wanted
        self.out_channels = tuple(spec.width * 2 ** (number + 1) for number in range(num_maps))
        for module in self.modules():
            if isinstance(module, nn.Conv2d):
                nn.init.kaiming_normal_(module.weight, mode="fan_out", nonlinearity="relu")

    def load_pretrained(self) -> None:
        """Nobody publishes weights of these widths."""

    def forward(self, images: Tensor) -> list[Tensor]:
        """[N, 3, H, W] normalised images to maps [N, width * 2^(l+1), H / 2^(l+3), W / 2^(l+3)]."""
        current = self.stem(images)
        maps = []
        for stage in self.stages:
            current = stage(current)
            maps.append(current)
        return maps[1:]


def _block(in_channels: int, channels: int, stride: int, norm_layer: NormLayer) -> BasicBlock:
    downsample = None
    if stride != 1 or in_channels != channels:
        downsample = nn.Sequential(
            nn.Conv2d(in_channels, channels, kernel_size=1, stride=stride, bias=False), norm_layer(channels)
        )
    return BasicBlock(in_channels, channels, stride, downsample, norm_layer=norm_layer)
