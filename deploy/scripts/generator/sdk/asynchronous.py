"""The asynchronous Python SDK: `aio/resources.py`, from `resources.py` and `_custom.py`."""

from __future__ import annotations

import ast

from .. import names
from . import MADE
from .contract import Contract
from .layout import call, signature
from .python import MODULES, custom, imports, methods

STREAMS = ("ChatStream", "DocumentContent")


def method(source: ast.FunctionDef) -> str:
    arguments = source.args
    parameters = [ast.unparse(each) for each in arguments.args]
    defaults = [ast.unparse(each) if each else "" for each in arguments.kw_defaults]
    named = [ast.unparse(each) + (f" = {value}" if value else "") for each, value in zip(arguments.kwonlyargs, defaults)]
    given = [each.arg for each in arguments.args[1:]] + [f"{each.arg}={each.arg}" for each in arguments.kwonlyargs]
    result = ast.unparse(source.returns) if source.returns else "None"
    start, end = "async def", ""
    made = call(f"lambda: self._sync.{source.name}", given, ")", 12)
    body = f"        return await self._threads.run(\n{made}\n"
    if result.startswith("Pager["):
        start, result = "def", f"Async{result}"
        made = call(f"self._sync.{source.name}", given, ")", 12)
        body = f"        return AsyncPager(\n            self._threads,\n{made}\n"
    elif result in STREAMS:
        result = f"Async{result}"
        made = call(f"lambda: self._sync.{source.name}", given, "))", 12)
        body = f"        return {result}(self._threads, await self._threads.run(\n{made}\n"
    said = ast.get_docstring(source) or ""
    end = "\n        " if "\n" in said else ""
    said = "\n".join(f"        {line}".rstrip() for line in said.splitlines()).lstrip().replace("\\", "\\\\")
    head = signature(f"{start} {source.name}", [*parameters, "*", *named], f" -> {result}:", 4)
    return f'{head}\n        """{said}{end}"""\n{body}'


def resources(contract: Contract, synchronous: str, by_hand: str) -> str:
    """
    - synchronous: the text of `resources.py`.
    """
    written, body = custom(by_hand), ""
    made = {node.name: node for node in ast.parse(synchronous).body if isinstance(node, ast.ClassDef)}
    for name in map(names.pascal, contract.groups):
        own = [*methods(written[name])] if name in written else []
        body += (
            f'\n\nclass {name}:\n    """{ast.get_docstring(made[name])}"""\n\n'
            f"    def __init__(self, threads: Threads, resource: sync.{name}) -> None:\n"
            "        self._threads = threads\n        self._sync = resource\n\n"
            + "\n".join(method(each) for each in [*own, *methods(made[name])]))
    groups = [(names.snake(group), names.pascal(group)) for group in contract.groups]
    body += '\n\nclass Resources:\n    """All groups, as attributes of the client."""\n\n'
    body += "    def __init__(self, threads: Threads, resources: sync.Resources) -> None:\n"
    body += "".join(f"        self.{attribute} = {name}(threads, resources.{attribute})\n" for attribute, name in groups)
    head = f'"""The API\'s endpoints, as coroutines.\n\n{MADE}\n"""\n\n'
    return head + imports(body, {
        **MODULES,
        ".._content": ("Range",),
        ".._core": ("Match", "RequestOptions"),
        ".._multipart": ("Content", "FileUpload", "Progress"),
        ".._session": ("Tokens",),
        "..models": sorted((each.name for each in contract.models), key=str.lower),
        "..resources": sorted(each.name for each in contract.inputs),
        ".threads": ("AsyncChatStream", "AsyncDocumentContent", "AsyncPager", "Threads"),
    }).replace("\nfrom .._", "\nfrom .. import resources as sync\nfrom .._", 1) + body
