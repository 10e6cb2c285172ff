"""`python -m service.access.table [--check]`: writes the table of operations and roles in docs/security.md.

The table is made from the rights that are enforced, so that the page cannot say anything else.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from service.access.rights import NEEDS, UNLISTED, Need, Where
from service.access.roles import Role

TARGET = Path(__file__).parents[2] / "docs" / "security.md"
BEGIN = "<!-- written by python -m service.access.table -->\n"
END = "<!-- end of what is written -->\n"
_PLACES = {
    Where.NOWHERE: "open to everybody",
    Where.SOMEWHERE: "in any project; shows and touches what lies in one's own",
    Where.EVERYWHERE: "in every project (`*`)",
    Where.OF_JOB: "in the project of the job or sweep",
    Where.OF_DATASET: "in the project of the data set",
    Where.OF_MODEL: "in the project of the model",
    Where.OF_PROJECT: "in the project itself",
    Where.OF_WEBHOOK: "in the project of the webhook",
    Where.IN_BODY: "in the project that the body names",
}


def render() -> str:
    """The table: one row for each need, with all operations that have it."""
    needs: dict[Need, list[str]] = {}
    for operation, need in (NEEDS | UNLISTED).items():
        needs.setdefault(need, []).append(f"`{operation}`")
    order = sorted(needs, key=lambda need: (list(Where).index(need.where), list(Role).index(need.role)))
    rows = [
        f"| {'-' if need.where is Where.NOWHERE else need.role} | {_PLACES[need.where]} | {', '.join(needs[need])} |"
        for need in order
    ]
    return "\n".join(["| role | where | operations |", "| --- | --- | --- |", *rows]) + "\n"


def page_with_table(page: str) -> str:
    before, _, rest = page.partition(BEGIN)
    _, _, after = rest.partition(END)
    return before + BEGIN + render() + END + after


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m service.access.table", description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing; fail where the page is not fresh")
    page = TARGET.read_text(encoding="utf-8")
    wanted = page_with_table(page)
    if not parser.parse_args().check:
        TARGET.write_text(wanted, encoding="utf-8")
    elif page != wanted:
        print(f"{TARGET.name} is not what the rights say; write it with: make openapi", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
