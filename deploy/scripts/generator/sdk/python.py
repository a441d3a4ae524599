"""The Python SDK: `models.py` and `resources.py`."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator

from .. import names
from . import MADE
from .contract import Contract, Field, Model, Operation, Type
from .layout import call, fill, prose, signature

# The modules of the names that signatures and bodies use.
MODULES = {
    "__future__": ("annotations",),
    "contextlib": ("closing",),
    "dataclasses": ("dataclass",),
    "datetime": ("datetime",),
    "typing": ("Any", "Dict", "List", "Mapping", "Optional", "Sequence", "TypedDict", "Union"),
}
PAGE = ("page", "limit")
OPTIONS = "options: Optional[RequestOptions] = None"


def imports(text: str, modules: dict[str, Iterable[str]]) -> str:
    """The import lines for the names that a text uses. An empty line separates the standard library from the package."""
    lines: dict[bool, list[str]] = {False: [], True: []}
    for module, offered in modules.items():
        used = [name for name in offered if re.search(rf"(?<![\w.]){name}\b", text)]
        if module == "__future__":
            used = list(offered)
        if used:
            line = f"from {module} import {', '.join(used)}"
            if len(line) > 118:
                line = f"from {module} import (\n{fill(used, 4, ',')}\n)"
            lines[module.startswith(".")].append(line)
    future, *library = lines[False]
    return "\n\n".join("\n".join(each) for each in ([future], library, lines[True]) if each) + "\n"


def code(text: str) -> str:
    """Markdown to reStructuredText, as docstrings have it."""
    return re.sub(r"(?<!`)`([^`]+)`(?!`)", r"``\1``", text).replace("\\", "\\\\")


def docstring(text: str, indent: int, details: Iterable[tuple[str, str]] = ()) -> str:
    """
    - details: arguments and what they mean.
    """
    space = " " * indent
    args = [f"{space}    {name}: {prose(code(about), indent + 8, len(name) - 2)}" for name, about in details if about]
    said = prose(code(text), indent, 3)
    if args:
        return f'{space}"""{said}\n\n{space}Args:\n' + "\n".join(args) + f'\n{space}"""\n'
    end = '"""\n' if len(said.splitlines()[-1]) < 112 - indent else f'\n{space}"""\n'
    return f'{space}"""{said}{end}'


def about(field: Field) -> str:
    """The description of a field, with its possible values."""
    said = snake_names(field.about)
    kind = field.type.of if field.type.kind == "array" and field.type.of else field.type
    if not kind.values or kind.is_constant or all(f"`{value}`" in said for value in kind.values):
        return said
    *most, last = (f"`{value}`" for value in kind.values)
    listed = f"{', '.join(most)} {'and' if said else 'or'} {last}."
    return f"{said} {'Any' if field.type.kind == 'array' else 'One'} of {listed}" if said else listed


def snake_names(text: str) -> str:
    """Fields are in snake_case in Python."""
    return re.sub(r"`([a-z]+[A-Z]\w*)`", lambda name: f"`{names.snake(name[1])}`", text)


# Models


def answered(kind: Type) -> str:
    """The type of a value in a response."""
    plain = {"string": "str", "integer": "int", "number": "float", "boolean": "bool", "time": "datetime",
             "object": "Dict[str, Any]", "any": "Any", "model": kind.name}
    if kind.kind == "array":
        return f"List[{answered(kind.element)}]"
    if kind.kind == "map":
        return f"Dict[str, {answered(kind.element)}]"
    return plain[kind.kind]


def member(field: Field, is_extension: bool) -> str:
    kind, name = answered(field.type), names.snake(field.name)
    if field.default is not None:
        line = f"{name}: {kind} = {field.default!r}".replace("'", '"')
    elif field.type.kind == "boolean" and not field.is_required:
        line = f"{name}: bool = False"
    elif not field.is_required or field.is_nullable:
        line = f"{name}: Optional[{kind}] = None"
    else:
        # The base ends with fields that have defaults, so the fields of an extension need them too.
        line = f'{name}: {kind} = ""' if is_extension and kind == "str" else f"{name}: {kind}"
    said = about(field)
    return f"    {line}\n" + (docstring(said, 4) if said else "")


def has_default(field: Field) -> bool:
    return field.default is not None or not field.is_required or field.is_nullable


def model(made: Model) -> str:
    head = f"@dataclass(frozen=True)\nclass {made.name}({made.extends or 'Model'}):\n"
    head += docstring(made.about, 4) + "\n" if made.about else ""
    # The JSON of every model is in `raw`.
    fields = sorted((each for each in made.fields if each.name != "raw"), key=has_default)
    return head + "".join(member(each, bool(made.extends)) for each in fields)


def models(contract: Contract) -> str:
    body = "".join(f"\n\n{model(each)}" for each in contract.models)
    return f'''"""The resources of the API. Times are aware datetimes; fields that a server adds later are in ``raw``.

{MADE}
"""

''' + imports(body, {**MODULES, "._decode": ("Model",)}) + body


# Methods


def given(kind: Type) -> str:
    """The type of a value in a request."""
    plain = {"string": "str", "integer": "int", "number": "float", "boolean": "bool", "time": "datetime",
             "object": "Mapping[str, Any]", "input": kind.name}
    if kind.kind == "array":
        return f"Sequence[{given(kind.element)}]"
    return plain[kind.kind]


