"""Changes of colour for training images, as SSD made them usual (Liu et al., 2016, arXiv:1512.02325)."""

from __future__ import annotations

import numpy as np
from torch import Tensor
from torchvision.transforms.v2.functional import (
    adjust_brightness,
    adjust_contrast,
    adjust_hue,
    adjust_saturation,
)

_SPREAD = 0.3
_HUE_SPREAD = 0.05  # of the whole circle


def distorted(image: Tensor, random: np.random.Generator) -> Tensor:
    """[3, H, W] uint8 with brightness, contrast and saturation changed by up to 30% and hue by up to 18 degrees."""
    brightness, contrast, saturation = random.uniform(1 - _SPREAD, 1 + _SPREAD, size=3).tolist()
    image = adjust_brightness(image, brightness)
    image = adjust_contrast(image, contrast)
    image = adjust_saturation(image, saturation)
    changed: Tensor = adjust_hue(image, float(random.uniform(-_HUE_SPREAD, _HUE_SPREAD)))
    return changed
