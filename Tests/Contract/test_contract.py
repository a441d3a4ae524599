"""Every row of the contract, through the runner and by pipe: success, a rule broken, no token, a role
that is too low, somebody else's resource.

The rows come from what the functions say of themselves, so a new endpoint fails here until `SUCCESS`
says how it is called well.
"""

import base64
import json
import subprocess
import unittest
from pathlib import Path

from gateway import FUNCTIONS, PASSWORD, Gateway

BOUNDARY = "contract"
FORM = f"multipart/form-data; boundary={BOUNDARY}"
NO_FILE = f"--{BOUNDARY}--\r\n".encode()


def form(text):
    return (f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="a.txt"\r\n\r\n'
            f"{text}\r\n--{BOUNDARY}--\r\n").encode()


# How each operation succeeds: its status, and its body, made of the world that it is called in.
SUCCESS = {
    "register": (201, lambda w: {"email": w.fresh_email(), "password": PASSWORD, "name": "New"}),
    "login": (200, lambda w: {"email": "owner@example.com", "password": PASSWORD}),
    "refresh-token": (200, lambda w: {"refreshToken": w.refresh_token()}),
    "logout": (200, None),
    "get-me": (200, None),
    "update-me": (200, lambda w: {"name": "Another"}),
    "create-api-key": (201, lambda w: {"name": "Key"}),
    "list-api-keys": (200, None),
    "delete-api-key": (200, None),
    "list-workspaces": (200, None),
    "create-workspace": (201, lambda w: {"name": "Workspace"}),
    "get-workspace": (200, None),
    "update-workspace": (200, lambda w: {"name": "Renamed"}),
    "delete-workspace": (200, None),
    "list-members": (200, None),
    "add-member": (201, lambda w: {"userId": w.users["stranger"], "role": "viewer"}),
    "remove-member": (200, None),
    "list-documents": (200, None),
    "upload-document": (201, lambda w: form("Other text.")),
    # Files are in a folder here.
    "create-upload": (409, lambda w: {"size": 5, "sha256": "0a" * 32}),
    "get-document": (200, None),
    "get-document-content": (200, None),
    "list-document-chunks": (200, None),
    "update-document": (200, lambda w: {"name": "renamed.txt"}),
    "delete-document": (200, None),
    "list-metadata-keys": (200, None),
    "search-documents": (200, lambda w: {"query": "text"}),
    "search-workspaces": (200, lambda w: {"query": "text"}),
    "send-message": (200, lambda w: {"message": "What is here?"}),
    "list-conversations": (200, None),
    "get-conversation": (200, None),
    "update-conversation": (200, lambda w: {"title": "Renamed"}),
    "delete-conversation": (200, None),
    "list-messages": (200, None),
    "list-users": (200, None),
    "create-user": (201, lambda w: {"email": w.fresh_email(), "password": PASSWORD, "name": "New"}),
    "get-user": (200, None),
    "update-user": (200, lambda w: {"name": "Another"}),
    "delete-user": (200, None),
    "list-webhooks": (200, None),
    "create-webhook": (201, lambda w: {"url": "https://example.com", "events": ["*"], "workspaceId": w.ids["workspaceId"]}),
    "get-webhook": (200, None),
    "update-webhook": (200, lambda w: {"active": False}),
    "delete-webhook": (200, None),
    "test-webhook": (200, None),
    "list-deliveries": (200, None),
    "retry-delivery": (200, None),
    "health": (200, None),
    "system-info": (200, None),
    "openapi": (200, None),
    "docs": (200, None),
}
# Bodies that break a rule, where `{}` breaks none: everything is optional.
BROKEN = {
    "update-me": {"name": ""}, "update-workspace": {"settings": {"topK": 0}}, "update-document": {"metadata": 5},
    "update-user": {"role": "king"}, "update-webhook": {"events": []},
    "update-conversation": {"title": ""},
}


