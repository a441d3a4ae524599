#!/usr/bin/env python3
"""Packs what was built into build/dist: an archive for machines, a zip for Lambda of each function, and SHA256SUMS.

Two runs on the same files give the same bytes with the same version of zstd: members are sorted and belong to root, and
their time is that of the commit, or SOURCE_DATE_EPOCH. https://reproducible-builds.org/docs/source-date-epoch/
"""

from __future__ import annotations

import hashlib
import io
import os
import platform
import shutil
import subprocess
import sys
import tarfile
import time
import zipfile
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Iterator

from generator import descriptions

ROOT = Path(__file__).resolve().parents[2]
# The executables have most of their code in common. A window of 2^27 bytes sees ten of them at once, and is the largest
# that zstd unpacks without being asked to. The number of threads does not change the bytes.
ZSTD = ("zstd", "-12", "--long=27", "-T0", "--quiet", "--stdout")
# What the archive has besides: documents, and configurations to run it.
DOCUMENTS = ("README.md", "LICENSE", "NOTICE", "CHANGELOG.md")
CONFIGURATIONS = (
    "README.md", "SCALE.md", "apache", "aws", "caddy", "compose", "container", "knative", "kubernetes", "lighttpd",
    "nginx-fastcgi", "nginx-fcgiwrap", "openfaas", "postgres", "systemd")


def commit_time() -> int:
    """Seconds since 1970."""
    if "SOURCE_DATE_EPOCH" in os.environ:
        return int(os.environ["SOURCE_DATE_EPOCH"])
    return int(subprocess.run(
        ["git", "log", "-1", "--format=%ct"], cwd=ROOT, capture_output=True, check=True, text=True).stdout)


def sums(files: dict[str, Path]) -> str:
    """What `sha256sum --check` reads."""
    return "".join(f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {name}\n" for name, path in sorted(files.items()))


def below(folder: Path, name: str) -> Iterator[tuple[str, Path]]:
    """The files of a folder or the file itself, with their names in the archive."""
    found = sorted(folder.rglob("*")) if folder.is_dir() else [folder]
    for path in found:
        if path.is_file() and "__pycache__" not in path.parts:
            yield name + str(path.relative_to(folder)) if path != folder else name, path


def contents(build: Path) -> dict[str, Path]:
    """Everything in the archive for machines, by name. The models are there if they could be fetched."""
    files = dict(below(build / "bin", "bin/")) | dict(below(build / "functions", "functions/"))
    files |= dict(below(build / "models", "models/"))
    for name in DOCUMENTS:
        files[name] = ROOT / name
    for name in CONFIGURATIONS:
        source = ROOT / "deploy" / name
        files.update(below(source, f"deploy/{name}/" if source.is_dir() else f"deploy/{name}"))
    return files


def write_tar(target: Path, top: str, files: dict[str, Path], moment: int) -> None:
    """A .tar.zst with one folder, which has SHA256SUMS of everything in it."""
    def member(name: str, size: int, executable: bool) -> tarfile.TarInfo:
        info = tarfile.TarInfo(f"{top}/{name}")
        info.size, info.mtime, info.mode = size, moment, 0o755 if executable else 0o644
        return info

    with target.open("wb") as file:
        zstd = subprocess.Popen(ZSTD, stdin=subprocess.PIPE, stdout=file)
    with zstd.stdin as packed, tarfile.open(fileobj=packed, mode="w|", format=tarfile.USTAR_FORMAT) as archive:
        listed = sums(files).encode()
        archive.addfile(member("SHA256SUMS", len(listed), False), io.BytesIO(listed))
        for name, path in sorted(files.items()):
            with path.open("rb") as source:
                archive.addfile(member(name, path.stat().st_size, os.access(path, os.X_OK)), source)
    if zstd.wait() != 0:
        raise SystemExit("zstd failed")


def write_lambda(target: Path, function: Path, moment: int) -> None:
    """A deployment package: the executable under the name that Lambda starts."""
    info = zipfile.ZipInfo("bootstrap", time.gmtime(max(moment, 315_532_800))[:6])  # Zip begins with 1980.
    info.compress_type, info.create_system, info.external_attr = zipfile.ZIP_DEFLATED, 3, 0o100755 << 16
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr(info, function.read_bytes())


def assemble(build: Path, target: Path, version: str, moment: int) -> None:
    """Writes everything, in place of what was there.

    - build: the folder with `bin` and `functions`.
    """
    shutil.rmtree(target, ignore_errors=True)
    (target / "lambda").mkdir(parents=True)
    top = f"ainexlayer-{version}-linux-{platform.machine()}"
    with ProcessPoolExecutor() as pool:
        jobs = [pool.submit(write_tar, target / f"{top}.tar.zst", top, contents(build), moment)]
        jobs += [pool.submit(write_lambda, target / "lambda" / f"{path.name}.zip", path, moment)
                 for path in sorted((build / "functions").iterdir())]
        for job in jobs:
            job.result()
    (target / "SHA256SUMS").write_text(sums(dict(below(target, ""))))


def main() -> None:
    build = ROOT / "build"
    if not any((build / "models").glob("*.bin")):
        print("The archive is without the embedding model, which `make model` fetches.", file=sys.stderr)
    assemble(build, build / "dist", descriptions.version(), commit_time())
    packed = list((build / "dist").rglob("*.*"))
    size = sum(path.stat().st_size for path in packed) / 1e6
    print(f"build/dist: {len(packed)} archives, {size:,.0f} MB, and SHA256SUMS")


if __name__ == "__main__":
    main()
