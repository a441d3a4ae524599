#!/usr/bin/env python3
"""Makes the page of `GET /docs` one text, from the files in Functions/Docs/Page.

    deploy/openapi/embed_page.py            writes the source that embeds it
    deploy/openapi/embed_page.py --check    says that it is not current, and ends with 1
"""

import base64
import hashlib
import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
FOLDER = ROOT / "Functions" / "Docs" / "Page"
SOURCE = ROOT / "Functions" / "Docs" / "Page.swift"
STYLES = ["colours.css", "layout.css", "parts.css"]
# In the order of their needs: each uses what stands before it.
SCRIPTS = [
    "theme.js", "elements.js", "api.js", "examples.js", "schemas.js", "sdk.js", "snippets.js", "session.js",
    "events.js", "answer.js", "attempt.js", "operations.js", "navigation.js", "page.js",
]


def indentation_removed(text):
    """Without the blanks that lines begin with: a third of the page. Templates that span lines keep theirs."""
    lines, inside = [], False
    for line in text.splitlines():
        lines.append(line.rstrip() if inside else line.strip())
        if line.count("`") % 2:
            inside = not inside
    return "\n".join(line for line in lines if line) + "\n"


def policy_hash(text):
    """As a Content-Security-Policy names what may run (CSP level 3, section 2.3.1)."""
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def joined(names):
    return "".join(indentation_removed((FOLDER / name).read_text()) for name in names)


def page():
    html = joined(["page.html"])
    style, script = joined(STYLES), joined(SCRIPTS)
    for mark, text in (("/*style*/", style), ("/*script*/", script)):
        if html.count(mark) != 1 or re.search(r"</(script|style)", text, re.IGNORECASE):
            raise SystemExit(f"{mark} must stand in page.html once, and must not end its own element")
        html = html.replace(mark, text)
    return html, policy_hash(script), policy_hash(style)


def source():
    html, script, style = page()
    if '"####' in html:
        raise SystemExit('the page must not hold "####')
    tag = hashlib.sha256(html.encode()).hexdigest()[:32]
    return (
        "// Made by deploy/openapi/embed_page.py from the files in Page: `make build` keeps it current.\n\n"
        "/// The page, and what its headers say of it.\n"
        "enum Page {\n"
        f'    static let tag = "{tag}"\n'
        f'    static let scriptHash = "{script}"\n'
        f'    static let styleHash = "{style}"\n'
        f'    static let html: StaticString = ####"""\n{html}"""####\n'
        "}\n")


def main():
    made = source()
    if SOURCE.exists() and SOURCE.read_text() == made:
        return 0
    name = SOURCE.relative_to(ROOT)
    if "--check" in sys.argv[1:]:
        print(f"{name} is not current: run make build", file=sys.stderr)
        return 1
    SOURCE.write_text(made)
    print(f"{name}: made anew")
    return 0


if __name__ == "__main__":
    sys.exit(main())
