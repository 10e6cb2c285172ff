"""What MkDocs does besides, called by name from mkdocs.yml.

Pages of docs/ link to files beside it (benchmarks, recipes): these are taken onto the site. The list of decisions and
the table of the API are made from what is there, and formulas become MathML, which browsers show without a script.
"""

from __future__ import annotations

import json
import posixpath
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from latex2mathml.converter import convert
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files, InclusionLevel
from mkdocs.structure.pages import Page

ROOT = Path(__file__).parent
BESIDE = "repository"  # where what lies beside docs/ is found on the site
_LINK = re.compile(r"(\]\()([^)\s#:]+)((?:#[^)\s]*)?\))")
_CODE = re.compile(r"(^```.*?^```|`[^`\n]+`)", re.MULTILINE | re.DOTALL)
_INLINE_FORMULA = re.compile(r"\$([^$\n]+)\$")
_METHODS = ("get", "post", "put", "patch", "delete")


def on_config(config: MkDocsConfig) -> MkDocsConfig:
    """Put every decision into the navigation."""
    assert config.nav is not None
    pages = [f"decisions/{path.name}" for path in decisions()]
    config.nav = [
        {"Decisions": ["decisions/index.md", *pages]} if "Decisions" in entry else entry for entry in config.nav
    ]
    return config


def on_files(files: Files, *, config: MkDocsConfig) -> Files:
    """Add the pages that are made, and the files beside docs/ that some page links to."""
    files.append(File.generated(config, "decisions/index.md", content=decisions_page()))
    files.append(File.generated(config, "api.md", content=api_page(json.loads((ROOT / "openapi.json").read_text()))))
    for path in sorted(linked_beside()):
        where = {"abs_src_path": str(ROOT / path), "inclusion": InclusionLevel.NOT_IN_NAV}
        files.append(File.generated(config, f"{BESIDE}/{path}", **where))  # type: ignore[arg-type]
    return files


def on_page_markdown(markdown: str, *, page: Page, config: MkDocsConfig, files: Files) -> str:
    here = posixpath.dirname(page.file.src_uri)

    def relink(match: re.Match[str]) -> str:
        target = to_site(resolved(in_repository(page.file.src_uri), match[2]))
        return match[1] + posixpath.relpath(target, here or ".") + match[3]

    def prose(text: str) -> str:
        text = _LINK.sub(relink, text)
        return _INLINE_FORMULA.sub(lambda match: convert(match[1]), text) if "```math" in markdown else text

    return outside_code(markdown, prose)


def formula(source: str, language: str, css_class: str, options: Any, md: Any, **_: Any) -> str:
    """A fenced block of LaTeX as MathML; a custom fence of pymdownx.superfences."""
    return f'<div class="{css_class}">{convert(source, display="block")}</div>'


# Links


def outside_code(markdown: str, change: Callable[[str], str]) -> str:
    parts = _CODE.split(markdown)
    return "".join(part if number % 2 else change(part) for number, part in enumerate(parts))


def linked_beside() -> set[str]:
    """Files beside docs/ that the site's pages link to, and those that these link to."""
    waiting = [path.relative_to(ROOT).as_posix() for path in (ROOT / "docs").rglob("*.md")]
    seen, found = set(waiting), set[str]()
    while waiting:
        for target in links_of(waiting.pop()):
            if target not in seen and not target.startswith("docs/") and (ROOT / target).is_file():
                seen.add(target)
                found.add(target)
                waiting += [target] if target.endswith(".md") else []
    return found


def links_of(path: str) -> Iterator[str]:
    text = _CODE.sub("", (ROOT / path).read_text(encoding="utf-8"))
    return (resolved(path, match[2]) for match in _LINK.finditer(text))


def resolved(page: str, link: str) -> str:
    """The repository's path that a link on a page of the repository means; a folder means what introduces it."""
    path = posixpath.normpath(posixpath.join(posixpath.dirname(page), link))
    if path == "docs/decisions":
        return f"{path}/index.md"
    return f"{path}/README.md" if (ROOT / path).is_dir() else path


def in_repository(site_path: str) -> str:
    return site_path.removeprefix(f"{BESIDE}/") if site_path.startswith(f"{BESIDE}/") else f"docs/{site_path}"


def to_site(path: str) -> str:
    return path.removeprefix("docs/") if path.startswith("docs/") else f"{BESIDE}/{path}"


# Pages that are made


def decisions() -> list[Path]:
    return sorted((ROOT / "docs" / "decisions").glob("[0-9]*.md"))


def decisions_page() -> str:
    lines = ["# Decisions", "", "Half a page for each decision that is hard to reverse.", ""]
    for path in decisions():
        title = path.read_text(encoding="utf-8").splitlines()[0].removeprefix("# ")
        number = path.name[:4]
        lines.append(f"- [{number}](../decisions/{path.name}) {re.sub(rf'^{number}: ?', '', title)}")
    return "\n".join(lines) + "\n"


def api_page(document: dict[str, Any]) -> str:
    """The table of the API's operations."""
    lines = [
        "# The REST API",
        "",
        "Made from `openapi.json`, which the repository holds and a running service serves at `/api/v1/openapi.json`;",
        "with examples to try it is at `/api/docs` there. Errors are problems (RFC 9457) that name the field, what was",
        "found and what is allowed. [Security](security.md) says which role may do what, [Python](sdk.md) has a method",
        "for each.",
    ]
    by_tag: dict[str, list[str]] = {}
    for path, operations in document["paths"].items():
        for method in (method for method in _METHODS if method in operations):
            operation = operations[method]
            words = " ".join((operation.get("description") or operation.get("summary", "")).split("\n\n")[0].split())
            row = f"| `{method.upper()}` | `{path}` | {words} |"
            by_tag.setdefault(operation.get("tags", ["other"])[0], []).append(row)
    for tag, rows in by_tag.items():
        lines += ["", f"## {tag}", "", "| | | |", "| --- | --- | --- |", *rows]
    return "\n".join(lines) + "\n"
