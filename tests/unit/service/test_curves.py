"""Thinning out curves."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from service.clients.mlflow import Point
from service.jobs.curves import downsample


def curve(values: list[float]) -> list[Point]:
    return [Point(step, value, 0) for step, value in enumerate(values)]


@given(st.lists(st.floats(allow_nan=True, width=32), max_size=300), st.integers(2, 50))
def test_it_keeps_ends_order_and_number(values: list[float], max_points: int) -> None:
    points = curve(values)
    kept = downsample(points, max_points)
    assert len(kept) == min(len(points), max_points)
    assert [point.step for point in kept] == sorted({point.step for point in kept})
    if points:
        assert (kept[0], kept[-1]) == (points[0], points[-1])


def test_a_single_peak_survives() -> None:
    values = [0.0] * 1000
    values[617] = 5.0
    assert 5.0 in [point.value for point in downsample(curve(values), 20)]


def test_every_extreme_of_a_noisy_curve_survives() -> None:
    values = [float(index % 7) for index in range(5000)]
    for index, peak in ((123, 90.0), (2500, -80.0), (4900, 70.0)):
        values[index] = peak
    kept = [point.value for point in downsample(curve(values), 100)]
    assert {90.0, -80.0, 70.0} <= set(kept)
