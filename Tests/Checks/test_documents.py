"""What the documents show is so: samples are real files, and commands, options, variables, files and links exist."""

import json
import re
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / "Tests" / "TestSupport" / "Python"))

from gateway import Gateway  # noqa: E402
from running import FUNCTIONS, RUNNER  # noqa: E402

DOCUMENTS = ["README.md", "CONTRIBUTING.md", "DECISIONS.md", "SECURITY.md", "Shared/README.md", "deploy/README.md"]
SAMPLE = re.compile(r"^(?P<fence>```)(?P<language>\w*)\n(?P<code>.*?)^```$", re.MULTILINE | re.DOTALL)
SWIFT_FILE = re.compile(r"`((?:Functions|Shared|Runner|Tests)/[\w/]+(?:\.swift)?)`")


def text(document):
    return (ROOT / document).read_text()


def samples(document, language):
    """The code of a language, each with the text before it."""
    whole = text(document)
    return [(match["code"], whole[:match.start()]) for match in SAMPLE.finditer(whole) if match["language"] == language]


def prose(document):
    return SAMPLE.sub("", text(document))


def shown_file(before):
    """The Swift file that the paragraph before a sample names last: a file, or the folder of an endpoint."""
    names = SWIFT_FILE.findall(before.rstrip().rsplit("\n\n", 1)[-1])
    if not names:
        return None
    path = ROOT / names[-1]
    return path if path.suffix else path / f"{path.name}.swift"


class SampleTests(unittest.TestCase):
    def test_swift_samples_are_real_files(self):
        seen = 0
        for document in DOCUMENTS:
            for code, before in samples(document, "swift"):
                with self.subTest(document=document, sample=code.splitlines()[0]):
                    file = shown_file(before)
                    self.assertIsNotNone(file, "the paragraph before the sample names no Swift file")
                    self.assertIn(code, file.read_text(), f"the sample is not as it is in {file.relative_to(ROOT)}")
                    seen += 1
        self.assertGreater(seen, 0)

    def test_the_endpoint_of_the_readme_is_complete(self):
        code, before = samples("README.md", "swift")[0]
        self.assertEqual(code, shown_file(before).read_text())

    def test_the_pipes_of_the_readme_work(self):
        script = next(code for code, _ in samples("README.md", "sh") if "build/functions/register" in code)
        with tempfile.TemporaryDirectory(prefix="nexlayer-readme-") as folder:
            (Path(folder) / "build").mkdir()
            (Path(folder) / "build" / "functions").symlink_to(FUNCTIONS)
            done = subprocess.run(["bash", "-euo", "pipefail", "-c", script], cwd=folder, capture_output=True, text=True)
        self.assertEqual(done.returncode, 0, done.stderr)
        answers = [json.loads(line) for line in done.stdout.splitlines() if line.startswith('{"statusCode"')]
        self.assertEqual([answer["statusCode"] for answer in answers], [200, 201, 200, 200])

    def test_the_requests_of_the_readme_work(self):
        script = next(code for code, _ in samples("README.md", "sh") if "$API/auth/login" in code)
        gateway = Gateway()
        self.addCleanup(gateway.close)
        self.assertIn("http://localhost:3001/api/v1", script)
        account = {"email": "ada@example.com", "password": "correct horse", "name": "Ada"}
        self.assertEqual(gateway.call("POST", "/auth/register", account).status, 201)
        script = script.replace("http://localhost:3001/api/v1", gateway.url).replace("curl ", "curl --noproxy '*' --fail ")
        done = subprocess.run(["bash", "-euo", "pipefail", "-c", script], capture_output=True, text=True)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("GPL-3", done.stdout)
        self.assertIn("[1]", done.stdout, "the answer cites nothing")


class CommandTests(unittest.TestCase):
    """Commands in samples and in prose."""

    def commands(self, pattern):
        for document in DOCUMENTS:
            code = "\n".join(code for code, _ in samples(document, "sh"))
            inline = "\n".join(re.findall(r"`([^`\n]+)`", prose(document)))
            for match in re.finditer(pattern, code + "\n" + inline, re.MULTILINE):
                yield document, match

    def test_make_has_the_targets(self):
        targets = set(re.findall(r"^([a-z-]+):", text("Makefile"), re.MULTILINE))
        seen = 0
        for document, match in self.commands(r"^\s*(?:\w+=\S+ )*make ([a-z-]+)"):
            self.assertIn(match[1], targets, f"{document} shows make {match[1]}")
            seen += 1
        self.assertGreater(seen, 5)

    def test_there_are_the_functions(self):
        names = {file.name for file in FUNCTIONS.iterdir()}
        self.assertGreater(len(names), 45)
        for document, match in self.commands(r"build/functions/([\w-]+)"):
            self.assertIn(match[1], names, f"{document} shows build/functions/{match[1]}")
        shown = set(re.findall(r"`([\w-]+)`", text("README.md")))
        self.assertEqual(names - shown, set(), "functions that the README does not name")

    def test_the_runner_has_the_commands_and_options(self):
        manuals, seen = {}, 0
        for document, match in self.commands(r"(?:build/bin/|^)runner (?:help )?([a-z]+)([^`\n#|]*)"):
            command, rest = match[1], match[2]
            if command not in manuals:
                manuals[command] = subprocess.run([RUNNER, "help", command], capture_output=True, text=True)
            manual = manuals[command]
            self.assertEqual(manual.returncode, 0, f"{document} shows runner {command}")
            for option in re.findall(r"(?<!\S)--[a-z][\w-]*", rest):
                self.assertRegex(manual.stdout, rf"{option}\b", f"{document} shows runner {command} {option}")
            seen += 1
        self.assertGreater(seen, 8)

    def test_the_readme_lists_the_variables(self):
        shown = set(re.findall(r"`([A-Z][A-Z_]+)`", text("README.md")))
        read = {}
        for file in (ROOT / "Shared").rglob("*.swift"):
            for name in re.findall(r"\b(?:number|text|list|word|limit)\(\"([A-Z][A-Z_]+)\"", file.read_text()):
                read[name] = file.name
        self.assertGreater(len(read), 35)
        self.assertEqual({name for name in read if name not in shown}, set(), "variables that the README does not list")


class ReferenceTests(unittest.TestCase):
    def test_links_lead_to_files(self):
        seen = 0
        for document in sorted(ROOT.rglob("*.md")):
            name = document.relative_to(ROOT)
            if name.parts[0].startswith(".") or name.parts[0] in ("build", "data"):
                continue
            for target in re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", document.read_text()):
                if not re.match(r"[a-z]+:", target):
                    self.assertTrue((document.parent / target).exists(), f"{name} links to {target}")
                    seen += 1
        self.assertGreater(seen, 10)

    def test_the_files_exist_that_the_documents_name(self):
        seen = 0
        for document in DOCUMENTS:
            for name in re.findall(r"`((?:Functions|Shared|Runner|Tests|deploy)/[\w./*-]*)`", prose(document)):
                if not re.search(r"\bX", name):
                    self.assertTrue(list(ROOT.glob(name.rstrip("/"))), f"{document} names {name}")
                    seen += 1
        self.assertGreater(seen, 15)


if __name__ == "__main__":
    unittest.main()
