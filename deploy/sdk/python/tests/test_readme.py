"""The first lines of the README really run."""

from __future__ import annotations

import contextlib
import io
import re
import unittest
from pathlib import Path

import ainexlayer

from .installation import Installation

FOLDER = Path(__file__).resolve().parents[1]


class ReadmeTests(unittest.TestCase):
    def test_the_first_lines_run(self) -> None:
        found = re.search(r"```python\n(.*?)```", (FOLDER / "README.md").read_text(), re.DOTALL)
        assert found is not None
        self.assertLessEqual(len(found.group(1).splitlines()), 10)
        installation = Installation()
        self.addCleanup(installation.stop)
        said = io.StringIO()
        with contextlib.redirect_stdout(said):
            exec(found.group(1).replace("http://localhost:3001", installation.url), {})
        self.assertIn("Dogs bark at night", said.getvalue())

    def test_everything_that_is_exported_is_there(self) -> None:
        for name in ainexlayer.__all__:
            self.assertTrue(hasattr(ainexlayer, name), name)


if __name__ == "__main__":
    unittest.main()
