"""Writes openapi.json from the API's code: `python -m service.openapi [--check]`."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from service.app import create_app

TARGET = Path(__file__).parents[1] / "openapi.json"


def render() -> str:
    return json.dumps(create_app().openapi(), indent=2, ensure_ascii=False) + "\n"


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m service.openapi", description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing; fail where the file is not fresh")
    arguments = parser.parse_args()
    text = render()
    if not arguments.check:
        TARGET.write_text(text, encoding="utf-8")
        return 0
    if TARGET.is_file() and TARGET.read_text(encoding="utf-8") == text:
        return 0
    print(f"{TARGET.name} is not what the code says; write it with: make openapi", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
