"""`make new` writes an endpoint that is listed, tested and formatted."""

from __future__ import annotations

import ast
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

from place import ROOT


class NewEndpointTests(unittest.TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory(prefix="nexlayer-")
        self.addCleanup(folder.cleanup)
        self.root = Path(folder.name)
        shutil.copytree(ROOT / "deploy" / "scripts", self.root / "deploy" / "scripts")
        (self.root / "Functions").mkdir()
        for path in ("Package.swift", ".swift-format", "README.md", "Tests/Contract/test_contract.py",
                     "Tests/FunctionTests/SnapshotStory.swift"):
            if (ROOT / path).exists():
                (self.root / path).parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(ROOT / path, self.root / path)

    def new(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        script = self.root / "deploy" / "scripts" / "new.py"
        return subprocess.run([sys.executable, script, *arguments], capture_output=True, text=True)

    def test_it_writes_everything_that_a_rule_can(self) -> None:
        made = self.new("rename-workspace")
        self.assertEqual(made.returncode, 0, made.stderr)
        source = self.root / "Functions" / "RenameWorkspace" / "RenameWorkspace.swift"
        tests = self.root / "Tests" / "FunctionTests" / "RenameWorkspaceTests.swift"
        self.assertIn('"/workspaces/{workspaceId}/rename"', source.read_text())
        self.assertEqual(tests.read_text().count("@Test"), 3)
        package = (self.root / "Package.swift").read_text()
        self.assertEqual(package.replace('    "rename-workspace",\n', "", 1), (ROOT / "Package.swift").read_text())
        self.assertIn('"rename-workspace"', package.split("let functions = [")[1].split("\n]")[0])
        contract = (self.root / "Tests" / "Contract" / "test_contract.py").read_text()
        ast.parse(contract)
        self.assertIn('"rename-workspace": (200', contract.split("SUCCESS = {")[1].split("\n}")[0])
        self.assertIn("`rename-workspace`", (self.root / "README.md").read_text())
        story = self.root / "Tests" / "FunctionTests" / "SnapshotStory.swift"
        self.assertEqual(story.read_text().count('"rename-workspace"'), 2)
        self.assertEqual(len(made.stdout.splitlines()), 8, "it names the six files and two commands")
        if shutil.which("swift"):
            lint = subprocess.run(
                ["swift", "format", "lint", "--strict", source, tests, story], cwd=self.root, capture_output=True, text=True)
            self.assertEqual(lint.returncode, 0, lint.stderr)

    def test_it_refuses_what_is_no_new_operation(self) -> None:
        for arguments in ((), ("rename",), ("RenameWorkspace",), ("rename-workspace", "more")):
            self.assertEqual(self.new(*arguments).returncode, 64, arguments)
        self.assertEqual(self.new("rename-workspace").returncode, 0)
        again = self.new("rename-workspace")
        self.assertEqual((again.returncode, "already exists" in again.stderr), (1, True))


if __name__ == "__main__":
    unittest.main()
