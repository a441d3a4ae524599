"""Every request that the documentation shows is one that can be sent: its examples break no rule, on any day."""

import json
import unittest
import uuid

from gateway import Gateway
from test_contract import FORM, World, form, operations

ULID = "01JD8XKQ5Z7V3M9N2R4T6W8Y0A"
FORMATS = {"date-time": "2099-12-31T23:59:59.000Z", "email": "ada@example.com", "uri": "https://example.com/hooks"}


def example(schema):
    """A value of a schema, by the rules of the reference page: what is given, or the first alternative."""
    if schema.get("examples"):
        return schema["examples"][0]
    for word in ("const", "default"):
        if word in schema:
            return schema[word]
    if "enum" in schema:
        return schema["enum"][0]
    choices = [each for each in schema.get("anyOf", schema.get("oneOf", [])) if each.get("type") != "null"]
    if choices and ("type" in choices[0] or "anyOf" in choices[0] or "enum" in choices[0]):
        return example(choices[0])
    kind = [each for each in [schema.get("type")] if each] or [None]
    kind = next((each for each in (kind[0] if isinstance(kind[0], list) else kind) if each != "null"), None)
    if kind == "object" or "properties" in schema:
        return {name: example(value) for name, value in schema.get("properties", {}).items()}
    if kind == "array":
        return [example(schema["items"])]
    if kind in ("integer", "number"):
        return schema.get("minimum", 1)
    if kind == "boolean":
        return True
    if schema.get("pattern", "").startswith("^") and "_[0-7]" in schema["pattern"]:
        return schema["pattern"][1:].split("_")[0] + "_" + ULID
    return FORMATS.get(schema.get("format"), "text").ljust(schema.get("minLength", 0), "x")


def bodies(schema):
    """All fields, for each of the alternatives of which one must be there."""
    whole = example({**schema, "oneOf": []})
    names = [each["required"][0] for each in schema.get("oneOf", []) if "type" not in each]
    for kept in names or [None]:
        yield {name: value for name, value in whole.items() if name == kept or name not in names}


def dates(value):
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from ((name, each) for each in inner.get("examples", []) if inner.get("format") == "date-time") \
                if isinstance(inner, dict) and "format" in inner else dates(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from dates(inner)


class ExampleTests(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.gateway = Gateway()
        cls.world = World(cls.gateway)

    @classmethod
    def tearDownClass(cls):
        cls.gateway.close()

    def send(self, operation, body, query):
        self.world.renew(operation["name"])
        path = operation["path"]
        for name, value in self.world.ids.items():
            path = path.replace("{%s}" % name, value)
        caller = "admin" if operation["access"] in ("manager", "admin") else "owner"
        token = None if operation["access"] == "anyone" else self.world.tokens[caller]
        headers = {"Content_Type": FORM} if isinstance(body, bytes) else {}
        return self.gateway.call(operation["method"], path + query, body, token=token, **headers)

    def test_every_example_is_accepted(self):
        sent = 0
        for operation in operations():
            request = operation.get("requestBody") or {}
            is_form = "multipart/form-data" in json.dumps(request)
            schema = request.get("schema") or next(iter(request.get("content", {}).values()), {}).get("schema")
            parameters = [each for each in operation["parameters"] if each["in"] == "query"]
            query = "&".join(each["name"] + "=" + str(example(each["schema"])).replace("True", "true") for each in parameters)
            for body in [None] if not schema else [form(f"Text {uuid.uuid4()}.")] if is_form else bodies(schema):
                with self.subTest(operation=operation["name"], body=body):
                    answer = self.send(operation, body, "?" + query if query else "")
                    self.assertNotIn(answer.status, (400, 415, 422), answer.body)
                    self.assertLess(answer.status, 500, answer.body)
                    sent += 1
        self.assertGreater(sent, 45)

    def test_examples_of_what_is_sent_never_pass(self):
        for operation in operations():
            for name, date in dates((operation.get("requestBody") or {})):
                self.assertGreater(date, "2099", f"{operation['name']}: {name}")


if __name__ == "__main__":
    unittest.main()
