# SPDX-License-Identifier: BSD-3-Clause
"""Debian's packages and sources through the machine's own apt configuration; the system stays as it is.

A private state knows of no installed package, so that the answer is the same on every machine. Debian's
archive signature guards what comes. Sources of apt: sources.list(5), apt.conf(5), apt-get(8).
"""
from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Dict, Iterator, List, Sequence

from unicore.failure import Failure
from unicore.run_process import complain

Stanza = Dict[str, str]  # a package's control fields, continuation lines left out


def parse_stanzas(text: str) -> Iterator[Stanza]:
    """Packages in the form of deb822(5)."""
    for block in re.split(r"\n\s*\n", text.strip()):
        fields = re.findall(r"^([\w-]+):[ \t]*(.*)$", block, re.MULTILINE)
        if fields:
            yield dict(fields)


def as_sources(name: str, text: str) -> str:
    """A file of sources.list(5) that names binary packages, as one that names their sources."""
    if name.endswith(".sources"):
        return re.sub(r"^Types:.*$", "Types: deb-src", text, flags=re.MULTILINE)
    lines = [re.sub(r"^\s*deb(-src)?\s", "deb-src ", line) for line in text.splitlines()]
    return "".join(line + "\n" for line in dict.fromkeys(lines))


class Apt:
    """The machine's apt with a private state in `state`. Errors: Failure when there is no apt."""

    def __init__(self, state: Path, architecture: str = "amd64", updated: bool = False, sources: bool = False) -> None:
        """With `updated`, package lists are fetched into `state`; else the system's are used. With
        `sources`, the lists are of source packages, which few systems have, and so fetched."""
        for program, package in (("apt-get", "apt"), ("dpkg-deb", "dpkg")):
            if not shutil.which(program):
                raise Failure(f"packages come from Debian, but {program} is not there\n"
                              f"  What can be done: run it on Debian 12, or install {package}.")
        (state / "cache" / "archives" / "partial").mkdir(parents=True, exist_ok=True)
        options = {"APT::Architecture": architecture, "APT::Architectures::": architecture,
                   "APT::Sandbox::User": "root", "Dir::State::status": "/dev/null", "Dir::Cache": str(state / "cache"),
                   "Dir::Cache::pkgcache": "", "Dir::Cache::srcpkgcache": "", "Acquire::Retries": "2"}
        if sources:
            options.update({"Dir::Etc::sourcelist": "/dev/null", "Dir::Etc::sourceparts": str(self._sources(state))})
        if updated or sources:
            (state / "lists" / "partial").mkdir(parents=True, exist_ok=True)
            options["Dir::State::lists"] = str(state / "lists")
        self._options = [word for name, value in options.items() for word in ("-o", f"{name}={value}")]
        if updated or sources:
            complain("unicore: fetching package lists")
            self._update = self.run("apt-get", "-q", "update")

    @staticmethod
    def _sources(state: Path) -> Path:
        """A folder with the machine's lists of sources, made to name source packages."""
        asked = subprocess.run(["apt-config", "shell", "LIST", "Dir::Etc::sourcelist/f", "PARTS", "Dir::Etc::sourceparts/d"],
                               stdout=subprocess.PIPE, encoding="utf-8", check=False).stdout
        found = dict(re.findall(r"^(\w+)='(.*)'$", asked, re.MULTILINE))
        parts = Path(found.get("PARTS", "/etc/apt/sources.list.d/"))
        lists = [Path(found.get("LIST", "/etc/apt/sources.list")), *sorted(parts.glob("*.list")), *sorted(parts.glob("*.sources"))]
        folder = state / "sources"
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        for file in lists:
            if file.is_file():
                (folder / file.name).write_text(as_sources(file.name, file.read_text(encoding="utf-8")), encoding="utf-8")
        return folder

    def show(self, names: Sequence[str]) -> List[Stanza]:
        """The candidates of those of `names` that apt knows."""
        return list(parse_stanzas(self.run("apt-cache", "show", "--no-all-versions", *names).stdout))

    def run(self, program: str, *words: str, folder: Path = Path("/")) -> "subprocess.CompletedProcess[str]":
        """A program of apt on the private state."""
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
