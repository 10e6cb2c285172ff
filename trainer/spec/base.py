"""What all specs are made of. Pydantic only."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,63}$")]
Reference = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9._-]{0,63}(@[a-z0-9][a-z0-9_-]{0,62})?$")]
"""What a service has registered: a name, or a name and a version (`digits@2`) or an alias (`digits@production`)."""
Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


class Spec(BaseModel):
    """Base of every spec: unknown keys are errors, and a built spec never changes."""

    model_config = ConfigDict(extra="forbid", frozen=True)
