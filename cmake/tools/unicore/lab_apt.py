# SPDX-License-Identifier: BSD-3-Clause
"""Debian packages for the lab: which ones, and their download."""
from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import Callable, Dict, List, Sequence

from unicore.apt import Apt, Stanza
from unicore.failure import Failure
from unicore.run_process import complain


def dependencies(stanza: Stanza) -> List[str]:
    """Names of what a package depends on, of alternatives the first."""
    wishes = ", ".join(stanza.get(field, "") for field in ("Pre-Depends", "Depends"))
    names = [re.split(r"[\s|(:\[<]", wish.strip(), maxsplit=1)[0] for wish in wishes.split(",")]
    return list(dict.fromkeys(name for name in names if name))


def taken(stanza: Stanza) -> bool:
    """Whether the lab follows a dependency: libraries, and the kernel behind linux-image-amd64. A dom0
    of a few files needs nothing of Python, debconf or an initramfs builder."""
    return stanza.get("Section") == "libs" or stanza["Package"].startswith("linux-image-")


def closure(seeds: Sequence[str], lookup: Callable[[Sequence[str]], List[Stanza]]) -> List[Stanza]:
    """The seeds and what of their dependencies is taken, by name. Errors: Failure names missing seeds."""
    found: Dict[str, Stanza] = {}
    asked, names = set(seeds), list(seeds)
    while names:
        new = [stanza for stanza in lookup(names) if stanza["Package"] in seeds or taken(stanza)]
        found.update((stanza["Package"], stanza) for stanza in new)
        names = sorted({name for stanza in new for name in dependencies(stanza)} - asked)
        asked.update(names)
    missing = [seed for seed in seeds if seed not in found]
    if missing:
        raise Failure("apt knows no package " + ", ".join(missing))
    return [found[name] for name in sorted(found)]


def download(apt: Apt, packages: Sequence[Stanza], folder: Path) -> None:
    """Puts the files of `packages` into `folder`. Errors: Failure."""
    for package in packages:
        if package["Package"].startswith(("linux-image-", "xen-")) and int(package["Size"]) > 100_000:
            complain(f"unicore lab: fetching {package['Package']} {package['Version']}, "
                     f"{int(package['Size']) / 1e6:.1f} MB")
    words = [f"{package['Package']}={package['Version']}" for package in packages]
    done = apt.run("apt-get", "-q", "download", *words, folder=folder)
    if done.returncode or len(list(folder.glob("*.deb"))) != len(words):
        raise Failure("apt-get download failed:\n" + done.stderr.strip())


def obtain(seeds: Sequence[str], state: Path, folder: Path, architecture: str = "amd64") -> List[Stanza]:
    """Downloads `seeds` and their closure, for a Debian architecture, into `folder`. The system's package lists are used where they
    do; where they are missing or too old, fresh ones are fetched. Errors: Failure."""
    try:
        apt = Apt(state, architecture)
        packages = closure(seeds, apt.show)
        download(apt, packages, folder)
    except Failure as first:
        if not shutil.which("apt-get"):
            raise
        apt = Apt(state, architecture, updated=True)
        try:
            packages = closure(seeds, apt.show)
            download(apt, packages, folder)
        except Failure as second:
            raise Failure(f"{second}\n{apt.trouble() or '  ' + str(first)}\n"
                          f"  Needed: {', '.join(seeds)}, of Debian 12, from the sources in /etc/apt.\n"
                          "  What can be done: check the network and `apt-get update`, then `unicore.py lab fetch`;\n"
                          "  offline, copy ~/.cache/unicore/xen from a machine that has it.") from None
    return packages
