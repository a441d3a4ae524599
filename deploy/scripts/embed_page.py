#!/usr/bin/env python3
"""Joins the files of each page into one text, in a Swift source that embeds it.

    deploy/scripts/embed_page.py            writes the sources that embed them
    deploy/scripts/embed_page.py --check    says which are not current, and exits with 1
"""

import base64
import hashlib
import re
import sys
from collections import namedtuple
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

# The folder with `page.html`, the source that is made, and the type in it. Styles and scripts stand in
# the order of their needs: each uses what stands before it. Shared/Page holds what both pages use.
Page = namedtuple("Page", "folder source type styles scripts")
DOCS = "Functions/Docs/Page"
SHARED = "Shared/Page"
PAGES = [
    Page(
        DOCS, "Functions/Docs/DocsPage.swift", "DocsPage",
        [f"{SHARED}/colours.css", "layout.css", "parts.css"],
        [f"{SHARED}/theme.js", f"{SHARED}/elements.js", "api.js", "examples.js", "schemas.js", "sdk.js",
         "snippets.js", "session.js", "events.js", "answer.js", "attempt.js", "operations.js", "navigation.js", "page.js"]),
    Page(
        "Runner/Inspector/Page", "Runner/Inspector/InspectorPage.swift", "InspectorPage",
        [f"{SHARED}/colours.css", "layout.css", "list.css", "detail.css", "pools.css"],
        [f"{SHARED}/theme.js", f"{SHARED}/elements.js", "units.js", "gateway.js", "filter.js", "list.js", "timing.js",
         "editor.js", "detail.js", "pools.js", "page.js"]),
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


def joined(page, names):
    files = [ROOT / (name if "/" in name else f"{page.folder}/{name}") for name in names]
    return "".join(indentation_removed(file.read_text()) for file in files)


def text(page):
    html = joined(page, ["page.html"])
    style, script = joined(page, page.styles), joined(page, page.scripts)
    for mark, part in (("/*style*/", style), ("/*script*/", script)):
        if html.count(mark) != 1 or re.search(r"</(script|style)", part, re.IGNORECASE):
            raise SystemExit(f"{mark} must occur once in {page.folder}/page.html, and its text must not contain the closing tag")
        html = html.replace(mark, part)
    return html, policy_hash(script), policy_hash(style)


def source(page):
    html, script, style = text(page)
    if '"####' in html:
        raise SystemExit('a page must not contain "####')
    tag = hashlib.sha256(html.encode()).hexdigest()[:32]
    return (
        "// Made by deploy/scripts/embed_page.py from the files in Page: `make build` keeps it current.\n"
        "// swift-format-ignore-file\n\n"
        "/// The page, and what its headers say of it.\n"
        f"enum {page.type} {{\n"
        f'    static let tag = "{tag}"\n'
        f'    static let scriptHash = "{script}"\n'
        f'    static let styleHash = "{style}"\n'
        f'    static let html: StaticString = ####"""\n{html}"""####\n'
        "}\n")


def main():
    status = 0
    for page in PAGES:
        made, file = source(page), ROOT / page.source
        if file.exists() and file.read_text() == made:
            continue
        if "--check" in sys.argv[1:]:
            print(f"{page.source} is not current: run make build", file=sys.stderr)
            status = 1
            continue
        file.write_text(made)
        print(f"{page.source}: written")
    return status


if __name__ == "__main__":
    sys.exit(main())
