"""Writes src/ainexlayer/aio/resources.py: every method of the client once more, to be awaited.

Run it after changing a resource; a test compares. `--check` writes nothing and ends with 1 when the
file is not current.
"""

from __future__ import annotations

import ast
import sys
import textwrap
from pathlib import Path
from typing import Iterator, List

PACKAGE = Path(__file__).resolve().parent / "src/ainexlayer"
TARGET = PACKAGE / "aio/resources.py"
HEADER = '''"""The API's endpoints, to be awaited. Made by generate_async.py from `ainexlayer.resources`."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Dict, Mapping, Optional, Sequence, Union

from .. import resources as sync
from .._content import Range
from .._core import Match, RequestOptions
from .._multipart import Content, FileUpload, Progress
from .._session import Tokens
from ..events import Delivery, NewWebhook, Webhook
from ..models import (
    Acknowledged, APIKey, ChatAnswer, Chunk, Conversation, Document, Health, Member, Message, NewAPIKey, SearchAnswer,
    SignedIn, SystemInfo, Uploaded, User, Workspace,
)
from ..resources.documents import SearchFilters
from ..resources.workspaces import SettingsInput
from .threads import AsyncChatStream, AsyncDocumentContent, AsyncPager, Threads
'''


def wrapped(text: str, indent: int = 12) -> str:
    return textwrap.fill(text, 90, subsequent_indent=" " * indent, break_long_words=False, break_on_hyphens=False)


def method(source: ast.FunctionDef) -> str:
    arguments = source.args
    given = [argument.arg for argument in arguments.args[1:]]
    named = [f"{argument.arg}={argument.arg}" for argument in arguments.kwonlyargs]
    call = wrapped(f"self._sync.{source.name}({', '.join(given + named)})")
    result = ast.unparse(source.returns) if source.returns else "None"
    start = "async def"
    body = f"return await self._threads.run(\n            lambda: {call})"
    if result.startswith("Pager["):
        start, body = "def", f"return AsyncPager(\n            self._threads, {call})"
    elif result in ("ChatStream", "DocumentContent"):
        body = f"return Async{result}(self._threads, await self._threads.run(\n            lambda: {call}))"
    result = result.replace("Pager[", "AsyncPager[") if result.startswith("Pager[") else result
    result = f"Async{result}" if result in ("ChatStream", "DocumentContent") else result
    said = (ast.get_docstring(source) or "").replace("\n", "\n        ")
    end = "\n        " if "\n" in said else ""
    parameters = wrapped(ast.unparse(arguments).replace("=None", " = None"), 8)
    return (
        f"    {start} {source.name}(\n        {parameters},\n    ) -> {result}:\n"
        f'        """{said}{end}"""\n        {body}\n')


def classes() -> Iterator[str]:
    for path in sorted((PACKAGE / "resources").glob("*.py")):
        for node in ast.parse(path.read_text()).body:
            if not isinstance(node, ast.ClassDef) or node.bases:
                continue
            functions = [item for item in node.body if isinstance(item, ast.FunctionDef)]
            methods = [method(item) for item in functions if not item.name.startswith("_")]
            said = ast.get_docstring(node) or ""
            yield (
                f'class {node.name}:\n    """{said}"""\n\n'
                f"    def __init__(self, threads: Threads, resource: sync.{node.name}) -> None:\n"
                "        self._threads = threads\n        self._sync = resource\n\n" + "\n".join(methods))


def main(arguments: List[str]) -> int:
    text = HEADER + "".join(f"\n\n{text}" for text in classes())
    if "--check" in arguments:
        return 0 if TARGET.read_text() == text else 1
    TARGET.write_text(text)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
