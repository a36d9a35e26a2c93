# SPDX-License-Identifier: BSD-3-Clause
"""The comparison of traces can fail."""
from __future__ import annotations

import tempfile
import unittest
from pathlib import Path

import traces

PRINTED = """unicore: something else
agreement: begin events front
| send port=p1 -> 0
| rang 1
agreement: end events front 2 lines 1 operations
agreement: begin events back
| close port=p1 -> 0
agreement: end events back 1 lines 1 operations
"""
SEEN = {("events", "front"): ["send port=p1 -> 0", "rang 1"], ("events", "back"): ["close port=p1 -> 0"]}


class Compare(unittest.TestCase):
    def test_what_agrees(self) -> None:
        self.assertEqual(traces.parse(PRINTED), SEEN)
        self.assertEqual(traces.compare("pv", SEEN, traces.parse(PRINTED), "Xen"), [])

    def test_a_changed_line(self) -> None:
        """Scenario, role, line and both texts are told."""
        changed = traces.parse(PRINTED.replace("rang 1", "rang 2"))
        self.assertEqual(traces.compare("pv", SEEN, changed, "Xen"),
                         ["events front (pv), line 2:\n    recorded: rang 1\n    Xen:      rang 2"])

    def test_a_line_too_many_and_one_too_few(self) -> None:
        more = {**SEEN, ("events", "back"): ["status -> 0", "close port=p1 -> 0"]}
        self.assertEqual(traces.compare("pvh", SEEN, more, "Xen"),
                         ["events back (pvh), line 1:\n    recorded: (nothing)\n    Xen:      status -> 0"])
        self.assertEqual(traces.compare("pvh", more, SEEN, "Xen"),
                         ["events back (pvh), line 1:\n    recorded: status -> 0\n    Xen:      (nothing)"])

    def test_what_is_not_there(self) -> None:
        front = {("events", "front"): SEEN["events", "front"]}
        self.assertEqual(traces.compare("pv", SEEN, front, "Xen"), ["events back (pv) did not run"])
        self.assertEqual(traces.compare("pv", front, SEEN, "Xen"), ["events back (pv) is not recorded"])
        self.assertEqual(traces.compare("pv", {}, {}, "Xen"), ["nothing is recorded for pv"])

    def test_an_empty_trace(self) -> None:
        empty = {("events", "front"): []}
        self.assertEqual(traces.compare("pv", empty, empty, "Xen"), ["events front (pv) is empty"])

    def test_nothing_done(self) -> None:
        self.assertEqual(traces.operations(PRINTED), {"events": 2})
        self.assertEqual(traces.idle(["events", "grants"], traces.operations(PRINTED)), ["grants did nothing"])
        self.assertEqual(traces.idle(["events"], {"events": 0}), ["events did nothing"])

    def test_what_is_no_trace(self) -> None:
        for text, why in ((PRINTED[:60], "has no end"), (PRINTED.replace("| rang 1\n", ""), "has 1 lines of 2"),
                          (PRINTED + PRINTED, "came twice"),
                          (PRINTED.replace("rang 1", "gave up at step 3: no answer"), "gave up at step 3")):
            with self.assertRaisesRegex(traces.TraceError, why):
                traces.parse(text)

    def test_recording(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            traces.record("pv", {("old", "front"): ["x"]}, Path(folder))
            traces.record("pv", SEEN, Path(folder))
            self.assertEqual(traces.recorded("pv", Path(folder)), SEEN)
            self.assertEqual(traces.recorded("pvh", Path(folder)), {})

    def test_what_the_repository_has(self) -> None:
        """Both types of domain, and the same scenarios for them."""
        pv, pvh = (traces.recorded(kind) for kind in traces.TYPES)
        self.assertEqual(set(pv), set(pvh))
        self.assertGreater(len(pv), 20)


if __name__ == "__main__":
    unittest.main(verbosity=2)
