"""phi: 1x1 convolutions that bring student features to the teacher's channels; trained, never exported.

Shapes: N = images, Q = feature channels, H and W = one pyramid level.
"""

from __future__ import annotations

from collections.abc import Sequence

from torch import Tensor, nn


class Adaptation(nn.Module):
    """One 1x1 convolution per level where the channel counts differ, the identity where they agree."""

    def __init__(self, student_channels: Sequence[int], teacher_channels: Sequence[int]) -> None:
        super().__init__()
        self.levels = nn.ModuleList(
            nn.Identity() if found == wanted else nn.Conv2d(found, wanted, kernel_size=1)
            for found, wanted in zip(student_channels, teacher_channels, strict=True)
        )

    def forward(self, features: Sequence[Tensor]) -> list[Tensor]:
        """Per level [N, Q_student, H, W] to [N, Q_teacher, H, W]."""
        return [
            level if isinstance(phi, nn.Identity) else phi(level.float())  # float32, also under autocast
            for phi, level in zip(self.levels, features, strict=True)
        ]
