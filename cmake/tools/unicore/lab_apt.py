# SPDX-License-Identifier: BSD-3-Clause
"""Debian packages for the lab: which ones, their download, and what is in them; the system stays as it is.

Goes through the machine's own apt configuration, with a private state that knows of no installed
package, so that the answer is the same on every machine. Debian's archive signature guards them.
"""
from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Callable, Dict, Iterator, List, Sequence

from unicore.failure import Failure
from unicore.run_process import complain

Stanza = Dict[str, str]  # a package's control fields, continuation lines left out


def parse_stanzas(text: str) -> Iterator[Stanza]:
    """Packages in the form of deb822(5)."""
    for block in re.split(r"\n\s*\n", text.strip()):
        fields = re.findall(r"^([\w-]+):[ \t]*(.*)$", block, re.MULTILINE)
        if fields:
            yield dict(fields)


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


class Apt:
    """The machine's apt with a private state in `state`. Errors: Failure when there is no apt."""

    def __init__(self, state: Path, architecture: str = "amd64", updated: bool = False) -> None:
        """With `updated`, package lists are fetched into `state`; else the system's are used."""
        for program, package in (("apt-get", "apt"), ("dpkg-deb", "dpkg")):
            if not shutil.which(program):
                raise Failure(f"the lab takes its packages from Debian, but {program} is not there\n"
                              f"  What can be done: run it on Debian 12, or install {package}.")
        (state / "cache" / "archives" / "partial").mkdir(parents=True, exist_ok=True)
        options = {"APT::Architecture": architecture, "APT::Architectures::": architecture,
                   "APT::Sandbox::User": "root", "Dir::State::status": "/dev/null", "Dir::Cache": str(state / "cache"),
                   "Dir::Cache::pkgcache": "", "Dir::Cache::srcpkgcache": "", "Acquire::Retries": "2"}
        if updated:
            (state / "lists" / "partial").mkdir(parents=True, exist_ok=True)
            options["Dir::State::lists"] = str(state / "lists")
        self._options = [word for name, value in options.items() for word in ("-o", f"{name}={value}")]
        if updated:
            complain("unicore lab: fetching package lists")
            self._update = self._run("apt-get", "-q", "update")

    def resolve(self, seeds: Sequence[str]) -> List[Stanza]:
        """What to download for `seeds`. Errors: Failure."""
        return closure(seeds, self.show)

    def show(self, names: Sequence[str]) -> List[Stanza]:
        """The candidates of those of `names` that apt knows."""
        return list(parse_stanzas(self._run("apt-cache", "show", "--no-all-versions", *names).stdout))

    def download(self, packages: Sequence[Stanza], folder: Path) -> None:
        """Puts the files of `packages` into `folder`. Errors: Failure."""
        for package in packages:
            if package["Package"].startswith(("linux-image-", "xen-")) and int(package["Size"]) > 100_000:
                complain(f"unicore lab: fetching {package['Package']} {package['Version']}, "
                         f"{int(package['Size']) / 1e6:.1f} MB")
        words = [f"{package['Package']}={package['Version']}" for package in packages]
        done = self._run("apt-get", "-q", "download", *words, folder=folder)
        if done.returncode or len(list(folder.glob("*.deb"))) != len(words):
            raise Failure("apt-get download failed:\n" + done.stderr.strip())

    def _run(self, program: str, *words: str, folder: Path = Path("/")) -> "subprocess.CompletedProcess[str]":
        return subprocess.run([program, *self._options, *words], cwd=folder, stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8", errors="replace",
                              env={**os.environ, "LC_ALL": "C.UTF-8"}, check=False)

    def trouble(self) -> str:
        """What apt said when it fetched the lists, or nothing."""
        done = getattr(self, "_update", None)
        lines = done.stderr.splitlines() if done else []
        return "\n".join("  " + line for line in lines if line.startswith(("E:", "W:")))


def unpack(package: Path, folder: Path) -> None:
    """Unpacks a package's files below `folder`. Errors: Failure."""
    done = subprocess.run(["dpkg-deb", "-x", str(package), str(folder)], stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, encoding="utf-8", check=False)
    if done.returncode:
        raise Failure(f"dpkg-deb cannot unpack {package}: {done.stdout.strip()}")


def obtain(seeds: Sequence[str], state: Path, folder: Path) -> List[Stanza]:
    """Downloads `seeds` and their closure into `folder`. The system's package lists are used where they
    do; where they are missing or too old, fresh ones are fetched. Errors: Failure."""
    try:
        apt = Apt(state)
        packages = apt.resolve(seeds)
        apt.download(packages, folder)
    except Failure as first:
        if not shutil.which("apt-get"):
            raise
        apt = Apt(state, updated=True)
        try:
            packages = apt.resolve(seeds)
            apt.download(packages, folder)
        except Failure as second:
            raise Failure(f"{second}\n{apt.trouble() or '  ' + str(first)}\n"
                          f"  Needed: {', '.join(seeds)}, of Debian 12, from the sources in /etc/apt.\n"
                          "  What can be done: check the network and `apt-get update`, then `unicore.py lab fetch`;\n"
                          "  offline, copy ~/.cache/unicore/xen from a machine that has it.") from None
    return packages
