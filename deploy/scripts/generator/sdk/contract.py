"""The OpenAPI document as the SDKs see it: groups of methods, what they take, and the models that they return."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from .. import names

# Longer lists, such as the names of events, grow too often to be types.
MOST_VALUES = 15


@dataclass(frozen=True)
class Type:
    kind: str
    """string, integer, number, boolean, time, any, object (of anything), map, array, model, or input (a nested object in
    a request)."""
    of: Type | None = None
    """The type of the elements of an array or a map."""
    name: str = ""
    """Of a model or an input, or of the enumeration."""
    values: tuple[Any, ...] = ()
    is_constant: bool = False

    @property
    def element(self) -> Type:
        assert self.of is not None
        return self.of


@dataclass(frozen=True)
class Field:
    name: str
    type: Type
    is_required: bool
    is_nullable: bool = False
    about: str = ""
    default: Any = None
    """What Python uses if the server does not send it."""


@dataclass
class Model:
    name: str
    about: str
    fields: list[Field]
    extends: str = ""


@dataclass(frozen=True)
class Operation:
    id: str
    group: str
    name: str
    method: str
    path: str
    about: str
    path_parameters: list[Field]
    query: list[Field]
    body: list[Field]
    choice: tuple[str, ...]
    """Fields of the body of which exactly one is required."""
    positional: str
    """The field of the body that is a positional argument."""
    input: str
    """The name of the type of the other arguments."""
    result: str
    """model, pages, acknowledged, or empty if the answer is not in the API's envelope."""
    model: str
    takes_tag: bool
    """Whether it supports If-Match."""
    needs_token: bool

    @property
    def is_listing(self) -> bool:
        return self.result == "pages"

    @property
    def noun(self) -> str:
        """`key` for `createApiKey`: the name of its argument."""
        return (re.findall(r"[A-Z][a-z]*", self.id) or [self.id])[-1].lower()


@dataclass
class Contract:
    groups: dict[str, str]
    """The groups of methods, in camelCase, and their descriptions."""
    operations: list[Operation]
    models: list[Model]
    """Each follows those that it refers to."""
    inputs: list[Model]
    """Nested objects in requests."""
    enums: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def of(self, group: str) -> list[Operation]:
        return [each for each in self.operations if each.group == group]


