"""What the API says about tokens, sessions and who asks."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Self

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, SecretStr, model_validator

from service.access.roles import Role
from service.jobs.schemas import Reply

Name = Annotated[str, Field(min_length=1, max_length=100, pattern=r"^[^\x00-\x1f\x7f/]+$")]
Roles = Annotated[
    dict[Name, Role],
    Field(
        min_length=1,
        max_length=100,
        description="Role in each project; `*` stands for every project, also those to come.",
        examples=[{"default": "editor", "cars": "viewer"}],
    ),
]


class Request(BaseModel):
    """Base of what these routes take."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class NewToken(Request):
    """A token to be made."""

    name: Name = Field(description="Whom or what it is for; event logs show it.", examples=["ada", "nightly sweeps"])
    roles: Roles
    expires_at: AwareDatetime | None = Field(
        default=None, description="null: never.", examples=["2027-01-31T00:00:00Z"]
    )


class Token(Reply):
    """A token, without its secret."""

    id: str = Field(examples=["tok-k3v9x2m7qa"])
    name: str
    prefix: str = Field(description="How the secret begins.", examples=["still_Ab3dE9"])
    roles: Roles
    created_at: datetime
    created_by: str
    expires_at: datetime | None
    revoked_at: datetime | None
    last_used_at: datetime | None = Field(description="To the minute.")


class CreatedToken(Token):
    """A new token; nobody can ask for its secret again."""

    secret: str = Field(description="Send it as `Authorization: Bearer <secret>`. Shown this once.")


class TokenPage(Reply):
    """Tokens, newest first."""

    items: list[Token]
    next_cursor: str | None = Field(description="Send it as `cursor` for the next page; null at the end.")


class Me(Reply):
    """Who asks, and what they may do."""

    name: str = Field(examples=["owner"])
    roles: Roles
    token_id: str
    expires_at: datetime | None = Field(description="When the token, and every session made from it, ends.")


class SignIn(Request):
    """A one-time code from a sign-in link, or a token; one of the two."""

    code: SecretStr | None = Field(default=None, min_length=1, max_length=200)
    token: SecretStr | None = Field(default=None, min_length=1, max_length=200)

    @model_validator(mode="after")
    def _one_of_them(self) -> Self:
        if (self.code is None) == (self.token is None):
            raise ValueError("send either a code or a token")
        return self


class SignInCode(Reply):
    """What makes a sign-in link: it works once."""

    code: str
    path: str = Field(description="Page that takes the code, with it.", examples=["/signin#code=Zm9v"])
    expires_at: datetime
