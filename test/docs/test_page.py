# SPDX-License-Identifier: BSD-3-Clause
"""The reader of pages."""
from __future__ import annotations

import sys
import tempfile
import time
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from check_links import wrong_links  # noqa: E402
from page import PageError, blocks, headings, links, mismatch, steps  # noqa: E402
from run_page import Session, perform  # noqa: E402

PAGE = """# A page

```sh run status=3
exit 3
```
```text
nothing
```

```sh by-hand
rm -rf /
```
Words between.
```text
not an output
```
```cpp file=a/b.cpp
int x;
```
"""


class Pages(unittest.TestCase):
    def test_what_is_asked_for(self) -> None:
        found = steps(PAGE)
        self.assertEqual([step.kind for step in found], ["run", "write"])
        self.assertEqual(found[0].block.value("status"), "3")
        self.assertEqual(found[0].expected.text, "nothing")
        self.assertEqual(found[1].block.text, "int x;")

    def test_an_output_belongs_to_the_block_right_before(self) -> None:
        self.assertIsNone(blocks(PAGE)[3].follows)

    def test_a_block_in_a_list_loses_its_indent(self) -> None:
        self.assertEqual(blocks("1. x\n   ```sh run\n   a\n     b\n   ```\n")[0].text, "a\n  b")

    def test_commands_must_say_whether_they_are_run(self) -> None:
        for info in ("sh", "bash run", "sh run by-hand"):
            with self.assertRaises(PageError):
                steps(f"```{info}\nx\n```\n")

    def test_a_block_without_an_end(self) -> None:
        with self.assertRaises(PageError):
            blocks("```sh run\nx\n")

    def test_anchors_and_links(self) -> None:
        text = '# One `two`, three: four\n# Again\n## Again\n<a id="named"></a>\n[x](y.md#z) ![p](p.svg)\n`[no](no)`\n'
        self.assertEqual(list(headings(text)), ["one-two-three-four", "again", "again-1", "named"])
        self.assertEqual(list(links(text)), [(5, "y.md#z"), (5, "p.svg")])

    def test_links_that_lead_nowhere(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            root = Path(folder).resolve()
            (root / "a.md").write_text("# Here\n[1](#here) [2](#there) [3](b.md) [4](../x) [5](https://x)\n")
            self.assertEqual(len(wrong_links(root / "a.md", root)), 3)


class Outputs(unittest.TestCase):
    def check(self, expected: str, actual: str, fine: bool, anywhere: bool = False) -> None:
        wrong = mismatch(expected.split("\n"), actual.split("\n"), anywhere)
        self.assertEqual(wrong is None, fine, wrong)

    def test_wildcards(self) -> None:
        self.check("a\nb", "a\nb ", True)
        self.check("a\nb", "a\nb\nc", False)
        self.check("a\nb", "a", False)
        self.check("a … c", "a bb c", True)
        self.check("a … c", "a bb d", False)
        self.check("a.c", "abc", False)
        self.check("…\nb\n…", "x\ny\nb", True)
        self.check("…\nb\nc\n…", "b\nx\nb\nc", True)
        self.check("a\n…", "x\na", False)

    def test_excerpts(self) -> None:
        self.check("b\nc", "a\nb\nc\nd", True, anywhere=True)
        self.check("b\nd", "a\nb\nc\nd", False, anywhere=True)


class Sessions(unittest.TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = Path(folder.name).resolve()
        self.session = Session(self.root, self.root / "state", time.monotonic() + 20)

    def page(self, text: str) -> list[str | None]:
        return [perform(self.session, step) for step in steps(text)]

    def test_a_terminal_keeps_its_folder_and_environment(self) -> None:
        text = "```sh run\nmkdir -p in\ncd in\nexport GREETING='good day'\n```\n" \
               "```cpp file=x/y.txt\n1\n…\n```\n```sh run\ncat x/y.txt; echo $GREETING\n```\n```text\n1\n…\ngood day\n```\n" \
               "```cpp of=in/x/y.txt\n1\n```\n"
        self.assertEqual(self.page(text), [None] * 4)
        self.assertTrue((self.root / "in/x/y.txt").exists())

    def test_what_fails_is_told(self) -> None:
        self.assertEqual(self.page("```sh run\nfalse\ntrue\n```\n"), ["exit status 1, expected 0"])
        self.assertEqual(self.page("```sh run status=1\nfalse\n```\n"), [None])
        self.assertIn("expected 'b'", str(self.page("```sh run\necho a\n```\n```text\nb\n```\n")[0]))
        self.assertIn("does not exist", str(self.page("```cpp of=z\nq\n```\n")[0]))

    def test_a_command_that_never_ends_is_ended(self) -> None:
        self.session.deadline = time.monotonic() + 0.1
        self.assertIn("not done in time", str(self.page("```sh run\necho early; sleep 100 & wait\n```\n")[0]))


if __name__ == "__main__":
    unittest.main()
