"""The documentation as a site: whole, private, with formulas that need no script."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("site")
    command = [sys.executable, "-m", "mkdocs", "build", "--quiet", "--strict", "--site-dir", str(folder)]
    done = subprocess.run(
        command, cwd=ROOT, env={**os.environ, "NO_MKDOCS_2_WARNING": "1"}, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return folder


class _Loaded(HTMLParser):
    """What a page has the browser load by itself."""

    def __init__(self) -> None:
        super().__init__()
        self.addresses: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        if tag != "a":
            self.addresses += [values[name] or "" for name in ("src", "href", "data") if name in values]


def test_no_page_loads_anything_from_elsewhere(site: Path) -> None:
    for page in site.rglob("*.html"):
        loaded = _Loaded()
        loaded.feed(page.read_text(encoding="utf-8"))
        outside = [address for address in loaded.addresses if re.match(r"(https?:)?//", address)]
        assert outside == [], f"{page.name} loads {outside}"
    for sheet in site.rglob("*.css"):
        assert not re.search(r"(@import|url\()\s*[\"']?(https?:)?//", sheet.read_text(encoding="utf-8")), sheet


def test_formulas_are_mathml(site: Path) -> None:
    page = (site / "method.html").read_text(encoding="utf-8")
    assert page.count('display="block"') == (ROOT / "docs" / "method.md").read_text().count("```math")
    assert "$" not in re.sub(r"<(script|code).*?</\1>", "", page, flags=re.DOTALL)


def test_every_decision_and_every_operation_is_on_the_site(site: Path) -> None:
    decisions = (site / "decisions" / "index.html").read_text(encoding="utf-8")
    for path in (ROOT / "docs" / "decisions").glob("*.md"):
        assert f"{path.stem}.html" in decisions
    api = (site / "api.html").read_text(encoding="utf-8")
    for path in ("/api/v1/jobs", "/api/v1/sweeps/{sweep_id}/answers", "/metrics"):
        assert f"<code>{path}</code>" in api


def test_what_lies_beside_the_pages_came_along(site: Path) -> None:
    assert (site / "repository" / "benchmarks" / "results" / "accuracy-retinanet.html").is_file()
    assert (site / "repository" / "recipes" / "digits" / "ablation.yaml").is_file()
    method = (site / "method.html").read_text(encoding="utf-8")
    assert 'href="repository/benchmarks/results/accuracy-retinanet.html"' in method
