"""The types of the JavaScript SDK: `types/models.d.ts` and `types/resources.d.ts`."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable

from .. import names
from . import MADE
from .contract import Contract, Field, Model, Operation, Type
from .javascript import body_name, comment
from .layout import WIDTH, fill

PAGE = ("page", "limit")


def plain(kind: Type, name: str = "", is_given: bool = False) -> str:
    """
    - name: the field's.
    - is_given: whether it is part of a request, where times may be dates.
    """
    if kind.name and kind.kind in ("string", "model", "input"):
        return kind.name
    if kind.values:
        return " | ".join(json.dumps(value) for value in kind.values)
    if kind.kind == "array":
        inner = plain(kind.element, is_given=is_given)
        return f"({inner})[]" if "|" in inner else f"{inner}[]"
    if kind.kind == "map":
        return f"Record<string, {plain(kind.element)}>"
    if kind.kind == "time":
        return "string | Date" if is_given else "string"
    if kind.kind == "object":
        return "Metadata" if name == "metadata" else "Record<string, unknown>"
    return {"integer": "number", "any": "unknown"}.get(kind.kind, kind.kind)


def member(field: Field, is_given: bool = False) -> str:
    kind = plain(field.type, field.name, is_given) + (" | null" if field.is_nullable and not is_given else "")
    said = comment(field.about, 2) if field.about else ""
    return f"{said}  {field.name}{'' if field.is_required else '?'}: {kind};\n"


def interface(name: str, fields: Iterable[Field], extends: str = "", said: str = "", is_given: bool = False) -> str:
    base = f" extends {extends}" if extends else ""
    head = (comment(said, 0) if said else "") + f"export interface {name}{base} {{\n"
    return head + "".join(member(each, is_given) for each in fields) + "}\n"


def enumeration(name: str, values: Iterable[str]) -> str:
    options = [json.dumps(value) for value in values]
    line = f"export type {name} = {' | '.join(options)};\n"
    if len(line) <= WIDTH:
        return line
    lines = (each.strip().removesuffix(",").replace(", ", " | ") for each in fill(options, 4).splitlines())
    return f"export type {name} =\n" + "\n".join(f"  | {each}" for each in lines) + ";\n"


def imports(text: str, offered: Iterable[str], module: str) -> str:
    used = [name for name in offered if re.search(rf"(?<![\w.\"]){name}\b(?!\?|:)", text)]
    if not used:
        return ""
    line = f'import type {{ {", ".join(used)} }} from "{module}";\n'
    return line if len(line) <= WIDTH else f'import type {{\n{fill(used, 2, ",")}\n}} from "{module}";\n'


def models(contract: Contract, by_hand: str) -> str:
    own = re.findall(r"^export interface (\w+)", by_hand, re.MULTILINE)
    enums = "".join(enumeration(name, values) for name, values in contract.enums.items())
    made = [each for each in contract.models if each.name not in own]
    body = "".join(f"\n{interface(each.name, each.fields, each.extends, each.about)}" for each in made)
    head = f"/** The resources of the API. Times are ISO 8601 in UTC; servers may add fields. */\n\n// {MADE}\n\n"
    return head + imports(body, ["Metadata"], "./custom.js") + f"\n{enums}{body}"


def input_of(operation: Operation) -> str:
    """The type of an operation's arguments other than identifiers. Empty if a listing has only pages."""
    if operation.is_listing:
        own = [each for each in operation.query if each.name not in PAGE]
        return interface(operation.input, own, "PageQuery", is_given=True) if own else ""
    fields = [each for each in operation.body if each.name != operation.positional]
    fields.sort(key=lambda each: not each.is_required)
    if not fields:
        return ""
    if not operation.choice:
        return interface(operation.input, fields, is_given=True)
    # Exactly one of some fields.
    typed = {each.name: f"{each.name}: {plain(each.type, is_given=True)}" for each in fields}
    common = "".join(f" {text};" for name, text in typed.items() if name not in operation.choice)
    one = " | ".join(f"{{ {text} }}" for name, text in typed.items() if name in operation.choice)
    said = f"With either {' or '.join(f'`{name}`' for name in operation.choice)}."
    return f"{comment(said, 0)}export type {operation.input} = {{{common.rstrip(';')} }} & ({one});\n"


def method(operation: Operation) -> str:
    parameters = [f"{each.name}: string" for each in operation.path_parameters]
    made = operation.input if input_of(operation) else "PageQuery"
    if operation.is_listing:
        parameters.append(f"query?: {made}")
    elif operation.body:
        if operation.positional:
            parameters.append(f"{operation.positional}: string")
        if input_of(operation):
            parameters.append(f"{body_name(operation)}{'?' if operation.positional else ''}: {made}")
    parameters.append("options?: RequestOptions")
    results = {"pages": f"Pager<{operation.model}>", "model": f"Answer<{operation.model}>",
               "acknowledged": "Promise<Acknowledged>"}
    result = results[operation.result]
    line = f"  {operation.name}({', '.join(parameters)}): {result};\n"
    if len(line) > WIDTH + 1:
        line = f"  {operation.name}(\n{fill(parameters, 4, ',')}\n  ): {result};\n"
    return comment(operation.about, 2) + line


def custom(source: str) -> dict[str, list[str]]:
    """The methods written by hand, by the names of the interfaces that inherit them."""
    return {name: re.findall(r"^  (\w+)\(", body, re.MULTILINE) for name, body in re.findall(
        r"^export interface Custom(\w+) \{\n(.*?)^\}", source, re.MULTILINE | re.DOTALL)}


def resources(contract: Contract, by_hand: str) -> str:
    written, body = custom(by_hand), ""
    body += "".join(f"\n{interface(each.name, each.fields, is_given=True)}" for each in contract.inputs)
    for group, said in contract.groups.items():
        name = names.pascal(group)
        made = [each for each in contract.of(group) if each.name not in written.get(name, [])]
        body += "".join(f"\n{each}" for each in map(input_of, made) if each)
        base = f" extends Custom{name}" if name in written else ""
        methods = "".join(map(method, made))
        body += f"\n{comment(said, 0)}export interface {name}{base} {{" + (f"\n{methods}" if methods else "") + "}\n"
    body += "\n/** All groups, as properties of the client. */\nexport interface Resources {\n"
    body += "".join(f"  readonly {group}: {names.pascal(group)};\n" for group in contract.groups) + "}\n"
    body = """
type Answer<T> = Promise<T & FromAnswer>;

/** The first page to read (1), and how many items a page has (1 to 100). */
export interface PageQuery {
  page?: number;
  limit?: number;
}
""" + body
    known = {*(each.name for each in contract.models), *contract.enums} - {"Acknowledged"}
    own = ["Acknowledged", *sorted(f"Custom{name}" for name in written), "FromAnswer", "Metadata"]
    return (
        f"// {MADE}\n// It inherits what is written by hand from custom.d.ts.\n\n"
        + imports(body, own, "./custom.js")
        + imports(body, ["Pager", "RequestOptions"], "./index.js")
        + imports(body, sorted(known, key=str.lower), "./models.js") + body)
