"""HTTP routes about the cluster and about the health of this process."""

from __future__ import annotations

from fastapi import APIRouter

from service.access.principal import PrincipalDep
from service.cluster.logic import check_ready, describe_cluster
from service.cluster.schemas import Cluster, Health
from service.context import ContextDep
from service.http.problems import problems
from service.version import installed_version

router = APIRouter(tags=["cluster"])
health_router = APIRouter(tags=["health"])


@router.get("/cluster", operation_id="getCluster", responses=problems())
async def get_cluster(context: ContextDep, principal: PrincipalDep) -> Cluster:
    """What the cluster has, what is used of it and by whom, and which systems answer."""
    return await describe_cluster(context, visible=principal.visible_projects())


@health_router.get("/healthz", operation_id="getHealth", responses=problems())
async def get_health() -> Health:
    """This process is alive."""
    return Health(status="ok", version=installed_version())


@health_router.get("/readyz", operation_id="getReadiness", responses=problems(503))
async def get_readiness(context: ContextDep) -> Health:
    """Everything that is needed to serve jobs answers; else a problem that names what does not."""
    await check_ready(context)
    return Health(status="ok", version=installed_version())
