"""Thinning out the learning curves of trials."""

from __future__ import annotations

import math

import pytest

from service.sweeps.thinning import thin


def curve(length: int) -> list[dict[str, float | int | None]]:
    return [{"step": step, "value": math.sin(step / 40)} for step in range(length)]


@pytest.mark.parametrize("most", [2, 10, 101])
def test_a_long_curve_keeps_its_ends_and_about_as_many_points_as_asked(most: int) -> None:
    kept = thin(curve(3000), most)
    assert (kept[0]["step"], kept[-1]["step"]) == (0, 2999)
    assert most - 2 <= len(kept) <= most
    assert [one["step"] for one in kept] == sorted({one["step"] for one in kept})


def test_a_single_peak_and_a_single_dip_survive() -> None:
    reports = curve(3000)
    reports[1234]["value"], reports[2222]["value"] = 9.0, -9.0
    assert {1234, 2222} <= {one["step"] for one in thin(reports, 20)}


def test_short_curves_stay_as_they_are_and_zero_leaves_none() -> None:
    assert thin(curve(5), 5) == curve(5)
    assert thin(curve(1), 10) == curve(1)
    assert thin(curve(50), 0) == []
    assert thin([], 10) == []


def test_values_that_were_not_finite_do_no_harm() -> None:
    reports = [{"step": step, "value": None} for step in range(100)]
    assert len(thin(reports, 10)) <= 10
