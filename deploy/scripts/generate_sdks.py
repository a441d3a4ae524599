#!/usr/bin/env python3
"""Writes the methods, models and types of both SDKs from the OpenAPI document.

    deploy/scripts/generate_sdks.py            writes the files below deploy/sdk that are not current
    deploy/scripts/generate_sdks.py --check    says which are not current, and exits with 1
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from generator import files
from generator.descriptions import ROOT
from generator.sdk import asynchronous, contract, javascript, methods, python, typescript

SDK = ROOT / "deploy" / "sdk"
PACKAGE = SDK / "python" / "src" / "ainexlayer"
SOURCES, TYPES = SDK / "javascript" / "src", SDK / "javascript" / "types"


def made() -> dict[Path, str]:
    document = json.loads((ROOT / "deploy" / "openapi.json").read_text())
    read = contract.read(document, methods.exceptions())
    by_hand = (PACKAGE / "_custom.py").read_text()
    types = (TYPES / "custom.d.ts").read_text()
    resources = python.resources(read, by_hand)
    return {
        PACKAGE / "models.py": python.models(read),
        PACKAGE / "resources.py": resources,
        PACKAGE / "aio" / "resources.py": asynchronous.resources(read, resources, by_hand),
        SOURCES / "resources.js": javascript.resources(read, (SOURCES / "custom.js").read_text()),
        TYPES / "models.d.ts": typescript.models(read, types),
        TYPES / "resources.d.ts": typescript.resources(read, types),
    }


if __name__ == "__main__":
    sys.exit(files.keep(made(), only_check="--check" in sys.argv[1:]))
