"""HTTP route of recipes."""

from __future__ import annotations

import asyncio

from fastapi import APIRouter

from service.http.problems import problems
from service.presets.logic import read_recipes, recipes_folder
from service.presets.schemas import Recipes

router = APIRouter(prefix="/recipes", tags=["recipes"])


@router.get("", operation_id="listRecipes", responses=problems())
async def list_recipes() -> Recipes:
    """Specs that ship with Stillhouse, to start from."""
    return await asyncio.to_thread(read_recipes, recipes_folder())
