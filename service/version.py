"""The version of this installation."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, version


def installed_version() -> str:
    try:
        return version("stillhouse")
    except PackageNotFoundError:
        return "0+unknown"