class Reader:
    def __init__(self, document: dict[str, Any], known: dict[str, Any]) -> None:
        self.schemas = document["components"]["schemas"]
        self.document, self.known = document, known
        self.models: dict[str, Model] = {}
        self.inputs: dict[str, Model] = {}
        self.enums: dict[str, tuple[str, ...]] = {}
        for name, place in known["enums"].items():
            schema, member = place.split(".")
            property = self.schemas[schema]["properties"][member]
            self.enums[name] = tuple(property.get("items", property)["enum"])

    def read(self) -> Contract:
        operations = [
            self.operation(path, method, entry)
            for path, methods in self.document["paths"].items() for method, entry in methods.items()
            if "x-sdk" in entry]
        groups = list(self.known["groups"])
        operations.sort(key=lambda each: (groups.index(each.group), order(each.name)))
        for name, schema in self.known["own models"].items():
            self.add_model(name, schema)
        return Contract(
            self.known["groups"], operations, list(self.models.values()), list(self.inputs.values()), self.enums)

    # Types

    def resolved(self, schema: dict[str, Any]) -> tuple[dict[str, Any], str]:
        """A schema without reference and null, and its name among the components."""
        if "oneOf" in schema and {"type": "null"} in schema["oneOf"]:
            (only,) = [each for each in schema["oneOf"] if each != {"type": "null"}]
            schema = {**only, **{key: value for key, value in schema.items() if key != "oneOf"}}
        if "$ref" not in schema:
            return schema, ""
        name = schema["$ref"].rsplit("/", 1)[1]
        return self.schemas.get(name) or self.known["own models"][name], name

    def type(self, schema: dict[str, Any], name: str, is_given: bool = False) -> Type:
        """
        - name: the field's.
        - is_given: whether it is part of a request, where nested objects are inputs instead of models.
        """
        found, component = self.resolved(schema)
        kind = found.get("type")
        if isinstance(kind, list):
            kinds = [each for each in kind if each != "null"]
            if len(kinds) > 1:
                return Type("any")
            (kind,) = kinds
        if "const" in found:
            return Type("boolean" if found["const"] is True else "string", values=(found["const"],), is_constant=True)
        if found.get("format") == "date-time":
            return Type("time")
        if "enum" in found:
            values = tuple(found["enum"])
            if len(values) > MOST_VALUES:
                return Type("string")
            alias = next((alias for alias, known in self.enums.items() if set(known) == set(values)), "")
            return Type("string", name=alias, values=values)
        if kind == "array":
            return Type("array", of=self.type(found["items"], name, is_given))
        if kind == "object" or "properties" in found:
            if isinstance(found.get("additionalProperties"), dict):
                return Type("map", of=self.type(found["additionalProperties"], name, is_given))
            if not found.get("properties"):
                return Type("object")
            return self.add_input(found, name) if is_given else self.add_model(component or names.pascal(name), found)
        return Type(kind or "object")

    def field(self, name: str, schema: dict[str, Any], is_required: bool, is_given: bool = False) -> Field:
        kind = schema.get("type")
        nullable = isinstance(kind, list) and "null" in kind or {"type": "null"} in schema.get("oneOf", [])
        return Field(name, self.type(schema, name, is_given), is_required, nullable, schema.get("description", ""))

    def add_model(self, component: str, schema: dict[str, Any]) -> Type:
        known = self.known["models"].get(component, {})
        name, base = known.get("name", component), known.get("extends", "")
        if name in self.models:
            return Type("model", name=name)
        inherited: set[str] = set()
        if base:
            self.add_model(base, self.schemas[base])
            inherited = set(self.schemas[base]["properties"])
        fields = []
        for key, property in {**schema["properties"], **known.get("properties", {})}.items():
            if key in inherited:
                continue
            required = key in schema.get("required", []) and key not in known.get("optional", [])
            made = self.field(key, property, required)
            fields.append(Field(
                made.name, made.type, made.is_required, made.is_nullable, made.about,
                known.get("defaults", {}).get(key)))
        self.models[name] = Model(name, known.get("about") or schema.get("description", ""), fields, base)
        return Type("model", name=name)

    def add_input(self, schema: dict[str, Any], name: str) -> Type:
        title = self.known["inputs"].get(name, names.pascal(name) + "Input")
        fields = [self.field(key, property, False, is_given=True) for key, property in schema["properties"].items()]
        self.inputs[title] = Model(title, "", fields)
        return Type("input", name=title)

    # Operations

    def operation(self, path: str, method: str, entry: dict[str, Any]) -> Operation:
        sdk, known = entry["x-sdk"], self.known["operations"].get(entry["operationId"], {})
        group, name = sdk["method"].split(".")
        parameters = entry.get("parameters", [])
        body = next(iter(entry.get("requestBody", {}).get("content", {}).items()), None)
        fields, choice = [], ()
        if body and body[0] == "application/json" and sdk.get("body", True):
            schema = self.resolved(body[1]["schema"])[0]
            streams = any("text/event-stream" in each.get("content", {}) for each in entry["responses"].values())
            fields = [
                self.field(
                    key, property, key in {*schema.get("required", []), *known.get("required", [])}, is_given=True)
                for key, property in schema["properties"].items() if not (streams and key == "stream")]
            choice = tuple(each["required"][0] for each in schema.get("oneOf", []) if each.get("required"))
        result, model = self.result(entry)

        def given(place: str) -> list[Field]:
            return [
                Field(each["name"], self.type(each["schema"], each["name"], is_given=True), each["required"],
                      about=each.get("description", ""))
                for each in parameters if each["in"] == place]

        headers = {each["name"] for each in parameters if each["in"] == "header"}
        about = f"{entry['summary']}." + (f" {entry['description']}" if "description" in entry else "")
        return Operation(
            entry["operationId"], group, name, method.upper(), path, about, given("path"), given("query"), fields, choice,
            sdk.get("positional", ""), known.get("input") or self.input_name(entry["operationId"]), result, model,
            "If-Match" in headers, bool(entry["security"]))

    def result(self, entry: dict[str, Any]) -> tuple[str, str]:
        for status, response in entry["responses"].items():
            schema = response.get("content", {}).get("application/json", {}).get("schema", {})
            if not status.startswith("2") or "data" not in schema.get("properties", {}):
                continue
            data = self.resolved(schema["properties"]["data"])[0]
            if "pagination" in schema["properties"]:
                return "pages", self.type(data["items"], "item").name
            if data.get("properties"):
                return "model", self.type(schema["properties"]["data"], "data").name
            return "acknowledged", "Acknowledged"
        return "", ""

    @staticmethod
    def input_name(operation_id: str) -> str:
        """The name of the type of an operation's arguments: `WorkspaceQuery`, `NewWebhookInput`, `WorkspaceChanges`."""
        verb, noun = re.match(r"([a-z]+)(.*)", operation_id).groups()  # type: ignore[union-attr]
        noun = names.pascal(noun)
        if verb == "list":
            return re.sub(r"ies$", "y", noun).removesuffix("s") + "Query"
        return {"create": f"New{noun}Input", "update": f"{noun}Changes"}.get(verb, f"{names.pascal(operation_id)}Input")


def order(name: str) -> tuple[int, str]:
    """Methods in the usual order: list, create, get, update, delete, then the rest."""
    usual = ("list", "create", "add", "get", "update", "delete", "remove")
    return (usual.index(name), "") if name in usual else (len(usual), name)


def read(document: dict[str, Any], known: dict[str, Any]) -> Contract:
    return Reader(document, known).read()
