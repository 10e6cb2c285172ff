"""What does not answer fills no log."""

from __future__ import annotations

import logging

import pytest

from service.observability.outages import Outages
from tests.unit.service.world import World


async def test_a_ray_that_is_away_is_told_of_once_then_now_and_then_and_once_when_it_is_back(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "service.reconciler")
    world.ray.away = True
    for _ in range(400):
        await world.round()
        world.now_s += 2
    said = [record.message for record in caplog.records]
    assert len(said) == 3, said
    assert said[0].startswith("Ray does not answer at http://ray")
    assert said[1].startswith("Ray has not answered for 5 min: Ray does not answer at")
    world.ray.away = False
    await world.round(2)
    assert [record.message for record in caplog.records][3:] == ["Ray answers again, after 13 min"]


async def test_an_attempt_that_cannot_be_asked_about_is_told_of_once(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    await world.running()
    caplog.clear()
    world.now_s += 30  # no heartbeat: Ray is asked
    world.reconciler.ask_nodes_every_s = 1000  # and is believed to be there
    world.ray.away = True
    for _ in range(20):
        await world.round()
        world.now_s += 1
    assert [record.message.partition(" at ")[0] for record in caplog.records] == ["Ray does not answer"]


def test_outages_are_told_apart_and_their_lengths_are_for_people(caplog: pytest.LogCaptureFixture) -> None:
    now = 0.0
    outages = Outages(logging.getLogger("test"), lambda: now)
    outages.over("the database")
    outages.note("the database", "it is away")
    outages.note("MLflow", "it is away, too")
    now = 119
    outages.over("MLflow")
    now = 3 * 3600 + 120
    outages.over("the database")
    outages.note("MLflow", "away again")
    assert [record.message for record in caplog.records] == [
        "it is away",
        "it is away, too",
        "MLflow answers again, after 119 s",
        "the database answers again, after 3 h 2 min",
        "away again",
    ]
