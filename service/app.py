"""The FastAPI application."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

from fastapi import APIRouter, Depends, FastAPI
from fastapi.openapi.utils import get_openapi

from service.access.authorise import authorise
from service.access.endpoints import router as access_router
from service.access.rights import NEEDS, Where
from service.artifacts.endpoints import router as artifacts_router
from service.audit.endpoints import router as audit_router
from service.audit.trail import AuditTrail
from service.clients.http import mlflow_http, ray_http
from service.clients.mlflow import MlflowClient
from service.clients.ray import RayClient
from service.cluster.endpoints import health_router
from service.cluster.endpoints import router as cluster_router
from service.context import Context
from service.datasets.endpoints import router as datasets_router
from service.db import Database
from service.errors import Unauthenticated
from service.examples import add_examples
from service.http import dashboard, problems, proxy
from service.http.compress import Compressed
from service.http.methods import Methods, MethodTable
from service.http.numbers import bound_whole_numbers
from service.http.requests import JsonBodies, RequestIds
from service.http.security import SecureHeaders
from service.jobs.endpoints import router as jobs_router
from service.lineage.endpoints import router as lineage_router
from service.models.endpoints import router as models_router
from service.observability.endpoints import router as metrics_router
from service.observability.prometheus import Meters
from service.observability.requests import Observed
from service.observability.tracing import tracing_from_environment
from service.presets.endpoints import router as presets_router
from service.projects.endpoints import router as projects_router
from service.settings import Settings
from service.streams.endpoints import router as streams_router
from service.streams.logic import Streams
from service.streams.sse import add_event_schemas
from service.sweeps.endpoints import router as sweeps_router
from service.webhooks.endpoints import router as webhooks_router

ContextFactory = Callable[[], Context]
_DESCRIPTION = """Distils heavy object detectors into small ones: jobs, sweeps and their results.

- **Who asks**: `Authorization: Bearer <token>`, or the session of a browser that has signed in (which sends the header
  `X-Stillhouse: 1` with everything that changes something). Each operation needs a role: see `docs/security.md`.
- **What went wrong** is told as `application/problem+json` (RFC 9457): `detail` for people, `errors` by field with what
  was found and what is wanted, `request_id` for the server's log.
- **Lists** have `items` and `next_cursor`, which is sent as `cursor` for the next page.
- **Sending again** is safe with an `Idempotency-Key`: the same key gives the same job, another body under it 422.
- **Changes** are watched by server-sent events that go on after `Last-Event-ID`. ETags spare reading what has not
  changed (`If-None-Match`) and overwriting what has (`If-Match`).
- **Numbers** are JSON's own: no NaN, and no whole number beyond 64 bits. AP is in percent.
"""


def open_context(settings: Settings) -> Context:
    mlflow = mlflow_http(settings)
    return Context(
        settings=settings,
        database=Database(settings.database_url),
        ray=RayClient(ray_http(settings)),
        mlflow=MlflowClient(mlflow),
        mlflow_http=mlflow,
    )


def create_app(settings: Settings | None = None, *, context_factory: ContextFactory | None = None) -> FastAPI:
    """Build the application; nothing is opened before it starts."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        context = context_factory() if context_factory else open_context(settings or Settings.from_environment())
        app.state.context = context
        app.state.streams = Streams.of(context)
        try:
            yield
        finally:
            await app.state.streams.feed.stop()
            await context.mlflow_http.aclose()
            await context.ray.close()
            await context.database.close()

    app = FastAPI(
        title="Stillhouse",
        version="1",
        description=_DESCRIPTION,
        lifespan=lifespan,
        openapi_url="/api/v1/openapi.json",
        docs_url=None,  # its page would load scripts from a network outside
        redoc_url=None,
        separate_input_output_schemas=False,
        redirect_slashes=False,
        dependencies=[Depends(authorise)],
    )
    api = APIRouter(prefix="/api/v1")
    routers = (
        jobs_router,
        streams_router,
        sweeps_router,
        datasets_router,
        models_router,
        lineage_router,
        artifacts_router,
        projects_router,
        presets_router,
        cluster_router,
        access_router,
        audit_router,
        webhooks_router,
    )
    for router in routers:
        api.include_router(router)
    app.include_router(api)
    app.include_router(health_router)
    app.include_router(metrics_router)
    app.include_router(proxy.router)
    app.include_router(dashboard.router)
    problems.install(app)
    app.add_exception_handler(Unauthenticated, proxy.lead_to_sign_in)
    app.state.meters = Meters()
    app.add_middleware(JsonBodies)
    app.add_middleware(Compressed)
    app.add_middleware(Methods, table=MethodTable(lambda: app.openapi()))
    app.add_middleware(SecureHeaders)
    app.add_middleware(AuditTrail)
    app.add_middleware(Observed, meters=app.state.meters, tracing=tracing_from_environment())
    app.add_middleware(RequestIds)
    app.openapi = lambda: _openapi(app)  # type: ignore[method-assign]
    return app


def _openapi(app: FastAPI) -> dict[str, Any]:
    if app.openapi_schema is None:
        document = get_openapi(
            title=app.title,
            version=app.version,
            description=app.description,
            routes=app.routes,
            separate_input_output_schemas=False,
            tags=[
                {"name": "jobs", "description": "Trainings and distillations; these routes answer for sweeps too."},
                {"name": "sweeps", "description": "Searches over a training, and their trials."},
                {
                    "name": "streams",
                    "description": "Live states, progress, metrics and logs, as server-sent events.",
                },
                {"name": "datasets", "description": "Registered data sets, checked on the cluster."},
                {"name": "models", "description": "Teachers and students, their versions and aliases."},
                {"name": "recipes", "description": "Specs that ship with Stillhouse."},
                {"name": "projects", "description": "What groups of jobs may hold at once."},
                {"name": "access", "description": "Tokens, and signing in with a browser."},
                {"name": "webhooks", "description": "Telling other programs what happens to jobs."},
                {"name": "cluster", "description": "What the cluster has."},
                {"name": "health", "description": "Probes."},
            ],
        )
        add_event_schemas(document)
        bound_whole_numbers(document)
        add_examples(document)
        document = problems.with_rights(document, lambda operation: NEEDS[operation].where is Where.NOWHERE)
        app.openapi_schema = problems.as_problem_json(document)
    return app.openapi_schema
