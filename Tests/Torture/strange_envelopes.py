"""Envelopes for a function, made of what it says of itself and then made strange."""

import base64
import json

from documents import Document, form
from installation import API
from mutations import TEXTS, changed_bytes, changed_value

# They hash passwords: most of theirs are refused before.
SLOW = {"register", "login", "create-user", "update-me", "update-user"}
HEADERS = ["range", "if-none-match", "if-match", "accept", "idempotency-key", "content-type", "authorization", "x-forwarded-for",
           "x-request-id", "cookie", "origin", "host", "expect", "content-length", "access-control-request-method", "accept-encoding"]
HEADER_VALUES = TEXTS + [
    "bytes=0-", "bytes=-5", "bytes=5-2", "bytes=0-1,3-4", "bytes=99999999999999999999-", 'W/"a"', "*", "text/event-stream",
    "text/event-stream;q=0.5, application/json", "multipart/form-data", "multipart/form-data; boundary=" + "b" * 80,
    "application/json; charset=utf-16", "Basic YTpi", "Bearer", "Bearer a.b.c", "Bearer nxl_" + "a" * 43,
    "1.2.3.4, ::1, unknown, [::1]:80"]
QUERIES = ["page=1&limit=100", "page=0", "page=99999999999999999999", "limit=-1", "search=" + "%F0%9F" * 3, "sort=-name",
           "sort=name&sort=-name", "search=%25_%5C", "a", "=", "&&&", "search=" + "a" * 9000, "type=pdf&status=processed",
           "page=9223372036854775807&limit=100", "page=92233720368547758&limit=100", "search=%00", "active=true", "%", "%zz=%"]
METHODS = ["OPTIONS", "HEAD", "GET", "PATCH", "TRACE", "", "get", "DELETE", "\x00"]
LINES = [b"", b" ", b"null", b"[]", b"{" * 5000, b"[" * 100_000, b'{"body":' * 3000, b"\xff\xfe", b'{"a":1', b"0" * 100_000,
         b'{"cancel":"x"}', b'"' + b"\\" * 1001]


