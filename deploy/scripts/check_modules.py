#!/usr/bin/env python3
"""Compares Package.swift and every `import` line with the table in Shared/README.md. Prints what differs and ends with 1.

The table is ordered: a module may import only modules in rows below its own, so no cycle is possible.
"""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
TABLE = "Shared/README.md"
SYSTEM = {"Glibc", "Swift", "Synchronization"}
LIMIT = 3
"""Product modules that an endpoint may import, unless it has a row of its own."""

PRODUCT, RUNNER, FOUNDATION = SECTIONS = ("Product modules", "The runner", "Foundation modules")
IMPORT = re.compile(
    r"^\s*(?:@\w+(?:\([^)]*\))?\s+)*(?:(?:public|package|internal|fileprivate|private)\s+)?import\s+"
    r"(?:(?:struct|class|enum|protocol|typealias|func|let|var)\s+)?(\w+)", re.MULTILINE)
ROW = re.compile(r"^\| `([^`]+)` \|([^|]*)\|", re.MULTILINE)


class Row:
    def __init__(self, order, section, imports):
        self.order, self.section, self.imports = order, section, imports


def rows(text):
    """The rows of the tables, in their order, and what is wrong with them."""
    found, wrong, section = {}, [], None
    for line in text.splitlines():
        if line.startswith("## "):
            section = line[3:].strip()
        elif match := ROW.match(line):
            if section not in SECTIONS:
                wrong.append(f"{TABLE}: {match[1]} is under none of the headings {', '.join(SECTIONS)}")
            if match[1] in found:
                wrong.append(f"{TABLE}: {match[1]} has two rows")
            found[match[1]] = Row(len(found), section, re.findall(r"`([^`]+)`", match[2]))
    if not found:
        wrong.append(f"{TABLE}: there is no table")
    return found, wrong


def table_problems(table):
    """Rows that point up, to nothing, or between the product and the runner."""
    for name, row in table.items():
        for imported in row.imports:
            other = table.get(imported)
            if other is None:
                yield f"{TABLE}: {name} may import {imported}, which has no row"
            elif other.order <= row.order:
                yield f"{TABLE}: {name} may import {imported}, which is not below it"
            elif {row.section, other.section} == {PRODUCT, RUNNER}:
                yield f"{TABLE}: {name} and {imported} are on different sides of the envelope"


def diagram_problems(table, text):
    diagram = "".join(re.findall(r"^```\n(.*?)^```", text, re.MULTILINE | re.DOTALL))
    for name in table:
        if not name.startswith("Functions/") and not re.search(rf"\b{re.escape(name)}\b", diagram):
            yield f"{TABLE}: {name} is not in the diagram"


def module_problems(table, targets, imports):
    """Of Shared and Runner. `targets` gives the dependencies, `imports` the (file, module) pairs of each target."""
    for name in targets.keys() - table.keys():
        yield f"{TABLE}: {name} has no row"
    for name, row in table.items():
        if name.startswith("Functions/"):
            continue
        if name not in targets:
            yield f"{TABLE}: {name} is not a module in Package.swift"
            continue
        allowed, declared = set(row.imports), set(targets[name])
        for other in sorted(declared - allowed):
            yield f"Package.swift: {name} may not depend on {other}"
        for other in sorted(allowed - declared):
            yield f"{TABLE}: {name} does not depend on {other} in Package.swift"
        used = imports.get(name, [])
        for file, other in used:
            if other not in allowed | SYSTEM:
                yield f"{file}: {name} may not import {other}"
        for other in sorted(declared & allowed - {other for _, other in used}):
            yield f"Package.swift: {name} depends on {other}, which none of its files imports"


def below(modules, dependencies):
    """The modules, and everything that they depend on."""
    found = set()
    while modules:
        found |= modules
        modules = {each for name in modules for each in dependencies.get(name, ())} - found
    return found


def function_problems(table, targets, imports, dependencies):
    """Of the endpoints, which share a row unless they have one of their own."""
    product = {name for name, row in table.items() if row.section == PRODUCT}
    for name in table:
        if name.startswith("Functions/") and name != "Functions/*" and name not in targets:
            yield f"{TABLE}: {name} is not an endpoint"
    for name, declared in targets.items():
        row = table.get(name) or table.get("Functions/*")
        if row is None:
            yield f"{TABLE}: Functions/* has no row"
            return
        used = imports.get(name, [])
        modules = {other for _, other in used} - SYSTEM
        for file, other in used:
            if other not in set(row.imports) | SYSTEM:
                yield f"{file}: {name} may not import {other}"
        # An executable names what is below its imports, too: their code is inlined into it.
        for other in sorted(set(declared) - below(modules, dependencies)):
            yield f"Package.swift: {name} depends on {other}, which nothing that it imports needs"
        for other in sorted(modules - set(declared)):
            yield f"Package.swift: {name} imports {other} without depending on it"
        if name not in table and len(modules & product) > LIMIT:
            yield f"{name} imports {len(modules & product)} product modules, more than {LIMIT}: " \
                  f"{', '.join(sorted(modules & product))}"


def problems(text, modules, functions, imports):
    table, wrong = rows(text)
    return [*wrong, *table_problems(table), *diagram_problems(table, text), *module_problems(table, modules, imports),
            *function_problems(table, functions, imports, modules)]


def package():
    """The dependencies and folders of the targets in Package.swift that are below Shared, Runner and Functions, of the
    build that has the most of them."""
    dump = subprocess.run(
        ["swift", "package", "--scratch-path", ".build/manifest", "dump-package"], cwd=ROOT, check=True,
        env={**os.environ, "NEXLAYER_TLS": "openssl"}, stdout=subprocess.PIPE).stdout
    modules, functions, folders = {}, {}, {}
    for target in json.loads(dump)["targets"]:
        path = target["path"]
        if not path.startswith(("Shared/", "Runner", "Functions/")):
            continue
        name = path if path.startswith("Functions/") else target["name"]
        (functions if name == path else modules)[name] = [each["byName"][0] for each in target["dependencies"]]
        folders[name] = (path, target.get("exclude", []))
    return modules, functions, folders


def imported(folder, excluded):
    """The (file, module) pairs of the Swift files of a target."""
    found = []
    for file in sorted((ROOT / folder).rglob("*.swift")):
        inner = file.relative_to(ROOT / folder)
        if not any(inner.is_relative_to(each) for each in excluded):
            found += [(str(file.relative_to(ROOT)), module) for module in IMPORT.findall(file.read_text())]
    return found


def main():
    modules, functions, folders = package()
    imports = {name: imported(*folder) for name, folder in folders.items()}
    found = problems((ROOT / TABLE).read_text(), modules, functions, imports)
    print("\n".join(found), end="\n" if found else "")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
