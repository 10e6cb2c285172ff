"""What the API says about recipes."""

from __future__ import annotations

from pydantic import Field

from service.jobs.schemas import JobKind, Reply
from workers.spec import AnySpec


class Recipe(Reply):
    """A spec that ships with Stillhouse, ready to submit."""

    name: str = Field(description="Path below recipes/ without its ending.", examples=["digits/baseline"])
    title: str = Field(examples=["Digits: baseline without distillation"])
    kind: JobKind
    spec: AnySpec


class Recipes(Reply):
    items: list[Recipe]