class World:
    """Accounts of every role, and a workspace with one of everything in it, made anew on demand."""

    def __init__(self, gateway):
        self.gateway, self.count = gateway, 0
        self.tokens, self.users, self.refresh = {}, {}, {}
        for name in ("admin", "owner", "editor", "viewer", "stranger"):
            self.log_in(name, register=True)
        answer = gateway.call("POST", "/api-keys", {"name": "k", "scopes": ["admin"]}, token=self.tokens["owner"])
        self.tokens["key"] = answer.data["key"]

    def log_in(self, name, register=False):
        account = {"email": f"{name}@example.com", "password": PASSWORD, "name": name}
        answer = self.gateway.call("POST", f"/auth/{'register' if register else 'login'}", account)
        self.tokens[name], self.refresh[name] = answer.data["token"], answer.data["refreshToken"]
        self.users[name] = answer.data["user"]["id"]

    def fresh_email(self):
        self.count += 1
        return f"fresh{self.count}@example.com"

    def refresh_token(self):
        self.log_in("owner")
        return self.refresh["owner"]

    def call(self, method, path, body, caller="owner"):
        answer = self.gateway.call(method, path, body, token=self.tokens[caller])
        assert answer.status in (200, 201), (path, answer.body)
        return answer.data

    def renew(self, name):
        """One of everything that `name` needs to be called well."""
        if self.gateway.call("GET", "/users/me", token=self.tokens["owner"]).status != 200:
            self.log_in("owner")
        workspace = self.call("POST", "/workspaces", {"name": "W"})["id"]
        here = f"/workspaces/{workspace}"
        for role in ("editor", "viewer"):
            self.call("POST", f"{here}/members", {"userId": self.users[role], "role": role})
        self.ids = {"workspaceId": workspace, "userId": self.users["viewer"]}
        if name == "delete-user" or name in ("get-user", "update-user"):
            account = {"email": self.fresh_email(), "password": PASSWORD, "name": "New"}
            self.ids["userId"] = self.call("POST", "/users", account, caller="admin")["id"]
        if name == "delete-api-key":
            self.ids["keyId"] = self.call("POST", "/api-keys", {"name": "k"})["id"]
        if "document" in name:
            upload = self.gateway.call(
                "POST", f"{here}/documents", form(f"Some text {workspace}."), token=self.tokens["owner"], Content_Type=FORM)
            self.ids["documentId"] = upload.data["id"]
        if "conversation" in name or name == "list-messages":
            self.ids["conversationId"] = self.call("POST", f"{here}/chat", {"message": "Hello"})["conversationId"]
        if "webhook" in name or "deliver" in name:
            hook = {"url": "https://hooks.invalid/", "events": ["workspace.*"], "workspaceId": workspace}
            self.ids["webhookId"] = self.call("POST", "/webhooks", hook)["id"]
            self.call("PUT", here, {"name": "Told"})
            deliveries = self.call("GET", f"/webhooks/{self.ids['webhookId']}/deliveries", None)
            self.ids["deliveryId"] = deliveries[0]["id"]


class Transport:
    """Calls an operation; returns the status and, for errors, the code."""

    def __init__(self, world):
        self.world = world

    def code(self, status, body):
        return status, json.loads(body)["error"]["code"] if status >= 400 else None


class RunnerTransport(Transport):
    def call(self, operation, caller=None, body=None, ids=None, query=""):
        path = operation["path"]
        for name, value in (ids or self.world.ids).items():
            path = path.replace("{%s}" % name, value)
        headers = {"Content_Type": FORM} if isinstance(body, bytes) else {}
        answer = self.world.gateway.call(
            operation["method"], path + query, body, token=self.world.tokens.get(caller), **headers)
        return self.code(answer.status, answer.body)


