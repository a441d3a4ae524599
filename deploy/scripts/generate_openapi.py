#!/usr/bin/env python3
"""Writes the OpenAPI document from the functions' descriptions of themselves (`--describe`).

    deploy/scripts/generate_openapi.py            writes deploy/openapi.json and the source that embeds it
    deploy/scripts/generate_openapi.py --check    says what is not current, and exits with 1
"""

import json
import sys
from pathlib import Path

from generator import descriptions, files
from generator.sdk import methods as sdk

ROOT = Path(__file__).resolve().parents[2]

DOCUMENT = ROOT / "deploy" / "openapi.json"
SOURCE = ROOT / "Functions" / "Openapi" / "Document.swift"

BASE_PATH = "/api/v1"

ABOUT = """\
Users register, create workspaces, upload documents, search them, and chat with an assistant that
answers from the documents and cites its sources.

Authenticate with `Authorization: Bearer <token>`: an access token from `/auth/login`, or an API key.
Errors are JSON with a `code` for programs and a `message` for people. Every answer has an
`X-Request-Id`. If a resource belongs to others, you get 404, never 403.
"""

TAGS = {
    "Authentication": "Creating an account, logging in, and tokens.",
    "API keys": "Keys for programs, instead of a login.",
    "Workspaces": "Places for documents and the conversations about them.",
    "Members": "The members of a workspace.",
    "Documents": "Files, their metadata, and their passages.",
    "Search": "Finding passages.",
    "Chat": "Questions to the assistant, and your conversations.",
    "Users": "Your account, and the accounts that you manage.",
    "Webhooks": "Events that the server sends to your addresses.",
    "System": "The installation itself.",
}

ERRORS = {
    400: ("BadRequest", "The body is not JSON, or a query parameter is not valid"),
    401: ("Unauthorized", "The token or key is missing or not valid"),
    403: ("Forbidden", "Your role, scope or membership does not allow it"),
    404: ("NotFound", "It does not exist, or you have no access to it"),
    409: ("Conflict", "It conflicts with existing data"),
    412: ("PreconditionFailed", "It has changed since you read it"),
    413: ("PayloadTooLarge", "The body is too large, or exceeds the storage quota (`QUOTA_EXCEEDED`)"),
    415: ("UnsupportedMediaType", "The server cannot read bodies of this type"),
    416: ("RangeNotSatisfiable", "The range is outside the content"),
    421: ("Misdirected", "The server does not serve this host name; `ALLOWED_HOSTS` lists those that it serves"),
    422: ("Unprocessable", "The body is well-formed but breaks a rule; `details` names the fields"),
    429: ("RateLimited", "Too many requests in a minute; `Retry-After` says how long to wait"),
    500: ("InternalError", "A fault of the server; its log has the reason under the request id"),
    502: ("BadGateway", "The function ended without an answer; it may or may not have done the work"),
    503: ("Unavailable", "A part of the system is busy or unreachable; `Retry-After` says how long to wait"),
    504: ("GatewayTimeout", "The function took too long; it may or may not have done the work"),
}


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


# Operations on things of which exactly one, or at least one, must exist. Every operation with an Idempotency-Key can
# also conflict with itself.
CONFLICTS = {"updateMe", "updateUser", "deleteUser", "removeMember"}


# What the summary of an operation does not say.
NOTES = {
    "refreshToken": "You can use a refresh token once. If you use it again within 30 seconds (`REFRESH_GRACE_SECONDS`) and "
                    "before you use its successor, you get the same new refresh token. This is for tabs that refresh at the "
                    "same moment and for answers that are lost. Any later use ends the session.",
    "createApiKey": "The answer is the only one that contains the `key`.",
    "deleteApiKey": "It stops working at once.",
    "deleteWorkspace": "Its documents, conversations and files are deleted with it.",
    "addMember": "With a `userId`, the account becomes a member at once. With an `email`, you send an invitation. The answer "
                 "is the same whether or not an account has this address. Its owner becomes a member at the next request, or "
                 "by creating an account within two weeks.",
    "listMembers": "In the order in which they joined. Owners also see invitations, with the status `pending`.",
    "removeMember": "The last owner cannot leave.",
    "listDocuments": "Newest first.",
    "searchDocuments": "Understands `\"exact phrases\"` and `-excluded` words. If the search takes longer than the "
                       "installation allows (`SEARCH_BUDGET_MS`), the answer has the best results found so far, and `partial` "
                       "is true.",
    "listConversations": "Newest first.",
    "listMessages": "Oldest first.",
    "updateMe": "A new `password` needs `currentPassword` and ends your other sessions. A request with `currentPassword` or "
                "`email` also counts as an attempt to log in.",
    "updateUser": "The status `suspended` ends the account's sessions and keys at once.",
    "createWebhook": "The answer is the only one that contains the `secret`.",
    "testWebhook": "Sends a test event now and returns the outcome.",
    "retryDelivery": "Makes it due now, whatever its status.",
    "health": "Answers 503 if something that it needs does not work; `details` say what.",
}


def header(about, schema):
    return {"description": about, "schema": schema}


HEADERS = {
    "RequestId": header("The id of the request: yours, or one that the server made.", {"type": "string"}),
    "RateLimitLimit": header("How many requests you may send in a minute.", {"type": "integer"}),
    "RateLimitRemaining": header("How many of them are left.", {"type": "integer"}),
    "RateLimitReset": header("When the minute ends, in Unix seconds.", {"type": "integer"}),
    "QuotaLimit": header(
        "How many bytes the workspace's documents, or those that you uploaded, may have. Only if there is a quota.",
        {"type": "integer"}),
    "QuotaRemaining": header("How many of them are left.", {"type": "integer"}),
    "RetryAfter": header("How many seconds to wait.", {"type": "integer"}),
    "ETag": header("The version of the resource, for `If-Match` and `If-None-Match`.", {"type": "string"}),
    "Location": header("The address of the new resource.", {"type": "string"}),
}


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
    if "path" in places or operation["operationId"] in ("createWebhook", "addMember"):
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
    if operation["keyScope"] == "admin":
        notes.append("An API key needs the scope `admin`.")
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


ERROR_SCHEMA = """
{"title": "Error", "type": "object", "required": ["success", "error"], "properties": {
    "success": {"const": false},
    "error": {"type": "object", "required": ["code", "message"], "properties": {
        "code": {"type": "string", "examples": ["VALIDATION_ERROR"]},
        "message": {"type": "string"},
        "details": {"type": "object", "description": "For validation errors: `field` and `reason` of the first, and `errors` with all of them."},
        "requestId": {"type": "string"}}}}}
"""


def source(text):
    before, after = text.split(json.dumps(BASE_PATH))
    return (
        "// Made by deploy/scripts/generate_openapi.py from the functions' descriptions of themselves. `make build` keeps it\n"
        "// current.\n"
        "// swift-format-ignore-file\n\n"
        "/// The OpenAPI document of all functions, in two parts. Between them belongs the base path, as a JSON string.\n"
        "enum Document {\n"
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
