"""What a backup holds: every file with its size and hash."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from service.backup.errors import BackupError

FILE_NAME = "manifest.json"
Engine = Literal["sqlite", "postgresql"]


class Entry(BaseModel):
    """One file of a backup."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    path: str = Field(description="Below the backup's folder, with forward slashes.")
    sha256: str
    size_bytes: int = Field(ge=0)


class Manifest(BaseModel):
    """Written last: a folder without one is no backup."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    version: Literal[1] = 1
    made_at: datetime
    stillhouse: str = Field(description="The version that made it.")
    database: Engine
    mlflow: Engine | None = Field(description="None where MLflow had no database.")
    storage: str = Field(
        description="Where the storage was; weights of students and uploads are known by paths below it."
    )
    files: tuple[Entry, ...]

    @property
    def size_bytes(self) -> int:
        return sum(entry.size_bytes for entry in self.files)

    def write(self, folder: Path) -> None:
        (folder / FILE_NAME).write_text(self.model_dump_json(indent=1) + "\n", encoding="utf-8")

    @classmethod
    def read(cls, folder: Path) -> Self:
        """Raises BackupError where the folder is no backup, or one of a version that is not known here."""
        path = folder / FILE_NAME
        try:
            return cls.model_validate_json(path.read_bytes())
        except FileNotFoundError as error:
            raise BackupError(f"{folder} is no backup: it has no {FILE_NAME}, which is written last") from error
        except ValidationError as error:
            raise BackupError(f"{path} is not understood: {error.errors()[0]['msg']}") from error
