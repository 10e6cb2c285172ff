"""What the requests of one API process share, and the dependencies by which endpoints get at it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Annotated, cast

import httpx
from fastapi import Depends, Request, Response
from sqlalchemy.ext.asyncio import AsyncSession

from service.audit.trail import CHECKS, note_change
from service.clients.mlflow import MlflowClient
from service.clients.mlflow_cache import CurveCache
from service.clients.ray import RayClient
from service.db import Database
from service.jobs.journals import Journals
from service.settings import Settings
from service.store import open_store
from service.sweeps.kept_replies import KeptReplies
from workers.storage.near import Store


@dataclass(frozen=True)
class Context:
    settings: Settings
    database: Database
    ray: RayClient
    mlflow: MlflowClient
    mlflow_http: httpx.AsyncClient
    curves: CurveCache = field(default_factory=CurveCache)
    kept_replies: KeptReplies = field(default_factory=KeptReplies)

    @cached_property
    def store(self) -> Store:
        return open_store(self.settings)

    @cached_property
    def journals(self) -> Journals:
        return Journals(self.store)


async def get_context(request: Request) -> Context:
    return cast(Context, request.app.state.context)


ContextDep = Annotated[Context, Depends(get_context)]


async def get_session(request: Request, context: ContextDep, response: Response) -> AsyncIterator[AsyncSession]:
    """One request is one transaction: committed before the reply leaves, rolled back by any error.

    A change takes its row in the audit log along.
    """
    if request.method in ("GET", "HEAD") or request.scope["path"] in CHECKS:
        async with context.database.reading() as session:
            yield session
    else:
        async with context.database.writing() as session:
            yield session
            status = response.status_code or getattr(request.scope["route"], "status_code", None) or 200
            session.add(note_change(request.scope, status=status, target=response.headers.get("location")))


SessionDep = Annotated[AsyncSession, Depends(get_session, scope="function")]
