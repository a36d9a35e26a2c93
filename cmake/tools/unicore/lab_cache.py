# SPDX-License-Identifier: BSD-3-Clause
"""What the lab boots, kept outside of build trees: fetched once, shared by all of them.

    …/unicore/xen/LEVEL -> KEY       the packages that are used; KEY comes of their names and versions
    …/unicore/xen/KEY/packages/      as they were downloaded, and manifest.json, which names them
    …/unicore/xen/KEY/boot-RECIPE/   what is booted; RECIPE comes of the sources that make it
"""
from __future__ import annotations

import hashlib
import json
import shutil
import tempfile
from pathlib import Path
from typing import Any, Dict, List, Sequence

from unicore.apt import Stanza, unpack
from unicore.cache import locked, place, whole
from unicore.lab_apt import obtain
from unicore.lab_dom0 import BUILD, SCRIPTS
from unicore.lab_linux import build_guest
from unicore.run_process import complain

SEEDS: Dict[str, Sequence[str]] = {
    "hypervisor": ("xen-hypervisor-4.17-amd64",),
    "dom0": ("linux-image-amd64", "busybox-static", "xen-utils-4.17", "xenstore-utils"),
    "hypervisor-arm64": ("xen-hypervisor-4.17-arm64",),
    "dom0-arm64": ("linux-image-arm64", "busybox-static", "xen-utils-4.17", "xenstore-utils"),
    "guest": ("linux-image-cloud-amd64", "busybox-static", "iperf3", "nginx"),
}
_BUILD = {**BUILD, "guest": build_guest}


def architecture(name: str) -> str:
    """Debian's name of the architecture that a level is for: what stands behind the dash, else amd64."""
    return name.partition("-")[2] or "amd64"


def cache() -> Path:
    """The lab's folder."""
    return place("xen")


def key(packages: Sequence[Stanza]) -> str:
    """Names a set of packages."""
    words = sorted(f"{package['Package']}={package['Version']}" for package in packages)
    return hashlib.sha256("\n".join(words).encode()).hexdigest()[:16]


def recipe() -> str:
    """Names how what is booted is made: by these sources, of these packages."""
    here = Path(__file__).resolve().parent
    sources = [here / f"lab_{name}.py" for name in ("cpio", "dom0", "elf", "linux")] + sorted(SCRIPTS.iterdir())
    wanted = json.dumps(SEEDS, sort_keys=True).encode()
    return hashlib.sha256(b"".join(source.read_bytes() for source in sources) + wanted).hexdigest()[:16]


def complete(packages: Path, name: str) -> bool:
    """Whether a level's packages are there, all that it is made of now."""
    manifest = packages / "manifest.json"
    if not manifest.is_file():
        return False
    there = {package["name"] for package in json.loads(manifest.read_text(encoding="utf-8"))["packages"]}
    return there.issuperset(SEEDS[name])


def level(name: str, update: bool = False) -> Path:
    """The folder with what `name` (of SEEDS) boots, fetched and built when it is not there;
    with `update`, newer packages are looked for. Errors: Failure."""
    root, boot = cache(), f"boot-{recipe()}"
    if not update and (root / name / boot).is_dir():
        return (root / name).resolve() / boot
    with locked(root):
        packages = root / name
        if update or not complete(packages, name):
            _fetch(root, name)
        packages = packages.resolve()
        if not (packages / boot).is_dir():
            _build(name, packages, packages / boot)
        return packages / boot


def _fetch(root: Path, name: str) -> None:
    with tempfile.TemporaryDirectory(prefix=".fetch-", dir=root) as folder:
        files = Path(folder) / "packages"
        files.mkdir()
        packages = obtain(SEEDS[name], root / f"apt-{architecture(name)}", files, architecture(name))
        target = root / key(packages)
        listed = [{"name": p["Package"], "version": p["Version"], "size": int(p["Size"])} for p in packages]
        manifest = {"level": name, "packages": listed}
        (Path(folder) / "manifest.json").write_text(json.dumps(manifest, indent=1) + "\n", encoding="utf-8")
        with whole(target) as scratch:
            for entry in list(Path(folder).iterdir()):
                entry.rename(scratch / entry.name)
        pointer = Path(folder) / name
        pointer.symlink_to(target.name)
        pointer.replace(root / name)


def _build(name: str, packages: Path, target: Path) -> None:
    complain(f"unicore lab: preparing the {name} in {target.parent}")
    with tempfile.TemporaryDirectory(prefix=".root-", dir=packages) as root, whole(target) as out:
        for package in sorted((packages / "packages").glob("*.deb")):
            unpack(package, Path(root))
        _BUILD[name](Path(root), out)
    for old in packages.glob("boot-*"):  # of other recipes, unless somebody may be using it
        if old != target and old.stat().st_mtime < target.stat().st_mtime - 7 * 24 * 3600:
            shutil.rmtree(old, ignore_errors=True)


def manifest(name: str) -> List[Dict[str, Any]]:
    """The packages that `name` is made of; empty when it was not fetched."""
    file = cache() / name / "manifest.json"
    if not file.is_file():
        return []
    packages: List[Dict[str, Any]] = json.loads(file.read_text(encoding="utf-8"))["packages"]
    return packages


def hypervisor(name: str = "hypervisor") -> Path:
    """The uncompressed hypervisor of a level, which QEMU boots; fetched when it is missing. Errors: Failure."""
    return level(name) / "xen"
