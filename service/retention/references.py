"""Which files of jobs are named by something: specs of jobs, versions of models and of data sets."""

from __future__ import annotations

import asyncio
import os.path
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from service.datasets.models import DatasetVersionRow
from service.jobs.models import JobRow
from service.models.models import ModelVersionRow

_LONGEST_PATH = 4096
# A row may become visible after one with a higher number: so many are read again.
_OVERLAP_ROWS = 1000


class References:
    """Who names which path. A path stands for itself, for what it leads to, and for all that lies below it."""

    def __init__(self, data_root: Path) -> None:
        self._data_root = data_root
        self._named: dict[str, str] = {}
        self._by: dict[str, str] = {}
        self._read_until: dict[str, int] = {}

    async def read(self, session: AsyncSession) -> None:
        """Everything in the database that can name a file; asked again, what has come since.

        Specs of jobs and versions never change which files they name, so that only new rows matter.
        """
        job, model, data = JobRow, ModelVersionRow, DatasetVersionRow
        await self._read(session, "the spec of ", (job.seq, job.id), (job.spec,))
        await self._read(session, "the model ", (model.seq, model.name, model.version), (model.weights, model.sample))
        await self._read(session, "the data set ", (data.seq, data.name, data.version), (data.train, data.val))

    async def _read(self, session: AsyncSession, what: str, names: tuple[Any, ...], parts: tuple[Any, ...]) -> None:
        seq = names[0]
        since = self._read_until.get(what, 0) - _OVERLAP_ROWS
        async for row in await session.stream(select(*names, *parts).where(seq > since)):
            number, *words = row[: len(names)]
            self._read_until[what] = max(number, self._read_until.get(what, 0))
            document = list(row[len(names) :])
            await asyncio.to_thread(self.add, document, by=what + "@".join(map(str, words)))

    def add(self, document: Any, *, by: str) -> None:
        """Take note of where every text in a document leads to: any of them may be a path."""
        for text in _texts(document):
            if text in self._by or not 0 < len(text) < _LONGEST_PATH or "\x00" in text:
                continue
            self._by[text.rstrip("/")] = by
            path = os.path.normpath(self._data_root / text)
            for name in {path, os.path.realpath(path)}:
                self._named.setdefault(name, by)

    def below(self, folder: Path, names: Iterable[str], *, uri: str = "") -> Mapping[str, str]:
        """Which of the files with these names below a folder are referred to, and by whom.

        Who names a folder names all that is in it; folders that lie around `folder` do not count. `uri` is another
        way to name the folder.
        """
        found = ((name, self._who_names(folder, name) or self._who_names_by(uri, name)) for name in names)
        return {name: by for name, by in found if by is not None}

    def _who_names_by(self, uri: str, name: str) -> str | None:
        parts = name.split("/")
        whole = (f"{uri}/{'/'.join(parts[:count])}".rstrip("/") for count in range(len(parts) + 1))
        return next((self._by[one] for one in whole if one in self._by), None) if uri else None

    def _who_names(self, folder: Path, name: str) -> str | None:
        for root in {os.path.normpath(folder), os.path.realpath(folder)}:
            path = Path(root, name)
            for part in (path, *path.parents):
                if not part.is_relative_to(root):
                    break
                if str(part) in self._named:
                    return self._named[str(part)]
        return None


def _texts(document: Any) -> Iterator[str]:
    if isinstance(document, str):
        yield document
    elif isinstance(document, dict):
        for key, value in document.items():
            yield from _texts(key)
            yield from _texts(value)
    elif isinstance(document, list | tuple):
        for value in document:
            yield from _texts(value)
