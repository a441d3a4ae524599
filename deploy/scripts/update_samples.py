#!/usr/bin/env python3
"""Keeps the Swift files that the README shows current: each sample follows a paragraph that names its endpoint.

    deploy/scripts/update_samples.py            writes the README
    deploy/scripts/update_samples.py --check    exits with 1 if a sample is not current
"""

import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
SAMPLE = re.compile(r"(`Functions/(\w+)`[^\n]*\n\n```swift\n).*?(^```$)", re.MULTILINE | re.DOTALL)


def current(text):
    """The README with every sample as its file is."""
    def sample(match):
        file = ROOT / "Functions" / match[2] / f"{match[2]}.swift"
        return match[1] + file.read_text() + match[3]
    return SAMPLE.sub(sample, text)


if __name__ == "__main__":
    readme = ROOT / "README.md"
    text = readme.read_text()
    if current(text) != text:
        if "--check" in sys.argv:
            sys.exit("README.md shows an outdated sample: run make build")
        readme.write_text(current(text))
        print("README.md: updated the samples")
