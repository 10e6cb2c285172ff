"""Mixed precision: what runs under autocast, and the scaling of gradients that float16 needs."""

from __future__ import annotations

from contextlib import AbstractContextManager

import torch
from torch.amp.grad_scaler import GradScaler

from trainer.errors import InputError

_AUTOCAST_DTYPES = {"float32": torch.float32, "bfloat16": torch.bfloat16, "float16": torch.float16}


class Precision:
    """The precision of a training on a device."""

    def __init__(self, name: str, device: torch.device) -> None:
        """Raises InputError for float16 on the CPU, whose gradients torch scales on GPUs only."""
        if name == "float16" and device.type != "cuda":
            raise InputError(
                f"precision is 'float16' and the training runs on the {device.type}; float16 with scaled gradients "
                "needs a GPU, wanted 'bfloat16' or 'float32'"
            )
        self.name = name
        self._device = device
        self.scaler = GradScaler(device.type, enabled=name == "float16")

    def autocast(self) -> AbstractContextManager[object]:
        """Backbone, neck and head run in here; losses compute in float32 whatever surrounds them."""
        return torch.autocast(self._device.type, dtype=_AUTOCAST_DTYPES[self.name], enabled=self.name != "float32")
