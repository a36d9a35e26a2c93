#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""The build tool's resolver, reports and actions: `unicore.py [--tree BUILD] COMMAND …`."""
import sys

from unicore.cli import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
