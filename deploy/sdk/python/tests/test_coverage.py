"""Every operation of the contract has a method, and the method calls what the function serves."""

from __future__ import annotations

import inspect
import json
import re
import subprocess
import unittest
from typing import Any, Callable, Dict, List, Tuple

from ainexlayer import AINexLayer, AINexLayerError, MemoryTokenStore, Tokens

from .installation import FUNCTIONS, QUICK, ROOT, Installation, needs
from .stub import Stub



def snake(name: str, separator: str = "_") -> str:
    return re.sub(r"[A-Z]", lambda letter: separator + letter[0].lower(), name)


def operations() -> List[Dict[str, str]]:
    """What the contract names a method for."""
    paths = json.loads((ROOT / "deploy/openapi.json").read_text())["paths"]
    return [
        {"function": snake(entry["operationId"], "-"), "method": method.upper(), "path": path,
         "call": snake(entry["x-sdk"]["method"])}
        for path, methods in paths.items() for method, entry in methods.items() if "x-sdk" in entry
    ]


OPERATIONS = operations()
WITHOUT_ROUTE = {"backup", "check-index", "run-jobs", "transfer"}

def arguments_of(method: Callable[..., Any]) -> Tuple[List[Any], Dict[str, Any]]:
    """Something for each argument that a method needs."""
    positional: List[Any] = []
    named: Dict[str, Any] = {}
    for parameter in inspect.signature(method).parameters.values():
        if parameter.default is not parameter.empty:
            continue
        annotation = str(parameter.annotation)
        value: Any = ["1"] if annotation.startswith("Sequence[") else b"content" if "Content" in annotation else "1"
        if parameter.kind is parameter.KEYWORD_ONLY:
            named[parameter.name] = value
        else:
            positional.append(value)
    return positional, named


def method_of(client: AINexLayer, call: str) -> Callable[..., Any]:
    group, name = call.split(".")
    method: Callable[..., Any] = getattr(getattr(client, group), name)
    return method


def described(name: str) -> Dict[str, Any]:
    output = subprocess.run([FUNCTIONS / name, "--describe"], stdout=subprocess.PIPE, check=True).stdout
    description: Dict[str, Any] = json.loads(output)
    return description


class CoverageTests(unittest.TestCase):
    def test_every_method_calls_its_endpoint(self) -> None:
        for operation in OPERATIONS:
            with self.subTest(operation["function"]), Stub() as stub:
                tokens = Tokens("access", "refresh", 4e9)
                client = AINexLayer(stub.url, token_store=MemoryTokenStore(tokens), retry=QUICK)
                self.addCleanup(client.close)
                method = method_of(client, operation["call"])
                positional, named = arguments_of(method)
                try:
                    result = method(*positional, **named)
                    if hasattr(result, "page"):
                        result.page()
                except (AINexLayerError, ValueError):
                    pass  # The stub's empty answer is no model; what was asked is what counts.
                pattern = re.sub(r"\{\w+\}", "[^/?]+", "/api/v1" + operation["path"])
                self.assertEqual(stub.seen[0].method, operation["method"])
                self.assertRegex(stub.seen[0].target, rf"^{pattern}(\?.*)?$")

    def test_every_built_function_is_an_operation(self) -> None:
        known = {operation["function"]: operation for operation in OPERATIONS}
        built = sorted(path.name for path in FUNCTIONS.iterdir() if path.name not in WITHOUT_ROUTE)
        self.assertTrue(built)
        for name in built:
            with self.subTest(name):
                self.assertIn(name, known)
                description = described(name)
                self.assertEqual(
                    (description["method"], description["path"]), (known[name]["method"], known[name]["path"]))

    def test_the_openapi_document_has_no_more(self) -> None:
        needs("openapi")
        installation = Installation()
        self.addCleanup(installation.stop)
        document = AINexLayer(installation.url).system.openapi()
        served = {
            (method.upper(), re.sub(r"^/api/v1", "", path))
            for path, methods in document["paths"].items() for method in methods
            if method in ("get", "post", "put", "delete")
        }
        ours = {(operation["method"], operation["path"]) for operation in OPERATIONS}
        self.assertEqual(served - ours, set())


if __name__ == "__main__":
    unittest.main()
