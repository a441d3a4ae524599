"""A small installation with one of everything, and a request for every function that writes."""

import base64
import json
import random
import shutil
import sqlite3
from contextlib import closing

from documents import Document, form
from installation import API, PASSWORD, call, pipe


def envelope(method, path, token=None, body=None, form=None, **headers):
    headers = {name.replace("_", "-"): value for name, value in headers.items()}
    made = {"rawPath": API + path, "headers": headers, "requestContext": {"http": {"method": method, "path": API + path}}}
    if token:
        headers["authorization"] = f"Bearer {token}"
    if body is not None:
        headers["content-type"] = "application/json"
        made["body"] = json.dumps(body)
    if form is not None:
        headers["content-type"] = form[1]
        made.update(body=base64.b64encode(form[0]).decode(), isBase64Encoded=True)
    return made


class World:
    """The data folder that every request finds, and the ids that are in it."""

    def __init__(self, data, receiver):
        self.data, self.receiver, rng = data, receiver, random.Random(5)
        self.ada = self.register("ada@example.com")
        self.bob = self.register("bob@example.com")
        self.hook = self.post("create-webhook", "/webhooks", {"url": receiver.url, "events": ["*"]})["id"]
        self.workspace = self.post("create-workspace", "/workspaces", {"name": "Ours"})["id"]
        self.theirs = self.post("create-workspace", "/workspaces", {"name": "Theirs"}, self.bob["token"])["id"]
        self.post("add-member", f"/workspaces/{self.workspace}/members", {"userId": self.bob["user"]["id"], "role": "editor"})
        self.small, self.large = (self.upload(Document("text", size, rng)) for size in (3000, 300_000))
        self.new_small, self.new_large = (Document("text", size, rng).form for size in (2000, 300_000))
        self.new_pair = form(*((one.name, one.content) for one in (Document(kind, 2000, rng) for kind in ("csv", "markdown"))))
        question = {"message": "What keeps the harbour?"}
        self.conversation = self.post("send-message", f"/workspaces/{self.workspace}/chat", question)["conversationId"]
        self.post("send-message", f"/workspaces/{self.theirs}/chat", question, self.bob["token"])
        self.key = self.post("create-api-key", "/api-keys", {"name": "Import"})["id"]
        self.login = self.post("login", "/auth/login", {"email": "ada@example.com", "password": PASSWORD}, None)
        pipe("run-jobs", {}, data=data)
        with closing(sqlite3.connect(data / "nexlayer.db")) as database:
            self.delivery = database.execute("SELECT id FROM deliveries ORDER BY id LIMIT 1").fetchone()[0]
            database.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def post(self, function, path, body, token=...):
        answer = call(function, envelope("POST", path, self.ada["token"] if token is ... else token, body), self.data)
        assert answer.ok, f"{function}: {answer}"
        return answer.data

    def register(self, email):
        return self.post("register", "/auth/register", {"email": email, "password": PASSWORD, "name": "Somebody"}, None)

    def upload(self, document):
        path = f"/workspaces/{self.workspace}/documents"
        answer = call("upload-document", envelope("POST", path, self.ada["token"], form=document.form), self.data)
        assert answer.status == 201, answer
        return answer.data["id"]

    def requests(self):
        """What is sent: a name, the function, its envelope, and what happens before."""
        token, here = self.ada["token"], f"/workspaces/{self.workspace}"
        conversation, hook = f"{here}/conversations/{self.conversation}", f"/webhooks/{self.hook}"
        bob, question = self.bob["user"]["id"], {"message": "What keeps the harbour?"}
        account = {"email": "carl@example.com", "password": PASSWORD, "name": "Carl"}
        new_hook = {"url": self.receiver.url, "events": ["document.*"], "workspaceId": self.workspace}
        key = {"idempotency_key": "the same"}

        def one(function, method, path, body=None, who=token, **more):
            return function, envelope(method, path, who, body, **more)

        def delete(function, path):
            return one(function, "DELETE", path)

        removal = delete("delete-document", f"{here}/documents/{self.large}")
        chat = ("send-message", "POST", f"{here}/chat")
        upload = ("upload-document", "POST", f"{here}/documents")
        return {
            "register": one("register", "POST", "/auth/register", account, None),
            "login": one("login", "POST", "/auth/login", {"email": "ada@example.com", "password": PASSWORD}, None),
            "refresh-token": one("refresh-token", "POST", "/auth/refresh", {"refreshToken": self.login["refreshToken"]}, None),
            "logout": one("logout", "POST", "/auth/logout", {}),
            "create-user": one("create-user", "POST", "/users", {**account, "role": "user"}),
            "create-user (key)": one("create-user", "POST", "/users", {**account, "role": "user"}, **key),
            "update-me": one("update-me", "PUT", "/users/me", {"name": "Ada L."}),
            "update-user": one("update-user", "PUT", f"/users/{bob}", {"status": "suspended"}),
            "delete-user": delete("delete-user", f"/users/{bob}"),
            "create-api-key": one("create-api-key", "POST", "/api-keys", {"name": "Export"}),
            "create-api-key (key)": one("create-api-key", "POST", "/api-keys", {"name": "Export"}, **key),
            "delete-api-key": delete("delete-api-key", f"/api-keys/{self.key}"),
            "create-workspace": one("create-workspace", "POST", "/workspaces", {"name": "New"}),
            "create-workspace (key)": one("create-workspace", "POST", "/workspaces", {"name": "New"}, **key),
            "update-workspace": one("update-workspace", "PUT", here, {"name": "Renamed", "description": "Long"}),
            "delete-workspace": delete("delete-workspace", here),
            "add-member": one("add-member", "POST", f"/workspaces/{self.theirs}/members",
                              {"userId": self.ada["user"]["id"], "role": "viewer"}, self.bob["token"]),
            "add-member (key)": one("add-member", "POST", f"/workspaces/{self.theirs}/members",
                                    {"userId": self.ada["user"]["id"], "role": "viewer"}, self.bob["token"], **key),
            "add-member (who has no account)": one("add-member", "POST", f"{here}/members",
                                                   {"email": "carl@example.com", "role": "editor"}),
            "register (who was added before)": one("register", "POST", "/auth/register", account, None) + (
                one("add-member", "POST", f"{here}/members", {"email": "carl@example.com", "role": "editor"}),),
            "remove-member": delete("remove-member", f"{here}/members/{bob}"),
            "upload-document": one(*upload, form=self.new_small),
            "upload-document (key)": one(*upload, form=self.new_small, **key),
            "upload-document (two files, key)": one(*upload, form=self.new_pair, **key),
            "upload-document (large)": one(*upload, form=self.new_large),
            "upload-document (large, key)": one(*upload, form=self.new_large, **key),
            "update-document": one("update-document", "PUT", f"{here}/documents/{self.small}", {"name": "new.txt"}),
            "delete-document": removal,
            "send-message": one(*chat, question),
            "send-message (key)": one(*chat, question, **key),
            "send-message (stream)": one(*chat, {**question, "stream": True}),
            "send-message (stream, key)": one(*chat, {**question, "stream": True}, **key),
            "send-message (next turn, key)": one(*chat, {**question, "conversationId": self.conversation}, **key),
            "send-message (next turn, stream)": one(*chat, {**question, "conversationId": self.conversation, "stream": True}),
            "send-message (model, key)": one(*chat, question, **key),
            "send-message (model, stream, key)": one(*chat, {**question, "stream": True}, **key),
            "update-conversation": one("update-conversation", "PUT", conversation, {"title": "Harbours"}),
            "delete-conversation": delete("delete-conversation", conversation),
            "create-webhook": one("create-webhook", "POST", "/webhooks", new_hook),
            "create-webhook (key)": one("create-webhook", "POST", "/webhooks", new_hook, **key),
            "update-webhook": one("update-webhook", "PUT", hook, {"events": ["document.*"], "active": False}),
            "delete-webhook": delete("delete-webhook", hook),
            "test-webhook": one("test-webhook", "POST", f"{hook}/test"),
            "retry-delivery": one("retry-delivery", "POST", f"{hook}/deliveries/{self.delivery}/retry"),
            "run-jobs": ("run-jobs", {}, removal),
        }


def copy(source, target):
    """Of a data folder, with the file beside it that says that an installation is there."""
    source_marker, target_marker = (path.with_name(f".{path.name}.installation") for path in (source, target))
    shutil.rmtree(target, ignore_errors=True)
    target_marker.unlink(missing_ok=True)
    shutil.copytree(source, target)
    if source_marker.exists():
        shutil.copy(source_marker, target_marker)
    return target
