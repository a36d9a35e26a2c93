# SPDX-License-Identifier: BSD-3-Clause
"""What Unicore's build asks of Python: resolving images, and reporting on them and running them.

Every module `unicore.NAME` that defines `arguments(parser)` and `main(args) -> int` is a command;
the first line of its docstring is its help. A name with dashes lives in a module with underscores.
"""
