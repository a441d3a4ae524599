"""The encoder's kernels compute what plain arithmetic does, and stay within their buffers."""

import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
KERNELS = ["portable", "avx2", "avx512vnni", "sdot"]


class EmbeddingKernelTests(unittest.TestCase):
    @unittest.skipUnless(shutil.which("clang"), "needs clang, which is part of Swift's toolchain")
    def test_kernels_compute_what_plain_arithmetic_does(self):
        module = ROOT / "Shared" / "CEmbedding"
        with tempfile.TemporaryDirectory() as folder:
            program = Path(folder) / "kernels"
            subprocess.run(
                ["clang", "-O1", "-g", "-Wall", "-Wextra", "-Werror", "-fuse-ld=lld", "-fsanitize=address,undefined",
                 "-fno-sanitize-recover=all", f"-I{module / 'include'}", *sorted(map(str, module.glob("*.c"))),
                 str(Path(__file__).with_name("embedding_kernels.c")), "-lm", "-o", str(program)], check=True)
            checked = subprocess.run([str(program), *KERNELS], capture_output=True, text=True, timeout=60)
        self.assertEqual(checked.returncode, 0, checked.stdout + checked.stderr)
        self.assertIn("portable was checked", checked.stdout)


if __name__ == "__main__":
    unittest.main()
