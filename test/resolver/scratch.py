# SPDX-License-Identifier: BSD-3-Clause
"""The folder that cases take turns in: an application, and one build tree for it."""
from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path
from typing import List, Tuple

STATUS = "unicore: exit status="


class Wrong(Exception):
    """What did not go as the case says, told for its author."""


class Scratch:
    """The folder of one target, and the commands that are run in it."""

    def __init__(self, folder: Path, unicore: Path, cmake: str, target: str) -> None:
        self.root = folder.resolve() / target
        self.application = self.root / "application"
        self.tree = self.root / "build"
        self.cmake, self.unicore = cmake, unicore.resolve()
        self.platform, _, self.architecture = target.partition("-")

    def first(self, tree: Path, extra: List[str]) -> Tuple[int, str]:
        """The first configure of a tree, as an application's preset would have it."""
        architecture = "host" if self.platform == "host" else self.architecture
        settings = {"CMAKE_BUILD_TYPE": "RelWithDebInfo",
                    "CMAKE_TOOLCHAIN_FILE": f"{self.unicore}/cmake/toolchains/{architecture}.cmake",
                    "Unicore_DIR": f"{self.unicore}/cmake", "UNICORE_PLATFORM": self.platform,
                    "UNICORE_ARCHITECTURE": architecture}
        if (self.application / "pool").is_dir():
            settings["UNICORE_POOLS"] = "pool"
        words = [f"-D{name}={value}" for name, value in settings.items()]
        return self._run([self.cmake, "-G", "Ninja", "-S", str(self.application), "-B", str(tree), *words, *extra])

    def again(self, extra: List[str]) -> Tuple[int, str]:
        """A later configure."""
        return self._run([self.cmake, str(self.tree), *extra])

    def forget(self) -> None:
        """Leaves of the cache only what CMake itself put there."""
        cache = self.tree / "CMakeCache.txt"
        if cache.exists():
            lines = cache.read_text(encoding="utf-8").splitlines()
            cache.write_text("".join(f"{line}\n" for line in lines if line.startswith("CMAKE_")), encoding="utf-8")
        shutil.rmtree(self.tree / "images", ignore_errors=True)

    def build(self) -> Tuple[int, str]:
        return self._run([self.cmake, "--build", str(self.tree), "--target", "app"])

    def boots(self, console: List[str]) -> None:
        """Boots the image. Errors: Wrong when it prints anything else than `console`, or fails."""
        status, output = self._run([str(self.tree / "unicore.sh"), "run", "app", "--timeout", "60"])
        lines = [line for line in output.splitlines() if not line.startswith(STATUS)]
        if status != 0 or lines != console:
            raise Wrong(f"expected on the console {console} and status 0, found status {status} and\n{output}")

    def normal(self, text: str) -> str:
        """`text` without the names of this machine's folders and compilers."""
        text = re.sub(r"(found +)(\w+ [0-9.]+, \S+)$", r"\1<compiler>", text, flags=re.MULTILINE)
        for path, name in ((self.application, "<application>"), (self.root, "<scratch>"), (self.unicore, "<unicore>")):
            text = text.replace(str(path), name)
        return text

    @staticmethod
    def _run(command: List[str]) -> Tuple[int, str]:
        result = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        return result.returncode, result.stdout.decode("utf-8", "replace").replace("\r", "")


def must(result: Tuple[int, str], what: str) -> str:
    """The output of what must succeed. Errors: Wrong."""
    if result[0] != 0:
        raise Wrong(f"{what} failed with {result[0]}:\n{result[1]}")
    return result[1]
