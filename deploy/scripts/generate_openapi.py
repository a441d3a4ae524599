#!/usr/bin/env python3
"""Writes the OpenAPI document from the functions' descriptions of themselves (`--describe`). Over 300 lines: one document,
from its first member to its last.

    deploy/scripts/generate_openapi.py            writes deploy/openapi.json and the source that embeds it
    deploy/scripts/generate_openapi.py --check    says what is not current, and exits with 1
"""

import json
import sys
from pathlib import Path

from generator import descriptions, files
from generator.openapi_texts import ABOUT, ERROR_SCHEMA, ERRORS, HEADERS, NOTES, TAGS
from generator.sdk import methods as sdk

ROOT = Path(__file__).resolve().parents[2]
DOCUMENT = ROOT / "deploy" / "openapi.json"
SOURCE = ROOT / "Functions" / "Openapi" / "OpenAPIDocument.swift"

BASE_PATH = "/api/v1"


class Components:
    """Moves each schema that has a title to the components and leaves a reference."""

    def __init__(self):
        self.schemas = {}

    def hoist(self, schema):
        if isinstance(schema, list):
            return [self.hoist(item) for item in schema]
        if not isinstance(schema, dict):
            return schema
        inner = {key: self.hoist(value) for key, value in schema.items()}
        if not isinstance(inner.get("title"), str) or inner.get("type") not in ("object", ["object", "null"]):
            return inner
        title, about = inner["title"], inner.pop("description", None)
        nullable = inner["type"] != "object"
        inner["type"] = "object"
        if self.schemas.setdefault(title, inner) != inner:
            raise SystemExit(f"two different schemas are called {title}")
        reference = {"$ref": f"#/components/schemas/{title}"}
        if nullable:
            reference = {"oneOf": [reference, {"type": "null"}]}
        return {**reference, "description": about} if about else reference


# Operations on things of which exactly one, or at least one, must exist, or for which files must be in S3. Every operation
# with an Idempotency-Key can also conflict with itself.
CONFLICTS = {"updateMe", "updateUser", "deleteUser", "removeMember", "createUpload"}


def references(names):
    return {name: {"$ref": f"#/components/headers/{key}"} for name, key in names.items()}


def success_headers(operation, status):
    names = {"X-Request-Id": "RequestId"}
    if operation["rateLimit"] != "none" and operation["access"] != "anyone":
        names |= {f"X-RateLimit-{part}": f"RateLimit{part}" for part in ("Limit", "Remaining", "Reset")}
    if status == 201:
        names["Location"] = "Location"
    if operation["operationId"] == "uploadDocument":
        names |= {"X-Quota-Limit": "QuotaLimit", "X-Quota-Remaining": "QuotaRemaining"}
    if any(parameter["name"] == "If-None-Match" for parameter in operation["parameters"]):
        names["ETag"] = "ETag"
    return references(names)


def errors(operation):
    places = {parameter["in"] for parameter in operation["parameters"]}
    headers = {parameter["name"] for parameter in operation["parameters"] if parameter["in"] == "header"}
    body = operation.get("requestBody")
    # 421, 502 and 504 come from the runner.
    statuses = {400, 500, 503, 421, 502, 504}
    if operation["access"] != "anyone" or operation["operationId"] in ("login", "refreshToken"):
        statuses |= {401, 403}
    if operation["operationId"] in ("register", "refreshToken"):
        statuses.add(403)
    if "path" in places or operation["operationId"] in ("createWebhook", "addMember", "searchWorkspaces"):
        statuses.add(404)
    if "Idempotency-Key" in headers or operation["operationId"] in CONFLICTS:
        statuses.add(409)
    if "If-Match" in headers:
        statuses.add(412)
    if "Range" in headers:
        statuses.add(416)
    if body:
        statuses |= {413, 415, 422}
    if "Idempotency-Key" in headers:
        statuses.add(422)
    if operation["rateLimit"] != "none":
        statuses.add(429)
    return {str(status): {"$ref": f"#/components/responses/{ERRORS[status][0]}"} for status in sorted(statuses)}


def responses(operation, components):
    found = {}
    for response in operation["responses"]:
        entry = found.setdefault(str(response["status"]), {
            "description": response["description"], "headers": success_headers(operation, response["status"])})
        if "contentType" in response:
            entry.setdefault("content", {})[response["contentType"]] = {"schema": components.hoist(response["schema"])}
    if any(parameter["name"] == "If-None-Match" for parameter in operation["parameters"]):
        found["304"] = {"description": "You have the current version", "headers": references({"ETag": "ETag"})}
    return {**dict(sorted(found.items())), **errors(operation)}


