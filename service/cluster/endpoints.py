"""HTTP routes about the cluster and about the health of this process."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Response

from service.access.principal import PrincipalDep
from service.cluster.logic import check_ready, describe_cluster
from service.cluster.nodes import NodeChecks, begin_check, show_check
from service.cluster.schemas import Cluster, Health, NodeCheck
from service.context import ContextDep, SessionDep
from service.http.problems import problems
from service.version import installed_version

router = APIRouter(tags=["cluster"])
health_router = APIRouter(tags=["health"])
NumberPath = Annotated[int, Path(ge=1, le=2**31 - 1)]


def _node_checks(session: SessionDep, context: ContextDep) -> NodeChecks:
    return NodeChecks(session, context.store)


NodeChecksDep = Annotated[NodeChecks, Depends(_node_checks)]


@router.get("/cluster", operation_id="getCluster", responses=problems())
async def get_cluster(context: ContextDep, principal: PrincipalDep) -> Cluster:
    """What the cluster has, what is used of it and by whom, and which systems answer."""
    return await describe_cluster(context, visible=principal.visible_projects())


@router.post("/cluster/node-checks", operation_id="checkNodes", status_code=201, responses=problems(403))
async def check_nodes(checks: NodeChecksDep, response: Response) -> NodeCheck:
    """Look at every node: its clock, whether it shares storage and data, its versions. Ready within a minute.

    A check that has not ended is answered again instead of a second one.
    """
    check = await begin_check(checks)
    response.headers["Location"] = f"/api/v1/cluster/node-checks/{check.number}"
    return check


@router.get("/cluster/node-checks/{number}", operation_id="getNodeCheck", responses=problems(403, 404, 422))
async def get_node_check(number: NumberPath, checks: NodeChecksDep) -> NodeCheck:
    """A check and what it found."""
    return await show_check(checks, number)


@health_router.get("/healthz", operation_id="getHealth", responses=problems())
async def get_health() -> Health:
    """This process is alive."""
    return Health(status="ok", version=installed_version())


@health_router.get("/readyz", operation_id="getReadiness", responses=problems(503))
async def get_readiness(context: ContextDep) -> Health:
    """Everything that is needed to serve jobs answers; else a problem that names what does not."""
    await check_ready(context)
    return Health(status="ok", version=installed_version())
