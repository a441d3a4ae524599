"""The JavaScript SDK: `src/resources.js`."""

from __future__ import annotations

import re

from .. import names
from . import MADE
from .contract import Contract, Operation
from .layout import WIDTH, prose


def comment(text: str, indent: int) -> str:
    space = " " * indent
    line = f"{space}/** {text} */\n"
    if len(line) <= WIDTH + 1:
        return line
    lines = prose(text, indent + 3).splitlines()
    return f"{space}/**\n{space} * " + f"\n{space} * ".join(each.strip() for each in lines) + f"\n{space} */\n"


def body_name(operation: Operation) -> str:
    """The name of the argument with the fields of the body."""
    if operation.positional:
        return "settings"
    return "changes" if operation.method == "PUT" else operation.noun


def path(operation: Operation) -> str:
    parts = [part[1:-1] if part.startswith("{") else f'"{part}"' for part in operation.path.strip("/").split("/")]
    return f"pathOf({', '.join(parts)})"


def method(operation: Operation) -> str:
    identifiers = [each.name for each in operation.path_parameters]
    parameters, content = [*identifiers], ""
    if operation.is_listing:
        parameters.append("query")
    elif operation.body:
        name = body_name(operation)
        parameters += [operation.positional, f"{name} = {{}}"] if operation.positional else [name]
        content = f", json: {{ ...{name}, {operation.positional} }}" if operation.positional else f", json: {name}"
    content += "" if operation.needs_token else ", authenticated: false"
    text = comment(operation.about, 2) + f"  {operation.name}({', '.join([*parameters, 'options'])}) {{\n"
    if operation.is_listing:
        return text + f"    return this.#core.pager({path(operation)}, query, options);\n  }}\n"
    call = f'{{ method: "{operation.method}", path: {path(operation)}{content} }}'
    line = f"    return this.#core.{operation.result}({call}, options);\n"
    if len(line) <= WIDTH:
        return f"{text}{line}  }}\n"
    call = call.replace(f"path: {path(operation)}", "path")
    return (f"{text}    const path = {path(operation)};\n"
            f"    return this.#core.{operation.result}({call}, options);\n  }}\n")


def custom(source: str) -> dict[str, list[str]]:
    """The methods written by hand, by group: `export const documents = { upload(core, …) {…} }`."""
    return {group: re.findall(r"^  (?:async )?(\w+)\(core\b", body, re.MULTILINE)
            for group, body in re.findall(r"^export const (\w+) = \{\n(.*?)^\};", source, re.MULTILINE | re.DOTALL)}


def resources(contract: Contract, by_hand: str) -> str:
    written = custom(by_hand)
    text = (f"// {MADE}\n// What is written by hand is in custom.js.\n\n"
            'import { pathOf } from "./core.js";\n'
            f'import * as custom from "./custom.js";\n')
    for group, said in contract.groups.items():
        own = written.get(group, [])
        methods = [
            f"  {name}(...given) {{\n    return custom.{group}.{name}(this.#core, ...given);\n  }}\n" for name in own]
        methods += [method(each) for each in contract.of(group) if each.name not in own]
        text += (f"\n{comment(said, 0)}export class {names.pascal(group)} {{\n  #core;\n\n"
                 "  constructor(core) {\n    this.#core = core;\n  }\n\n" + "\n".join(methods) + "}\n")
    text += "\n/** All groups, as properties of the client. */\nexport function resourcesOf(core) {\n  return {\n"
    text += "".join(f"    {group}: new {names.pascal(group)}(core),\n" for group in contract.groups)
    return text + "  };\n}\n"
