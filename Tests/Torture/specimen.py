"""A data folder with several of everything, and the ids and tokens to ask for them."""

import json
import random
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path

from documents import Document, form
from installation import FUNCTIONS, PASSWORD, Installation


class Specimen:
    def __init__(self, folder):
        self.data, rng = Path(folder) / "specimen" / "data", random.Random(1)
        with Installation(Path(folder) / "specimen") as installation, installation.client() as client:
            me = client.register("ada@example.com")
            login = {"email": "ada@example.com", "password": PASSWORD}
            self.token = me["token"]
            self.tokens = [self.token] + [client.ask("POST", "/auth/login", login).data["token"] for _ in range(12)]
            key = client.ask("POST", "/api-keys", {"name": "Key", "scopes": ["admin"]}, self.token).data
            self.tokens.append(key["key"])
            self.ids = {"keyId": [key["id"]], "userId": [me["user"]["id"]], "workspaceId": [], "documentId": [],
                        "conversationId": [], "webhookId": [], "deliveryId": []}
            self.ids["userId"] += [client.register(f"other{n}@example.com")["user"]["id"] for n in range(3)]
            for number in range(8):
                self.add_workspace(client, number, rng)
        with closing(sqlite3.connect(self.data / "nexlayer.db")) as database:
            self.ids["deliveryId"] = [row[0] for row in database.execute("SELECT id FROM deliveries LIMIT 20")]
            database.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def add_workspace(self, client, number, rng):
        workspace = client.ask("POST", "/workspaces", {"name": f"W{number}"}, self.token).data["id"]
        self.ids["workspaceId"].append(workspace)
        hook = {"url": "http://127.0.0.1:9/", "events": ["*"], "workspaceId": workspace, "active": number == 0}
        self.ids["webhookId"].append(client.ask("POST", "/webhooks", hook, self.token).data["id"])
        for kind in ("markdown", "text"):
            document = Document(kind, 3000, rng)
            answer = client.upload(workspace, self.token, form((document.name, document.content), metadata='{"a": 1}'))
            self.ids["documentId"].append(answer.data["id"])
        question = {"message": "What keeps the harbour?"}
        answer = client.ask("POST", f"/workspaces/{workspace}/chat", question, self.token)
        self.ids["conversationId"].append(answer.data["conversationId"])

    def together(self, number):
        """Ids of one workspace and of what is in it."""
        return {"workspaceId": self.ids["workspaceId"][number], "documentId": self.ids["documentId"][2 * number],
                "conversationId": self.ids["conversationId"][number], "webhookId": self.ids["webhookId"][number]}

    def describe(self, function):
        done = subprocess.run([FUNCTIONS / function, "--describe"], stdout=subprocess.PIPE, check=True,
                              env={"DATA_DIR": str(self.data)})
        return json.loads(done.stdout)
