"""The built functions' descriptions of themselves: the one source of everything that is generated."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[3]
FUNCTIONS = ROOT / "build" / "functions"


def read(folder: Path = FUNCTIONS) -> list[dict[str, Any]]:
    """What every executable of a folder answers to `--describe`, ordered by name.

    Functions without a route, such as run-jobs, have neither `path` nor `method`. Gateways wait as long as an
    installation with a language model needs.
    """
    environment = {**os.environ, "LLM_BASE_URL": "http://127.0.0.1/v1", "LLM_MODEL": "model"}
    said = (subprocess.run([path, "--describe"], env=environment, capture_output=True, check=True)
            for path in sorted(folder.iterdir()))
    return [json.loads(each.stdout) for each in said]


def version(folder: Path = FUNCTIONS) -> str:
    """The version of the product, as its functions report it: 1.2.3"""
    return subprocess.run([folder / "health", "--version"], capture_output=True, check=True, text=True).stdout.split()[1]