def input_type(made: Model) -> str:
    text = f"class {made.name}(TypedDict, total=False):\n"
    for field in made.fields:
        said = about(field)
        text += f"    {names.snake(field.name)}: {given(field.type)}\n" + (docstring(said, 4) if said else "")
    return text


def parameter(field: Field) -> str:
    kind = given(field.type)
    return f"{names.snake(field.name)}: " + (kind if field.is_required else f"Optional[{kind}] = None")


def argument(field: Field) -> str:
    """A field of the body in a call of json_body."""
    name = names.snake(field.name)
    return f"{name}=camel_keys({name})" if field.type.kind == "input" else f"{name}={name}"


def path(operation: Operation) -> str:
    parts = [names.snake(part[1:-1]) if part.startswith("{") else f'"{part}"'
             for part in operation.path.strip("/").split("/")]
    return f"path_of({', '.join(parts)})"


def method(operation: Operation) -> str:
    positional = [each for each in operation.body if each.name == operation.positional]
    named = [each for each in operation.body if each not in positional]
    named = operation.query + sorted(named, key=lambda each: not each.is_required)
    parameters = ["self", *map(parameter, operation.path_parameters + positional), "*", *map(parameter, named)]
    parameters += ["if_match: Match = None"] * operation.takes_tag + [OPTIONS]
    result = {"pages": f"Pager[{operation.model}]", "model": operation.model, "acknowledged": "Acknowledged"}
    text = signature(f"def {names.snake(operation.name)}", parameters, f" -> {result[operation.result]}:", 4) + "\n"
    details = [
        (names.snake(each.name), about(each)) for each in operation.path_parameters + positional + named
        if not (operation.is_listing and each.name in PAGE)]
    text += docstring(snake_names(operation.about), 8, details)
    if operation.is_listing:
        keys = [names.snake(each.name) for each in named if each.name != "page"]
        query = "{" + ", ".join(f'"{key}": {key}' for key in keys) + "}"
        start, parts = "return self._core.pager", [operation.model, path(operation), query, "page", "options"]
        line = call(start, parts, "", 8)
        if "\n" in line:
            text += f"        query = {query}\n"
            line = call(start, [part if part != query else "query" for part in parts], "", 8)
        return text + line + "\n"
    parts = [f'"{operation.method}"', path(operation)]
    if operation.body:
        text += call("body = json_body", list(map(argument, positional + named)), "", 8) + "\n"
        parts.append("body=body")
    parts += ["headers=match_headers(if_match)"] * operation.takes_tag
    parts += ["authenticated=False"] * (not operation.needs_token)
    start = "return self._core." + (
        f"model({operation.model}, " if operation.result == "model" else "acknowledged(")
    line = f"        {start}Call({', '.join(parts)}), options)"
    if len(line) <= 118:
        return text + line + "\n"
    return text + call("call = Call", parts, "", 8) + f"\n        {start}call, options)\n"


def custom(source: str) -> dict[str, ast.ClassDef]:
    """The classes written by hand, by the names of those that inherit them."""
    classes = (node for node in ast.parse(source).body if isinstance(node, ast.ClassDef))
    return {node.name.removeprefix("Custom"): node for node in classes if node.name.startswith("Custom")}


def methods(node: ast.ClassDef) -> Iterator[ast.FunctionDef]:
    for item in node.body:
        if isinstance(item, ast.FunctionDef) and not item.name.startswith("_"):
            yield item


def resources(contract: Contract, by_hand: str) -> str:
    written = custom(by_hand)
    body = "".join(f"\n\n{input_type(each)}" for each in contract.inputs)
    for group, said in contract.groups.items():
        name = names.pascal(group)
        own = {each.name for each in methods(written[name])} if name in written else set()
        made = [method(each) for each in contract.of(group) if names.snake(each.name) not in own]
        base = f"Custom{name}" if name in written else "Resource"
        body += f"\n\nclass {name}({base}):\n" + docstring(said, 4) + "".join(f"\n{each}" for each in made)
    groups = [(names.snake(group), names.pascal(group)) for group in contract.groups]
    body += "\n\nclass Resources:\n" + docstring("All groups, as attributes of the client.", 4)
    body += "\n    def __init__(self, core: Core) -> None:\n"
    body += "".join(f"        self.{attribute} = {name}(core)\n" for attribute, name in groups)
    head = f'''"""The API's endpoints, in groups.

Each listing takes ``page``, the first page to read (1), and ``limit``, how many items a page has (1 to 100). With
``if_match``, an entity tag or a resource as you read it, a change fails if somebody else was faster.

{MADE}
It inherits what is written by hand from `_custom.py`.
"""

'''
    return head + imports(body, {
        **MODULES,
        "._core": ("Call", "Core", "Match", "RequestOptions", "Resource", "json_body", "match_headers", "path_of"),
        "._custom": [f"Custom{name}" for name in sorted(written)],
        "._decode": ("camel_keys",),
        "._pager": ("Pager",),
        ".models": sorted((each.name for each in contract.models), key=str.lower),
    }) + body
