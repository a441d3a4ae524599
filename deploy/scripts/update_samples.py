#!/usr/bin/env python3
"""Puts the Swift files that the README shows into it as they are: each sample follows a paragraph that names its endpoint."""

import re
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
        readme.write_text(current(text))
        print("README.md: the samples were not as their files are")
