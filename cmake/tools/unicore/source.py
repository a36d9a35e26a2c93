# SPDX-License-Identifier: BSD-3-Clause
"""Fetch a source package of Debian: prints the folder with what was asked for.

The file is pinned by its SHA-256, so that it does not matter which version of the package brings it. Only the
folders and files that are named are unpacked, without the name of the archive's own folder:

    …/unicore/source/FILE-KEY/       KEY comes of the file's hash and of what was asked for
"""
from __future__ import annotations

import argparse
import hashlib
import shutil
import tarfile
import tempfile
from pathlib import Path
from typing import List, Optional, Sequence

from unicore.apt import Apt
from unicore.cache import locked, place, whole
from unicore.failure import Failure
from unicore.run_process import complain


def pinned_arguments(parser: argparse.ArgumentParser) -> None:
    """What names an archive and what of it is wanted."""
    parser.add_argument("package", metavar="PACKAGE", help="Debian's source package")
    parser.add_argument("--file", required=True, help="the archive of it, for example x_1.0.orig.tar.xz")
    parser.add_argument("--sha256", required=True, help="of that file")
    parser.add_argument("--part", action="append", required=True, metavar="PATH", help="folder or file to unpack")


def arguments(parser: argparse.ArgumentParser) -> None:
    pinned_arguments(parser)
    parser.add_argument("--folder", type=Path, help="take the parts from here")
    parser.add_argument("--out", type=Path, metavar="FOLDER", help="copy the parts to here, and print nothing")


def main(args: argparse.Namespace) -> int:
    folder = args.folder or source(args.package, args.file, args.sha256, args.part)
    if args.out:
        copy(folder, args.part, args.out)
    else:
        print(folder)
    return 0


def copy(folder: Path, parts: Sequence[str], out: Path) -> None:
    """Copies files and folders, which get the time of now. Errors: Failure names a part that is not there."""
    for part in parts:
        if not (folder / part).exists():
            raise Failure(f"{folder} has no {part}")
        if (folder / part).is_dir():
            shutil.copytree(folder / part, out / part, copy_function=shutil.copyfile, dirs_exist_ok=True)
        else:
            (out / part).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(folder / part, out / part)


def source(package: str, file: str, sha256: str, parts: Sequence[str]) -> Path:
    """The folder with `parts` of `file`, fetched when it is missing. Errors: Failure."""
    root = place("source")
    key = hashlib.sha256("\n".join([sha256, *sorted(parts)]).encode()).hexdigest()[:16]
    target = root / f"{file.partition('.orig')[0]}-{key}"
    if not target.is_dir():
        with locked(root):
            if not target.is_dir():
                with tempfile.TemporaryDirectory(prefix=".fetch-", dir=root) as folder, whole(target) as scratch:
                    archive = download(package, file, sha256, root / "apt", Path(folder))
                    complain(f"unicore: unpacking {', '.join(parts)} of {file}")
                    unpack(archive, parts, scratch)
    return target


def download(package: str, file: str, sha256: str, state: Path, folder: Path) -> Path:
    """Gets `file` of any version of the source package that has it. Errors: Failure."""
    apt = Apt(state, sources=True)
    stanzas = apt.run("apt-cache", "showsrc", "--only-source", package).stdout
    versions = [version for block in stanzas.split("\n\n") if sha256 in block
                for line in block.splitlines() for name, _, version in [line.partition(": ")] if name == "Version"]
    advice = (f"\n  Needed: {file} of Debian 12's source package {package}, from the sources in /etc/apt.\n"
              "  What can be done: check the network, or name a folder with the same (UNICORE_SOURCE_…).")
    if not versions:
        raise Failure(f"apt knows no source package {package} with a file of SHA-256 {sha256}\n{apt.trouble()}{advice}")
    complain(f"unicore: fetching {file}")
    done = apt.run("apt-get", "-q", "source", "--only-source", "--download-only", "--tar-only",
                   f"{package}={versions[0]}", folder=folder)
    if done.returncode or not (folder / file).is_file():
        raise Failure(f"apt-get source failed:\n{done.stderr.strip()}{advice}")
    found = hashlib.sha256()
    with open(folder / file, "rb") as archive:
        for block in iter(lambda: archive.read(1 << 20), b""):
            found.update(block)
    if found.hexdigest() != sha256:
        raise Failure(f"{file} has SHA-256 {found.hexdigest()}, and {sha256} is pinned")
    return folder / file


def wanted(name: str, parts: Sequence[str]) -> Optional[str]:
    """Where an archive's member goes, or None."""
    inner = name.partition("/")[2]
    taken = any(inner == part or inner.startswith(part.rstrip("/") + "/") for part in parts)
    return inner if taken and ".." not in inner.split("/") else None


def unpack(archive: Path, parts: Sequence[str], folder: Path) -> None:
    """Unpacks plain files below `parts`. Errors: Failure names a part that is not there."""
    left: List[str] = list(parts)
    with tarfile.open(archive, "r|*") as members:
        for member in members:
            inner = wanted(member.name, parts)
            data = members.extractfile(member) if inner and member.isfile() else None
            if inner and data:
                left = [part for part in left if wanted(member.name, [part]) is None]
                (folder / inner).parent.mkdir(parents=True, exist_ok=True)
                (folder / inner).write_bytes(data.read())
            members.members.clear()  # a stream is read once: nothing is looked up again  # type: ignore[attr-defined]
    if left:
        raise Failure(f"{archive.name} has no {', '.join(left)}")
