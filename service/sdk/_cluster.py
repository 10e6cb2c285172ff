"""`client.cluster` and `client.recipes`."""

from __future__ import annotations

from service.cluster.schemas import Cluster, Health, NodeCheck
from service.presets.schemas import Recipes
from service.sdk._operation import M, Resource, operation
from service.sdk._session import path_of


class ClusterState(Resource[M]):
    """What the cluster has, and how the systems fare."""

    @operation("getCluster")
    async def get(self) -> Cluster:
        """What the cluster has, what is used of it, and which systems answer."""
        return await self._session.ask(Cluster, "GET", path_of("cluster"))

    @operation("checkNodes")
    async def check_nodes(self) -> NodeCheck:
        """Have every node looked at: clock, storage, data, versions. Ask `node_check` until it has ended."""
        return await self._session.ask(NodeCheck, "POST", path_of("cluster", "node-checks"))

    @operation("getNodeCheck")
    async def node_check(self, number: int) -> NodeCheck:
        """A check of the nodes, and what it found."""
        return await self._session.ask(NodeCheck, "GET", path_of("cluster", "node-checks", number))

    @operation("getHealth")
    async def health(self) -> Health:
        """Whether the API process is alive, and its version."""
        return await self._session.ask(Health, "GET", "/healthz")

    @operation("getReadiness")
    async def ready(self) -> Health:
        """Whether jobs can be served now. Raises UnavailableError, naming what is missing."""
        return await self._session.ask(Health, "GET", "/readyz", once=True)


class RecipeBook(Resource[M]):
    """Specs that ship with Stillhouse."""

    @operation("listRecipes")
    async def list(self) -> Recipes:
        """All recipes by name, ready to submit."""
        return await self._session.ask(Recipes, "GET", path_of("recipes"))
