#!/usr/bin/env python3
"""Names every file of more than 300 lines, unless it is generated or its first line says why. Ends with 1 if there are any.

The first line of such a file is a comment that says "Over 300 lines: REASON"; a generated one says "Made by SCRIPT".
"""

import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
LIMIT = 300
FOLDERS = ("Functions", "Runner", "Shared", "Tests", "deploy")
ENDINGS = {".swift", ".c", ".h", ".py", ".sh", ".js", ".mjs", ".ts", ".css", ".html", ""}
"""Files that people read and write; Makefiles and scripts have no ending."""
REASON = re.compile(r"\bOver 300 lines: \S+ \S+")
GENERATED = re.compile(r"\b(Made|Generated)( from \S+)? by \S+/\S+")


def excuse(lines):
    """Whether the first line, or the second of a script, says why the file is long, or its head that it is generated."""
    return any(REASON.search(line) for line in lines[:2]) or any(GENERATED.search(line) for line in lines[:8])


def problems(files):
    """`files` gives the lines of each file by its name."""
    for name, lines in files:
        if len(lines) > LIMIT and not excuse(lines):
            yield f"{name}: {len(lines)} lines"


def sources():
    for file in [ROOT / "Package.swift", *(each for folder in FOLDERS for each in sorted((ROOT / folder).rglob("*")))]:
        if file.suffix in ENDINGS and file.is_file() and not file.is_symlink() and "Vectors" not in file.parts:
            try:
                yield file.relative_to(ROOT), file.read_text().splitlines()
            except UnicodeDecodeError:
                continue  # A sample that is not text.


if __name__ == "__main__":
    found = list(problems(sources()))
    print("\n".join(found), end="\n" if found else "")
    sys.exit(1 if found else 0)
