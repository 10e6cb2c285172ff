"""The HTTP clients of the systems beside us, with the tokens that these want."""

from __future__ import annotations

import httpx

from service.settings import Settings


def ray_http(settings: Settings) -> httpx.AsyncClient:
    """Ray's dashboard; its token mode wants the same token from everybody."""
    return _http(settings.ray_url, settings.ray_token)


def mlflow_http(settings: Settings) -> httpx.AsyncClient:
    return _http(settings.mlflow_url, settings.mlflow_token)


def _http(url: str, token: str) -> httpx.AsyncClient:
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    return httpx.AsyncClient(base_url=url, headers=headers, trust_env=False)
