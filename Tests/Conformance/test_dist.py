"""What `make dist` packs, on a few of the executables; `make check-reproducible` builds everything twice."""

from __future__ import annotations

import io
import os
import shutil
import subprocess
import tarfile
import tempfile
import unittest
import zipfile
from pathlib import Path

from place import FUNCTIONS, RUNNER, ROOT

import dist

MOMENT = 1_790_000_000


@unittest.skipUnless(shutil.which("zstd"), "zstd is not installed")
class DistTests(unittest.TestCase):
    @classmethod
    def setUpClass(cls) -> None:
        cls.temporary = tempfile.TemporaryDirectory(prefix="nexlayer-")
        cls.folder = Path(cls.temporary.name)
        for name in ("one", "another/place"):
            build = cls.folder / name
            (build / "bin").mkdir(parents=True)
            (build / "functions").mkdir()
            (build / "models").mkdir()
            (build / "models" / "multilingual-e5-small.bin").write_bytes(b"weights")
            shutil.copyfile(RUNNER, build / "bin" / "runner")
            (build / "bin" / "runner").chmod(0o755 if name == "one" else 0o700)
            shutil.copyfile(FUNCTIONS / "health", build / "functions" / "health")
            (build / "functions" / "health").chmod(0o755)
            dist.assemble(build, build / "dist", "1.2.3", MOMENT)
        cls.one, cls.another = cls.folder / "one" / "dist", cls.folder / "another" / "place" / "dist"
        (cls.archive,) = cls.one.glob("*.tar.zst")

    @classmethod
    def tearDownClass(cls) -> None:
        cls.temporary.cleanup()

    def test_the_same_files_give_the_same_bytes(self) -> None:
        for path in self.one.rglob("*"):
            if path.is_file():
                self.assertEqual(path.read_bytes(), (self.another / path.relative_to(self.one)).read_bytes(), path.name)

    def test_the_archive(self) -> None:
        top = f"ainexlayer-1.2.3-linux-{os.uname().machine}"
        self.assertEqual(self.archive.name, f"{top}.tar.zst")
        plain = subprocess.run(["zstd", "--decompress", "--stdout", self.archive], capture_output=True, check=True).stdout
        with tarfile.open(fileobj=io.BytesIO(plain)) as archive:
            members = archive.getmembers()
            archive.extractall(self.folder)
        self.assertEqual({(each.uid, each.gid, each.uname, each.mtime) for each in members}, {(0, 0, "", MOMENT)})
        names = [each.name.removeprefix(f"{top}/") for each in members]
        self.assertLessEqual({"bin/runner", "functions/health", "models/multilingual-e5-small.bin", "README.md",
                              "LICENSE", "NOTICE", "deploy/README.md",
                              "deploy/apache/ainexlayer.conf", "deploy/systemd/ainexlayer-runner.service"}, set(names))
        checked = subprocess.run(["sha256sum", "--check", "--strict", "SHA256SUMS"], cwd=self.folder / top, capture_output=True)
        self.assertEqual((checked.returncode, len(checked.stdout.splitlines())), (0, len(names) - 1), checked.stderr)
        said = subprocess.run([self.folder / top / "functions" / "health", "--version"], capture_output=True, check=True)
        self.assertTrue(said.stdout.startswith(b"health "))

    def test_the_package_for_lambda(self) -> None:
        with zipfile.ZipFile(self.one / "lambda" / "health.zip") as package:
            (member,) = package.infolist()
            self.assertEqual((member.filename, member.external_attr >> 16), ("bootstrap", 0o100755))
            self.assertEqual(package.read(member), (FUNCTIONS / "health").read_bytes())

    def test_the_sums_beside_them(self) -> None:
        subprocess.run(["sha256sum", "--check", "--strict", "--quiet", "SHA256SUMS"], cwd=self.one, check=True)

    def test_everything_that_is_packed_is_in_the_repository(self) -> None:
        packed = {path for path in dist.contents(ROOT / "build").values() if "build" not in path.relative_to(ROOT).parts}
        listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True)
        if listed.returncode == 0:
            self.assertLessEqual({str(path.relative_to(ROOT)) for path in packed}, set(listed.stdout.splitlines()))
