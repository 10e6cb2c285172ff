"""A base for images without a registry of images: Debian by debootstrap, with the certificates of this machine."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

from tests.images.engine import Engine, Failed, run
from tests.images.plan import DEBIAN

_CERTIFICATES = Path("etc/ssl/certs/ca-certificates.crt")
# Each program has its own word for where they are.
_WORDS = ("SSL_CERT_FILE", "PIP_CERT", "NODE_EXTRA_CA_CERTS")


def make_root(folder: Path, log: Path) -> Path:
    """Debian's files, made once for a folder."""
    root = folder / "debian"
    if not root.exists():
        draft = folder / "debian.draft"
        shutil.rmtree(draft, ignore_errors=True)
        run(["debootstrap", "--variant=minbase", "--include=ca-certificates", "trixie", str(draft)], log)
        shutil.copyfile(Path("/") / _CERTIFICATES, draft / _CERTIFICATES)
        for package in (draft / "var/cache/apt/archives").glob("*.deb"):
            package.unlink()
        draft.rename(root)
    return root


def import_into(engine: Engine, root: Path) -> None:
    """Once: what is built on it is built anew where it has changed."""
    if engine.ask("images", "--quiet", DEBIAN):
        return
    changes = [word for name in _WORDS for word in ("--change", f"ENV {name}=/{_CERTIFICATES}")]
    words = engine.command("import", *changes, "--change", 'CMD ["bash"]', "-", DEBIAN)
    packed = subprocess.Popen(["tar", "--directory", root, "--create", "."], stdout=subprocess.PIPE)
    done = subprocess.run(words, stdin=packed.stdout, capture_output=True, text=True, check=False)
    assert packed.stdout is not None
    packed.stdout.close()
    if packed.wait() != 0 or done.returncode != 0:
        raise Failed(f"the base could not be imported: {done.stderr}")
