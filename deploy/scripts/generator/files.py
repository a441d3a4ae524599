"""Keeps generated files current."""

from __future__ import annotations

import sys
from pathlib import Path

from .descriptions import ROOT


def keep(files: dict[Path, str], only_check: bool) -> int:
    """Writes the files that are not current, and prints their names. With `only_check` it only prints them, and returns 1
    if there are any."""
    stale = [path for path, text in files.items() if not path.exists() or path.read_text() != text]
    for path in stale:
        name = path.relative_to(ROOT)
        if only_check:
            print(f"{name} is not current: run make build", file=sys.stderr)
            continue
        path.parent.mkdir(exist_ok=True)
        path.write_text(files[path])
        print(f"{name}: written")
    return 1 if only_check and stale else 0
