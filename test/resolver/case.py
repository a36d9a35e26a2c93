# SPDX-License-Identifier: BSD-3-Clause
"""A case: a small application with pools, the message that refuses it, and its minimal fix.

A case is one text file: what it is about in words, then sections. `-- PATH --` begins a file of the
application; a path without an extension is a component's folder and means its CMakeLists.txt, and
every folder of a component gets a README.md unless the case declines it. The other sections:

    -- target --     PLATFORM-ARCHITECTURE, when it is not linux-x86_64
    -- before --     arguments of a configure that succeeds, before the one that is refused
    -- with --       arguments of the configure that is refused; <application> is the application's folder
    -- fresh --      (empty) refused in a tree of its own: the compiler checks are part of the case
    -- message --    the whole refusal
    -- link message --  instead: configured well, it is refused by the linker, with these lines about symbols
    -- fix with --   arguments of the configure that succeeds, in the same tree
    -- fix PATH --   `- line` goes, `+ line` takes its place (or the end of the file, or makes the file)
    -- console --    what the fixed image prints; without it: lit
"""
from __future__ import annotations

import re
import shlex
import shutil
from dataclasses import dataclass, field
from pathlib import Path
from typing import Dict, List

_SECTION = re.compile(r"^-- (.+) --$")
_WORDS = ("target", "before", "with", "fresh", "message", "link message", "fix with", "console")

PROJECT = """cmake_minimum_required(VERSION 3.25)
project(case LANGUAGES C CXX ASM)
find_package(Unicore 0.1 REQUIRED)
"""
IMAGE = "unicore_image(app SOURCES main.cpp COMPONENTS console)\n"
MAIN = """#include <unicore/console.hpp>
int main() {
    unicore::console::write_line("lit");
}
"""


@dataclass
class Case:
    """One case, as its file says it."""

    path: Path
    files: Dict[str, str] = field(default_factory=dict)
    fixes: Dict[str, str] = field(default_factory=dict)
    words: Dict[str, str] = field(default_factory=dict)

    @property
    def target(self) -> str:
        """PLATFORM-ARCHITECTURE."""
        return self.words.get("target", "linux-x86_64").strip()

    def arguments(self, section: str) -> List[str]:
        """The words of a section of arguments."""
        return shlex.split(self.words.get(section, ""))

    @property
    def message(self) -> str:
        return self.words.get("message", "").strip("\n")

    @property
    def link_message(self) -> str:
        return self.words.get("link message", "").strip("\n")

    @property
    def console(self) -> List[str]:
        return self.words.get("console", "lit").strip("\n").splitlines()


def read(path: Path) -> Case:
    """Parses a case. Errors: ValueError for a section twice."""
    case, place, key = Case(path), None, ""
    for line in path.read_text(encoding="utf-8").splitlines():
        found = _SECTION.match(line)
        if found:
            key = found.group(1)
            place = case.words if key in _WORDS else case.fixes if key.startswith("fix ") else case.files
            key = key[4:] if place is case.fixes else key
            if key in place:
                raise ValueError(f"{path.name}: section `{key}` is there twice")
            place[key] = ""
        elif place is not None:
            place[key] += line + "\n"
    return case


def _list_file(path: str) -> str:
    """The file that a path of a case means: a folder stands for its CMakeLists.txt."""
    return path if "." in path.rsplit("/", 1)[-1] else f"{path}/CMakeLists.txt"


def materialise(case: Case, folder: Path) -> None:
    """Writes the application anew."""
    shutil.rmtree(folder, ignore_errors=True)
    files = {"CMakeLists.txt": IMAGE, "main.cpp": MAIN}
    for path, text in case.files.items():
        file = _list_file(path)
        if file != path:
            files.setdefault(f"{path}/README.md", f"# {path}\n")
        files[file] = text
    files["CMakeLists.txt"] = PROJECT + files["CMakeLists.txt"]
    for path, text in files.items():
        if text.strip() != "(none)":
            _write(folder / path, text)


def fix(case: Case, folder: Path) -> None:
    """Applies the edits of the fix. Errors: ValueError when a line to replace is not there once."""
    for path, edits in case.fixes.items():
        file = folder / _list_file(path)
        lines = file.read_text(encoding="utf-8").splitlines() if file.exists() else []
        at = len(lines)
        for edit in edits.splitlines():
            sign, line = edit[:1], edit[2:]
            if sign == "-":
                if lines.count(line) != 1:
                    raise ValueError(f"{case.path.name}: `{line}` is there {lines.count(line)} times in {path}")
                at = lines.index(line)
                del lines[at]
            elif sign == "+":
                lines.insert(at, line)
                at += 1
        if lines:
            _write(file, "\n".join(lines) + "\n")
        else:
            file.unlink()


def accept(case: Case, message: str) -> None:
    """Writes `message` into the case's file: for authors, who then read it as a user would."""
    text = case.path.read_text(encoding="utf-8")
    section = f"-- message --\n{message}\n"
    text, count = re.subn(r"^-- message --\n(?:(?!-- ).*\n)*", lambda _: section, text, flags=re.MULTILINE)
    if not count:
        text, count = re.subn(r"^(?=-- fix )", lambda _: section, text, count=1, flags=re.MULTILINE)
    case.path.write_text(text if count else text + section, encoding="utf-8")


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    if text.startswith("#!"):
        path.chmod(0o755)
