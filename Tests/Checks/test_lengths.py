"""The check of the files' lengths fails at what it forbids."""

import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent.parent / "deploy" / "scripts"))

from check_lengths import problems, sources  # noqa: E402


class LengthTests(unittest.TestCase):
    def found(self, *first, count):
        return list(problems([("File.swift", [*first, *["line"] * (count - len(first))])]))

    def test_short_files_need_no_reason(self):
        self.assertEqual(self.found(count=300), [])

    def test_long_files_are_named(self):
        self.assertEqual(self.found(count=301), ["File.swift: 301 lines"])
        self.assertEqual(self.found("// Over 300 lines:", count=301), ["File.swift: 301 lines"])
        self.assertEqual(self.found("", "", "// Over 300 lines: one table of tests.", count=301), ["File.swift: 301 lines"])

    def test_a_reason_excuses(self):
        self.assertEqual(self.found("// Over 300 lines: one table of tests.", count=301), [])
        self.assertEqual(self.found("#!/usr/bin/env python3", "# Over 300 lines: one table of tests.", count=301), [])
        self.assertEqual(self.found("// Made by deploy/scripts/embed_page.py from Page.", count=301), [])
        self.assertEqual(self.found('"""Models.', "", "Made from a.json by deploy/scripts/generate.py", count=301), [])
        self.assertEqual(self.found("// Made by hand", count=301), ["File.swift: 301 lines"])

    def test_the_sources_are_found(self):
        names = [str(name) for name, _ in sources()]
        self.assertGreater(len(names), 500)
        self.assertIn("Tests/Checks/test_lengths.py", names)


if __name__ == "__main__":
    unittest.main()