class PipeTransport(Transport):
    def call(self, operation, caller=None, body=None, ids=None, query=""):
        names = [each["name"] for each in operation["parameters"] if each["in"] == "path"]
        known = ids or self.world.ids
        envelope = {"headers": {}, "pathParameters": {name: known[name] for name in names}, "rawQueryString": query[1:]}
        if caller:
            envelope["headers"]["authorization"] = f"Bearer {self.world.tokens[caller]}"
        if isinstance(body, bytes):
            envelope["headers"]["content-type"] = FORM
            envelope |= {"body": base64.b64encode(body).decode(), "isBase64Encoded": True}
        elif body is not None:
            envelope["body"] = body
        (answer,) = self.world.gateway.pipe(operation["name"], envelope)
        return self.code(answer["statusCode"], answer["body"])


def operations():
    described = [
        json.loads(subprocess.run([path, "--describe"], capture_output=True, check=True).stdout)
        for path in sorted(Path(FUNCTIONS).iterdir())]
    return [operation for operation in described if "path" in operation]


# Who may call with which access, and who has too low a role for it.
CALLERS = {
    "anyone": (None, None), "user": ("owner", None), "session": ("owner", "key"), "manager": ("admin", "owner"),
    "admin": ("admin", "owner"), "member:viewer": ("owner", None), "member:editor": ("editor", "viewer"),
    "member:owner": ("owner", "editor"),
}


class ContractTests(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.gateway = Gateway()
        cls.world = World(cls.gateway)
        cls.transports = (RunnerTransport(cls.world), PipeTransport(cls.world))

    @classmethod
    def tearDownClass(cls):
        cls.gateway.close()

    def each(self, keep=lambda operation: True):
        for operation in operations():
            for way in self.transports:
                if keep(operation):
                    with self.subTest(operation=operation["name"], way=type(way).__name__):
                        self.world.renew(operation["name"])
                        yield operation, way

    def body(self, operation):
        make = SUCCESS[operation["name"]][1]
        return make(self.world) if make else None

    def test_success(self):
        for operation, way in self.each():
            caller = CALLERS[operation["access"]][0]
            status = SUCCESS[operation["name"]][0]
            expected = (status, "CONFLICT" if status == 409 else None)
            self.assertEqual(way.call(operation, caller, self.body(operation)), expected)

    def test_a_broken_rule(self):
        for operation, way in self.each():
            caller = CALLERS[operation["access"]][0]
            places = {each["in"] for each in operation["parameters"]}
            body = operation.get("requestBody")
            if body and body["contentType"] == "application/json":
                broken = {} if body["schema"]["required"] else BROKEN[operation["name"]]
                self.assertEqual(way.call(operation, caller, broken), (422, "VALIDATION_ERROR"))
            elif body:
                self.assertEqual(way.call(operation, caller, NO_FILE), (422, "VALIDATION_ERROR"))
                # JSON may take the place of a form, if it refers to an upload.
                self.assertEqual(way.call(operation, caller, {}), (422, "VALIDATION_ERROR"))
            elif "query" in places:
                self.assertEqual(way.call(operation, caller, query="?page=abc"), (400, "BAD_REQUEST"))
            elif "path" in places:
                ids = {name: "nonsense" for name in self.world.ids}
                self.assertEqual(way.call(operation, caller, ids=ids), (404, "NOT_FOUND"))

    def test_no_token(self):
        for operation, way in self.each(lambda each: each["access"] != "anyone"):
            self.assertEqual(way.call(operation, body=self.body(operation)), (401, "UNAUTHORIZED"))

    def test_a_role_that_is_too_low(self):
        for operation, way in self.each(lambda each: CALLERS[each["access"]][1]):
            caller = CALLERS[operation["access"]][1]
            self.assertEqual(way.call(operation, caller, self.body(operation)), (403, "FORBIDDEN"))

    def test_what_belongs_to_others_does_not_exist(self):
        def owned(operation):
            return "{" in operation["path"] and operation["access"] not in ("manager", "admin")

        for operation, way in self.each(owned):
            self.assertEqual(way.call(operation, "stranger", self.body(operation)), (404, "NOT_FOUND"))

    def test_the_table_names_what_there_is(self):
        self.assertEqual(sorted(SUCCESS), sorted(operation["name"] for operation in operations()))


if __name__ == "__main__":
    unittest.main()