def parameter(description, components):
    schema = dict(description["schema"])
    about = schema.pop("description", None)
    entry = {"name": description["name"], "in": description["in"], "required": description["required"],
             "schema": components.hoist(schema)}
    return {**entry, "description": about} if about else entry


def operation_object(operation, components, exceptions):
    entry = {"operationId": operation["operationId"], "summary": operation["summary"], "tags": [operation["tag"]],
             "x-sdk": sdk.extension(operation["operationId"], operation["tag"], exceptions)}
    notes = [NOTES[operation["operationId"]]] if operation["operationId"] in NOTES else []
    if operation["access"].startswith("member:"):
        notes.append(f"Needs the role `{operation['access'][7:]}` in the workspace.")
    elif operation["access"] in ("manager", "admin"):
        notes.append(f"Needs the role `{operation['access']}`.")
    elif operation["access"] == "session":
        notes.append("Needs a login: an API key cannot do this.")
    if operation["access"] not in ("anyone", "session"):
        # A key without this scope has the rights of an ordinary user.
        scope = "admin" if operation["access"] in ("manager", "admin") else operation["keyScope"]
        notes.append(f"An API key needs the scope `{scope}`.")
    if operation["rateLimit"] not in ("none", "general"):
        notes.append(f"Counts against the rate limit of the class `{operation['rateLimit']}`.")
    if notes:
        entry["description"] = " ".join(notes)
    if operation["parameters"]:
        entry["parameters"] = [
            parameter(each, components) for each in operation["parameters"] if each["name"] not in ("Accept",)]
    body = operation.get("requestBody")
    if body:
        entry["requestBody"] = {"required": body["required"], "content": {
            body["contentType"]: {"schema": components.hoist(body["schema"])}}}
        if "jsonSchema" in body:
            entry["requestBody"]["content"]["application/json"] = {"schema": components.hoist(body["jsonSchema"])}
    entry["responses"] = responses(operation, components)
    entry["security"] = [] if operation["access"] == "anyone" else [{"bearer": []}]
    return entry


def document():
    components, paths, exceptions = Components(), {}, sdk.exceptions()
    operations = [each for each in descriptions.read() if "path" in each]
    tags = list(TAGS)
    for operation in sorted(operations, key=lambda each: (tags.index(each["tag"]), each["path"])):
        methods = paths.setdefault(operation["path"], {})
        entry = operation_object(operation, components, exceptions)
        methods[operation["method"].lower()] = entry
        for alias in operation.get("aliases", []):
            methods[alias.lower()] = {
                **{key: value for key, value in entry.items() if key != "x-sdk"}, "operationId": f"{entry['operationId']}By{alias.capitalize()}",
                "summary": f"{entry['summary']} (the same as {operation['method']})"}
    error = components.hoist(json.loads(ERROR_SCHEMA))
    return {
        "openapi": "3.1.0",
        "info": {"title": "AINexLayer", "version": descriptions.version(), "description": ABOUT,
                 "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"}},
        "servers": [{"url": BASE_PATH}],
        "tags": [{"name": name, "description": about} for name, about in TAGS.items()],
        "paths": paths,
        "components": {
            "securitySchemes": {"bearer": {
                "type": "http", "scheme": "bearer", "description": "An access token (JWT) or an API key (`nxl_…`)."}},
            "schemas": dict(sorted(components.schemas.items())),
            "headers": HEADERS,
            "responses": {
                name: {
                    "description": about, "content": {"application/json": {"schema": error}},
                    "headers": references({"X-Request-Id": "RequestId"} | (
                        {"Retry-After": "RetryAfter"} if status in (429, 503) else {})),
                } for status, (name, about) in ERRORS.items()},
        },
    }


def source(text):
    before, after = text.split(json.dumps(BASE_PATH))
    return (
        "// Made by deploy/scripts/generate_openapi.py from the functions' descriptions of themselves. `make build` keeps it\n"
        "// current.\n"
        "// swift-format-ignore-file\n\n"
        "/// The OpenAPI document of all functions, in two parts. Between them belongs the base path, as a JSON string.\n"
        "enum OpenAPIDocument {\n"
        f'    static let beforeServer: StaticString = ###"{before}"###\n'
        f'    static let afterServer: StaticString = ###"{after}"###\n'
        "}\n")


def main():
    made = document()
    return files.keep({
        DOCUMENT: json.dumps(made, indent=2, ensure_ascii=False) + "\n",
        SOURCE: source(json.dumps(made, separators=(",", ":"), ensure_ascii=True)),
    }, only_check="--check" in sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
