"""How each loss term pulls at the student's pyramid: the size of its gradient and its direction to the others'."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence

import torch
from torch import Tensor


def gradient_diagnostics(terms: Mapping[str, Tensor], features: Sequence[Tensor]) -> dict[str, float]:
    """L2 norm of each term's gradient on the features of all levels, and the cosine of each pair.

    Args:
        terms: scalars, already weighted, computed from `features`.
        features: the levels of the student's pyramid that the terms were computed from, with a graph.

    Returns:
        `gradient_norm/<term>`, and `gradient_cosine/<a>/<b>` for terms of which neither gradient is 0.
    """
    gradients = {name: _gradient(value, features) for name, value in terms.items()}
    norms = {name: gradient.norm().item() for name, gradient in gradients.items()}
    found = {f"gradient_norm/{name}": norm for name, norm in norms.items()}
    for (one, first), (other, second) in itertools.combinations(gradients.items(), 2):
        if norms[one] > 0 and norms[other] > 0:
            found[f"gradient_cosine/{one}/{other}"] = (first @ second).item() / (norms[one] * norms[other])
    return found


def _gradient(value: Tensor, features: Sequence[Tensor]) -> Tensor:
    if not value.requires_grad:
        return torch.zeros(sum(level.numel() for level in features), device=value.device)
    of_levels = torch.autograd.grad(value, list(features), retain_graph=True, allow_unused=True)
    flat = [
        (torch.zeros_like(level) if gradient is None else gradient).flatten()
        for gradient, level in zip(of_levels, features, strict=True)
    ]
    return torch.cat(flat).float()
