"""What lists show and sort by, read from specs and metrics. Bears specs of earlier versions of the schema."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

AP = "val/AP"
_LONGEST_STUDENT = 200


def teacher_of(spec: Mapping[str, Any]) -> str | None:
    """The registered model, the weights file or the published detector that is the teacher; None of a baseline."""
    teacher = ((spec.get("training") or {}).get("distillation") or {}).get("teacher") or {}
    return teacher.get("model") or teacher.get("weights") or teacher.get("torchvision")


def student_of(spec: Mapping[str, Any]) -> str:
    """Detector and backbone: `retinanet resnet`."""
    student = (spec.get("training") or {}).get("student") or {}
    backbone = student.get("backbone") or {}
    name = backbone if isinstance(backbone, str) else backbone.get("name") or backbone.get("kind") or ""
    return f"{student.get('kind', '')} {name}".strip()[:_LONGEST_STUDENT]


def best_ap(before: float | None, metrics: Mapping[str, float]) -> float | None:
    """The best until now. Without any metrics, as after a retry from scratch, there is none."""
    if not metrics:
        return None
    seen = [ap for ap in (before, metrics.get(AP)) if ap is not None]
    return max(seen, default=None)


def search_text(*parts: str) -> str:
    """One text to look in, so that a search needs one pass and knows no case in any language."""
    return "\n".join(parts).casefold()
