# SPDX-License-Identifier: BSD-3-Clause
"""What changes when an option does: by hand in ccmake, and in what is built again."""
from __future__ import annotations

import argparse
import hashlib
import os
import re
import sys
import unittest
from pathlib import Path
from typing import Set

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "resolver"))

import case as cases  # noqa: E402
from scratch import Scratch, must  # noqa: E402
from terminal import Terminal  # noqa: E402

COLOUR, WATTS = "UNICORE_LAMP_COLOUR", "UNICORE_LAMP_WATTS"
BEGINNING, KILL = "\x01", "\x0b"  # Control-A and Control-K: what is in the field goes


class OptionsTest(unittest.TestCase):
    """A configured and built application, which every test finds with the defaults."""

    scratch: Scratch

    def setUp(self) -> None:
        self.scratch.forget()
        cases.materialise(cases.read(HERE / "application.txt"), self.scratch.application)
        must(self.scratch.first(self.scratch.tree, []), "the configure")
        must(self.scratch.build(), "the build")

    def cached(self, variable: str) -> str:
        """A variable's value in the cache."""
        text = (self.scratch.tree / "CMakeCache.txt").read_text(encoding="utf-8")
        return re.findall(rf"^{variable}:\w+=(.*)$", text, re.MULTILINE)[0]

    def image(self) -> str:
        """What stands for the content of the image."""
        return hashlib.sha256((self.scratch.tree / "images" / "app").read_bytes()).hexdigest()

    def rebuilt(self) -> Set[str]:
        """Builds, and returns the names of the sources that were compiled."""
        output = must(self.scratch.build(), "the build")
        return {Path(name).name for name in re.findall(r"Building \w+ object (\S+)\.obj", output)}


class Menu(OptionsTest):
    """ccmake, through the target `menu` that every tree has."""

    def menu(self) -> Terminal:
        command = [self.scratch.cmake, "--build", str(self.scratch.tree), "--target", "menu"]
        terminal = Terminal(command, dict(os.environ))
        self.addCleanup(terminal.__exit__)
        terminal.see("Page 1 of", "[c]", "[q]")
        return terminal

    def select(self, terminal: Terminal, variable: str, help_text: str) -> None:
        """Searches for an option; its help is then at the foot of the screen."""
        terminal.type("/")
        terminal.see("Search")
        terminal.type(variable + "\r")
        terminal.see(f"{variable}: {help_text}")

    def shows(self, terminal: Terminal, variable: str, value: str) -> None:
        """Waits until the line of `variable` has `value`."""
        line = re.compile(rf"{variable}\s+\*?\s*{re.escape(value)}\s*$", re.MULTILINE)
        terminal.until(lambda text: bool(line.search(text)), f"{variable} with the value {value}")

    def generate(self, terminal: Terminal) -> None:
        """Configures until nothing is new, then writes the build files and leaves."""
        terminal.type("c")
        shown = terminal.until(lambda text: "[g]" in text or "[e]" in text, "the end of the configure")
        if "[e]" in shown and "[g]" not in shown:  # its output, which ccmake shows when there is any
            terminal.type("e")
            terminal.see("[g]")
        terminal.type("g")
        self.assertEqual(terminal.status(), 0)

    def test_a_choice_is_cycled_and_the_image_changes(self) -> None:
        self.scratch.boots(["red", "dim", "round"])
        before = self.image()
        terminal = self.menu()
        self.select(terminal, COLOUR, "Colour of the light")
        self.shows(terminal, COLOUR, "red")
        terminal.type("\r")
        self.shows(terminal, COLOUR, "green")
        terminal.type("\r")
        self.shows(terminal, COLOUR, "blue")
        self.generate(terminal)
        self.assertEqual(self.cached(COLOUR), "blue")
        self.assertEqual(self.rebuilt(), {"colour.cpp", "power.cpp"})
        self.assertNotEqual(self.image(), before)
        self.scratch.boots(["blue", "dim", "round"])

    def test_a_wrong_value_is_refused_with_the_message(self) -> None:
        terminal = self.menu()
        self.select(terminal, WATTS, "Power of the lamp [1 to 100] (watts)")
        terminal.type("\r" + BEGINNING + KILL + "101\r")
        self.shows(terminal, WATTS, "101")
        terminal.type("c")
        terminal.see(f"option out of range: {WATTS} is '101'.",
                     "option      WATTS of lamp: Power of the lamp",
                     "allowed     a whole number from 1 to 100 (watts)",
                     f"fix         -D{WATTS}=5 is the default",
                     "1 problem; nothing was generated.")
        terminal.type("e")
        shown = terminal.see("Page 1 of", "[c]")
        self.assertNotIn("[g]", shown)
        self.select(terminal, WATTS, "Power of the lamp")
        terminal.type("\r" + BEGINNING + KILL + "60\r")
        self.shows(terminal, WATTS, "60")
        self.generate(terminal)
        self.assertEqual(self.cached(WATTS), "60")
        must(self.scratch.build(), "the build")
        self.scratch.boots(["red", "bright", "round"])


class Rebuild(OptionsTest):
    def test_only_what_includes_the_option_is_compiled_again(self) -> None:
        must(self.scratch.again([f"-D{WATTS}=60"]), "the configure")
        self.assertEqual(self.rebuilt(), {"colour.cpp", "power.cpp"})
        self.scratch.boots(["red", "bright", "round"])

    def test_another_spelling_of_the_same_value_compiles_nothing(self) -> None:
        must(self.scratch.again([f"-D{WATTS}=0x5"]), "the configure")
        self.assertEqual(self.rebuilt(), set())

    def test_another_configure_without_a_change_builds_nothing(self) -> None:
        must(self.scratch.again([]), "the configure")
        self.assertIn("no work to do", must(self.scratch.build(), "the build"))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--unicore", type=Path, required=True, help="a checkout or an install of Unicore")
    parser.add_argument("--scratch", type=Path, required=True, help="folder for the application and its tree")
    parser.add_argument("--cmake", default="cmake")
    args, rest = parser.parse_known_args()
    OptionsTest.scratch = Scratch(args.scratch, args.unicore, args.cmake, "linux-x86_64")
    unittest.main(argv=[sys.argv[0], *rest])


if __name__ == "__main__":
    main()