class StrangeEnvelopes:
    def __init__(self, function, specimen, rng):
        self.function, self.specimen, self.rng = function, specimen, rng
        self.described = specimen.describe(function)

    def line(self):
        rng, made = self.rng, self.envelope()
        roll = rng.random()
        if roll < 0.15:
            made["rawPath"] = self.path(made.get("rawPath", ""))
        elif roll < 0.3 and isinstance(made.get("headers"), dict):
            made["headers"][rng.choice(HEADERS)] = rng.choice(HEADER_VALUES)
        elif roll < 0.4:
            made["rawQueryString"] = rng.choice(QUERIES)
        elif roll < 0.5:
            made = self.of_another_format(made)
        elif roll < 0.56:
            made["isBase64Encoded"] = not made.get("isBase64Encoded", False)
        elif roll < 0.6:
            made["requestContext"] = {"http": {"method": rng.choice(METHODS), "path": made.get("rawPath", "/")}}
        elif roll < 0.8:
            made = changed_value(made, rng)
        raw = json.dumps(made, ensure_ascii=rng.random() < 0.7).encode("utf-8", "surrogatepass")
        if rng.random() < 0.15:
            raw = changed_bytes(raw, rng)
        if rng.random() < 0.002:
            raw = rng.choice(LINES)
        return raw.replace(b"\n", b" ").replace(b"\r", b" ")

    def envelope(self):
        """One that is mostly good."""
        rng, described = self.rng, self.described
        if not described.get("path"):
            body = {"body": {"limit": 2, "seconds": 0}}
            return body if rng.random() < 0.3 else {"body": changed_value(body["body"], rng)}
        path, query, headers = described["path"], {}, {"authorization": "Bearer " + rng.choice(self.specimen.tokens)}
        known = self.specimen.together(rng.randrange(8))
        for parameter in described.get("parameters", []):
            place, name = parameter["in"], parameter["name"]
            value = known.get(name) if rng.random() < 0.9 else None
            value = value or (rng.choice(self.specimen.ids[name]) if name in self.specimen.ids else self.sample(parameter["schema"]))
            if place == "path":
                path = path.replace("{" + name + "}", str(value))
            elif rng.random() < 0.4:
                (query if place == "query" else headers)[name] = str(value)
        made = {"version": "2.0", "rawPath": API + path, "headers": headers, "requestContext": {
            "http": {"method": described["method"], "path": API + path, "sourceIp": "203.0.113.9"}}}
        if query:
            made["rawQueryString"] = "&".join(f"{name}={value}" for name, value in query.items())
        if described.get("requestBody"):
            self.add_body(made, described["requestBody"])
        return made

    def add_body(self, made, body):
        rng = self.rng
        if "multipart" in body["contentType"]:
            document = Document(rng.choice(["text", "markdown", "csv", "json", "html", "docx"]), 400, rng)
            fields = {"metadata": '{"a":1}'} if rng.random() < 0.3 else {}
            raw, made["headers"]["content-type"] = form((document.name, document.content), **fields)
            raw = changed_bytes(raw, rng) if rng.random() < 0.5 else raw
            made.update(body=base64.b64encode(raw).decode(), isBase64Encoded=True)
            return
        value = self.sample(body["schema"])
        if self.function in SLOW and isinstance(value, dict) and rng.random() < 0.97:
            value["password"] = rng.choice(["short", 5, None, "x" * 300])
        value = changed_value(value, rng) if rng.random() < 0.6 else value
        made["headers"]["content-type"] = "application/json"
        made["body"] = value if rng.random() < 0.2 else json.dumps(value, ensure_ascii=rng.random() < 0.5)

    def sample(self, schema):
        """A value that a JSON schema allows, more or less."""
        rng = self.rng
        for several in ("anyOf", "oneOf"):
            if several in schema:
                return self.sample(rng.choice(schema[several]))
        if "const" in schema:
            return schema["const"]
        if "enum" in schema:
            return rng.choice(schema["enum"])
        for ids in self.specimen.ids.values():
            if ids and schema.get("pattern", "").startswith(f"^{ids[0].split('_')[0]}_"):
                return rng.choice(ids)
        kind = schema.get("type")
        kind = rng.choice(kind) if isinstance(kind, list) else kind
        if kind == "object" or "properties" in schema:
            return {name: self.sample(one) for name, one in schema.get("properties", {}).items()
                    if name in schema.get("required", []) or rng.random() < 0.5}
        if kind == "array":
            return [self.sample(schema.get("items", {})) for _ in range(rng.choice([0, 1, 1, 2, 5]))]
        if kind == "integer":
            return rng.choice([schema.get("minimum", 1), schema.get("maximum", 10), 5])
        if kind == "number":
            return rng.choice([schema.get("minimum", 0), schema.get("maximum", 1), 0.5])
        if kind == "boolean":
            return rng.random() < 0.5
        if kind == "null":
            return None
        examples = schema.get("examples")
        return examples[0] if examples and rng.random() < 0.7 else rng.choice(TEXTS)

    def path(self, path):
        return self.rng.choice([
            path + "/", path.replace("_", "%5F"), path.replace("/", "//"), path + self.rng.choice(TEXTS), "/%ff%fe", "", path[:-1],
            path.upper(), path + "?a=b", path.replace("_", "%5")])

    def of_another_format(self, made):
        """The same request as API Gateway's format 1.0, or the load balancer, has it."""
        rng, headers = self.rng, made.get("headers") or {}
        context = {"stage": "p", "identity": {"sourceIp": rng.choice(["1.2.3.4", "::", "x", ""])}}
        return {
            "httpMethod": self.described.get("method", "GET"), "path": made.get("rawPath", "/"), "headers": headers,
            "multiValueHeaders": {name: [value] * rng.choice([1] * 9 + [2]) for name, value in headers.items()},
            "multiValueQueryStringParameters": {"page": ["1", "2"]} if rng.random() < 0.2 else None, "body": made.get("body"),
            "isBase64Encoded": made.get("isBase64Encoded", False),
            "requestContext": {"elb": {}} if rng.random() < 0.4 else context}
