"""The scripts that make the model file, and that a build without network goes on."""

import os
import shutil
import subprocess
import sys
import tempfile
import unittest
from array import array
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SCRIPTS = ROOT / "deploy" / "scripts" / "model"
sys.path.insert(0, str(SCRIPTS))

import container  # noqa: E402
from tokenizer_sections import NOWHERE, PLACE_BITS, VALUE_BITS, Trie, normalisation  # noqa: E402


class ModelScriptTests(unittest.TestCase):
    def setUp(self):
        temporary = tempfile.TemporaryDirectory(prefix="nexlayer-")
        self.addCleanup(temporary.cleanup)
        self.folder = Path(temporary.name)

    def test_sections_are_found_again_unless_the_file_is_cut_off(self):
        path = self.folder / "models" / "m.bin"
        sections = [("one", b"1"), ("empty", b""), ("a-name-of-16-byt", b"data" * 250)]
        size = container.write(path, sections)
        whole = path.read_bytes()
        self.assertEqual(len(whole), size)
        for name, data in sections:
            self.assertEqual(container.section(path, name), data)
        self.assertEqual(whole.find(b"datadata") % 64, 0)
        self.assertIsNone(container.section(path, "two"))
        for length in (0, 7, 16, 100, size - 1):
            path.write_bytes(whole[:length])
            self.assertIsNone(container.section(path, "one"), length)
        for wrong in (["x" * 17], [""], ["same", "same"]):
            with self.assertRaises(ValueError):
                container.write(path, [(name, b"") for name in wrong])
        self.assertEqual([each.name for each in path.parent.iterdir()], ["m.bin"])

    def test_every_key_is_in_the_trie_and_nothing_else(self):
        words = {word.encode() for word in "a ab abc b ba 中 中国 国 é è ▁a ▁ab ▁the ▁they".split()}
        words |= {f"w{number}".encode() for number in range(2000)}
        keys = [(word, number + 1) for number, word in enumerate(sorted(words))]
        units = array("Q")
        units.frombytes(Trie(keys).units())

        def value(word):
            place = 0
            for byte in word:
                following = (units[place] >> VALUE_BITS & NOWHERE) + byte
                if following >= len(units) or units[following] >> VALUE_BITS + PLACE_BITS != place:
                    return None
                place = following
            return units[place] & (1 << VALUE_BITS) - 1
        for word, number in keys:
            self.assertEqual(value(word), number)
        for word in (b"abd", b"c", b"w2000", b"\0", b"a\0", b"\xff", "中国国".encode(), "▁th".encode()):
            self.assertFalse(value(word), word)

    def test_replacements_are_found_by_page(self):
        replacements = {0x41: (0x61,), 0xAD: (), 0xFB01: (0x66, 0x69), 0x1F12F: (0x28, 0x63, 0x29)}
        sections = dict(normalisation(replacements))
        index, pages = array("H"), array("H")
        index.frombytes(sections["normalise"])
        pages.frombytes(sections["normalise.pages"])
        text = sections["normalise.text"]
        for scalar in [*range(0x500), *range(0xFB00, 0xFB10), 0x1F12E, 0x1F12F, 0x1F130]:
            entry = pages[index[scalar // 64] * 64 + scalar % 64]
            found = None if entry == 0 else text[entry:entry + text[entry - 1]].decode()
            expected = replacements.get(scalar)
            self.assertEqual(found, None if expected is None else "".join(map(chr, expected)))

    def fetch(self, *options, **variables):
        copy = self.folder / "deploy" / "scripts" / "model"
        shutil.copytree(SCRIPTS, copy, dirs_exist_ok=True)
        environment = {name: value for name, value in os.environ.items() if name not in ("CI", "OFFLINE")}
        environment |= {"PIP_INDEX_URL": "http://127.0.0.1:1/simple", "PIP_NO_CACHE_DIR": "1",
                        "PIP_EXTRA_INDEX_URL": "", "PIP_FIND_LINKS": "", **variables}
        return subprocess.run(
            [sys.executable, copy / "fetch.py", *options], env=environment, capture_output=True, text=True, timeout=120)

    def test_without_a_network_the_build_goes_on(self):
        done = self.fetch()
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("Fetching", done.stdout)
        self.assertIn("PyPI cannot be reached", done.stderr)
        self.assertIn("make model", done.stderr)
        models = self.folder / "build" / "models"
        self.assertEqual([each.name for each in models.iterdir()], ["README.md"])
        # The next ones do not wait for it, unless somebody asks for the model.
        again = self.fetch()
        self.assertEqual((again.returncode, again.stdout, again.stderr), (0, "", done.stderr))
        self.assertIn("Fetching", self.fetch("--again").stdout)
        marker = self.folder / ".build" / "models" / "failure"
        os.utime(marker, (0, 0))
        self.assertIn("Fetching", self.fetch().stdout)

    def test_continuous_integration_needs_the_model_unless_it_is_offline(self):
        done = self.fetch(CI="1")
        self.assertNotEqual(done.returncode, 0)
        self.assertIn("OFFLINE=1", done.stderr)
        self.assertEqual(self.fetch(CI="1", OFFLINE="1").returncode, 0)

    def test_a_disk_that_cannot_be_written_is_no_stack_trace(self):
        (self.folder / ".build").mkdir()
        (self.folder / ".build" / "models").write_text("a file where the folder should be")
        done = self.fetch()
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("File exists", done.stderr)
        self.assertNotIn("Traceback", done.stderr)


if __name__ == "__main__":
    unittest.main()
