"""docs/spec.md, written from the specs themselves: `python -m service.spec_reference [--check]`."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from workers.spec import JobSpec, SweepSpec

TARGET = Path(__file__).parents[1] / "docs" / "spec.md"
INTRODUCTION = """# The spec of jobs and sweeps

Written by `make openapi` from the schemas in `trainer/spec/` and `workers/spec/`. Unknown fields are errors.
Relative paths start at the data root (`stillhouse up`: `data` in the state folder).
AP is in percent everywhere.
"""


def main() -> int:
    wanted = render()
    if sys.argv[1:] != ["--check"]:
        TARGET.write_text(wanted, encoding="utf-8")
        return 0
    if not TARGET.exists() or TARGET.read_text(encoding="utf-8") != wanted:
        print("docs/spec.md is not what the specs say; write it with: make openapi", file=sys.stderr)
        return 1
    return 0


def render() -> str:
    """The whole page: a section for jobs, one for sweeps, and one for each spec that they are made of."""
    lines = [INTRODUCTION]
    seen: set[str] = set()
    for model in (JobSpec, SweepSpec):
        schema = model.model_json_schema()
        lines += _section(model.__name__, schema)
        seen.add(model.__name__)
        for name, part in schema["$defs"].items():
            if name not in seen:
                seen.add(name)
                lines += _section(name, part)
    return "\n".join(lines).rstrip() + "\n"


def _section(name: str, schema: dict[str, Any]) -> Iterator[str]:
    yield f"## {name}\n"
    yield f"{schema.get('description', '').strip()}\n"
    yield "| field | type | default | meaning |"
    yield "| --- | --- | --- | --- |"
    required = schema.get("required", [])
    for field, found in schema.get("properties", {}).items():
        default = "**required**" if field in required else _default(found)
        yield f"| `{field}` | {_type(found)} | {default} | {found.get('description', '')} |"
    yield ""


def _default(found: dict[str, Any]) -> str:
    value = found.get("default")
    if isinstance(value, dict) or (isinstance(value, list) and value and isinstance(value[0], dict)):
        return "its defaults"
    return "" if value in (None, [], "") else f"`{value}`"


def _type(found: dict[str, Any]) -> str:
    if "$ref" in found:
        return _link(found["$ref"])
    if "const" in found:
        return f"`{found['const']}`"
    if "enum" in found:
        return ", ".join(f"`{value}`" for value in found["enum"])
    for union in ("anyOf", "oneOf"):
        if union in found:
            return " or ".join(_type(option) for option in found[union])
    if found.get("type") == "array":
        return f"list of {_type(found.get('items', {}))}" if "items" in found else "list"
    if found.get("type") == "object" and isinstance(found.get("additionalProperties"), dict):
        return f"path to {_type(found['additionalProperties'])}"
    return " ".join(filter(None, [str(found.get("type", "any")), _bounds(found)]))


def _bounds(found: dict[str, Any]) -> str:
    signs = {"minimum": "≥", "exclusiveMinimum": ">", "maximum": "≤", "exclusiveMaximum": "<"}
    bounds = [f"{sign} {found[key]:g}" for key, sign in signs.items() if key in found]
    if "multipleOf" in found:
        bounds.append(f"multiple of {found['multipleOf']:g}")
    return ", ".join(bounds)


def _link(reference: str) -> str:
    name = reference.rsplit("/", 1)[1]
    return f"[{name}](#{name.lower()})"


if __name__ == "__main__":
    sys.exit(main())
