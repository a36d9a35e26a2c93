#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""build.py OUTPUT [COMPILER [OPTION...]]: makes a static Linux program of the web server, with the same files in it as the image has.
The compiler is c++, if nothing else is said; clang++-19 -stdlib=libc++ does as well."""
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
SOURCES = ["main.cpp", "answer.cpp", "connection.cpp", "date.cpp", "request.cpp", "server.cpp", "stream.cpp", "linux/machine.cpp"]
OPTIONS = ["-std=c++20", "-O2", "-DNDEBUG", "-static", "-fno-exceptions", "-fno-rtti"]


def quoted(text):
    return '"' + str(text).replace("\\", "\\\\").replace('"', '\\"') + '"'


def table(folders):
    """Source of the files: in the order of their names, as bytes."""
    files = sorted((path.relative_to(folder).as_posix().encode(), path) for folder in folders for path in Path(folder).rglob("*") if path.is_file())
    lines = ["#include <cstddef>", "namespace machine {",
             "struct Embedded { const char* name; const char* contents; std::size_t size; };"]
    contents = [path.read_bytes() for _, path in files]
    for number, data in enumerate(contents):
        lines.append(f"static const unsigned char file{number}[] = {{{','.join(map(str, data + bytes(1)))}}};")
    lines += ["extern const Embedded embedded[];", "extern const std::size_t embedded_count;", "const Embedded embedded[] = {"]
    for number, ((name, _), data) in enumerate(zip(files, contents)):
        lines.append(f"    {{{quoted(name.decode())}, reinterpret_cast<const char*>(file{number}), {len(data)}}},")
    lines += ["};", f"const std::size_t embedded_count = {len(files)};", "}  // namespace machine", ""]
    return "\n".join(lines)


def build(output, compiler=("c++",), folders=(HERE.parent / "site",)):
    with tempfile.TemporaryDirectory() as folder:
        generated = Path(folder, "files.cpp")
        generated.write_text(table(folders), encoding="utf-8")
        subprocess.run([*compiler, *OPTIONS, "-o", output, *(HERE.parent / source for source in SOURCES), generated], check=True)


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    build(sys.argv[1], sys.argv[2:] or ("c++",))
