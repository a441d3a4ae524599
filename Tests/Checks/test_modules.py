"""The check of the modules fails at what it forbids."""

import sys
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / "deploy" / "scripts"))

from check_modules import IMPORT, TABLE, package, problems, rows  # noqa: E402

PAGE = """
```
Endpoint Accounts Storage Models
Gateway
Wire
```
## Product modules
| module | may import | purpose |
|---|---|---|
| `Functions/*` | `Endpoint` `Models` `Storage` `Wire` | endpoints |
| `Functions/Health` | `Endpoint` `Models` `Storage` `Accounts` | looks at everything |
| `Endpoint` | `Storage` `Models` | the pipeline |
| `Accounts` | `Models` | accounts |
| `Storage` | `Models` | SQL |
| `Models` | `Wire` | nouns |
## The runner
| `Gateway` | `Wire` | HTTP |
## Foundation modules
| `Wire` | | JSON |
"""

MODULES = {
    "Endpoint": ["Storage", "Models"], "Accounts": ["Models"], "Storage": ["Models"], "Models": ["Wire"],
    "Gateway": ["Wire"], "Wire": [],
}
FUNCTIONS = {
    "Functions/Login": ["Endpoint", "Models"], "Functions/Health": ["Endpoint", "Models", "Storage", "Accounts"],
}


def files(targets):
    """One file per target, which imports what the target depends on."""
    return {name: [(f"{name}.swift", each) for each in [*dependencies, "Glibc"]] for name, dependencies in targets.items()}


class ModuleTests(unittest.TestCase):
    def check(self, page=PAGE, modules=None, functions=None, more=()):
        modules, functions = {**MODULES, **(modules or {})}, {**FUNCTIONS, **(functions or {})}
        imports = files({**modules, **functions})
        for name, module in more:
            imports[name].append((f"{name}.swift", module))
        return problems(page, modules, functions, imports)

    def refused(self, expected, **changes):
        found = self.check(**changes)
        self.assertTrue(any(expected in each for each in found), f"{expected} is not among {found}")

    def test_what_the_table_says_is_allowed(self):
        self.assertEqual(self.check(), [])

    def test_an_import_that_is_not_in_the_table(self):
        self.refused("Storage.swift: Storage may not import Wire", more=[("Storage", "Wire")])
        self.refused("Models.swift: Models may not import Foundation", more=[("Models", "Foundation")])
        self.refused("Login.swift: Functions/Login may not import Accounts", more=[("Functions/Login", "Accounts")])

    def test_a_dependency_that_is_not_in_the_table(self):
        self.refused("Package.swift: Models may not depend on Storage", modules={"Models": ["Wire", "Storage"]})

    def test_a_dependency_that_nobody_uses(self):
        modules = {**MODULES, **FUNCTIONS}
        imports = files(modules)
        imports["Endpoint"] = [("Endpoint.swift", "Models")]
        imports["Functions/Login"] = [("Login.swift", "Models")]
        found = "\n".join(problems(PAGE, MODULES, FUNCTIONS, imports))
        self.assertIn("Package.swift: Endpoint depends on Storage, which none of its files imports", found)
        self.assertIn("Package.swift: Functions/Login depends on Endpoint, which nothing that it imports needs", found)

    def test_an_executable_names_what_is_below_its_imports(self):
        functions = {"Functions/Login": ["Endpoint", "Models", "Storage", "Wire"], "Functions/Health": FUNCTIONS["Functions/Health"]}
        imports = files({**MODULES, **functions})
        imports["Functions/Login"] = [("Login.swift", "Endpoint")]
        self.assertEqual(problems(PAGE, MODULES, functions, imports), [])
        functions["Functions/Login"].append("Accounts")
        self.assertEqual(problems(PAGE, MODULES, functions, imports), [
            "Package.swift: Functions/Login depends on Accounts, which nothing that it imports needs"])

    def test_a_row_without_a_module_and_a_module_without_a_row(self):
        self.refused("Jobs is not a module", page=PAGE.replace("| `Wire`", "| `Jobs` | | jobs |\n| `Wire`"))
        self.refused("Jobs has no row", modules={"Jobs": []})
        self.refused("Functions/Gone is not an endpoint", page=PAGE.replace("Functions/Health", "Functions/Gone"))

    def test_an_arrow_that_points_up(self):
        page = PAGE.replace("| `Storage` | `Models` |", "| `Storage` | `Models` `Accounts` |")
        self.refused("Storage may import Accounts, which is not below it", page=page)
        self.refused("Wire may import Wire, which is not below it", page=PAGE.replace("| `Wire` | |", "| `Wire` | `Wire` |"))

    def test_an_arrow_between_product_and_runner(self):
        page = PAGE.replace("| `Models` | `Wire` |", "| `Models` | `Wire` `Gateway` |")
        self.refused("Models and Gateway are on different sides", page=page)

    def test_an_arrow_to_nowhere_and_a_row_out_of_place(self):
        self.refused("Gateway may import Nothing, which has no row", page=PAGE.replace("| `Gateway` | `Wire` |", "| `Gateway` | `Nothing` |"))
        self.refused("under none of the headings", page=PAGE.replace("## The runner", "## Others"))
        self.refused("has two rows", page=PAGE + "| `Wire` | | again |\n")
        self.refused("there is no table", page="")

    def test_a_module_that_the_diagram_lacks(self):
        self.refused("Accounts is not in the diagram", page=PAGE.replace("Endpoint Accounts Storage", "Endpoint Storage", 1))

    def test_an_endpoint_that_imports_too_much(self):
        four = ["Endpoint", "Models", "Storage", "Accounts"]
        page = PAGE.replace("`Storage` `Wire` | endpoints", "`Storage` `Accounts` `Wire` | endpoints")
        self.refused("Functions/Login imports 4 product modules", page=page, functions={"Functions/Login": four})
        # Modules below the product do not count.
        self.assertEqual(self.check(functions={"Functions/Login": ["Endpoint", "Models", "Storage", "Wire"]}), [])

    def test_every_form_of_import_is_seen(self):
        source = """
        import One
        @testable import Two
        @_spi(Tests) public import Three
        import struct Four.Name
          import Five
        // import Six
        let important = 1
        """
        self.assertEqual(IMPORT.findall(source), ["One", "Two", "Three", "Four", "Five"])

    def test_the_real_package_is_read(self):
        modules, functions, _ = package()
        table, wrong = rows((ROOT / TABLE).read_text())
        self.assertEqual(wrong, [])
        self.assertGreater(len(modules), 15)
        self.assertGreater(len(functions), 45)
        self.assertGreater(len(table), 15)


if __name__ == "__main__":
    unittest.main()
