"""A function under a Runtime API: what the tests of Lambda share."""

import json
import os
import socket
import subprocess
import threading
import time
from pathlib import Path

from installation import FORM, Installation, form
from runtime_api import RuntimeAPI

API = "/api/v1"
EVENTS = Path(__file__).parent / "events"
ANSWER_LIMIT = 6_291_556


class Runtime:
    """A function under a Runtime API."""

    def __init__(self, home, name, api=None, **own):
        self.api = api or RuntimeAPI()
        self.process = home.start(
            name, {"AWS_LAMBDA_RUNTIME_API": self.api.address, **own}, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE)

    def __enter__(self):
        return self

    def __exit__(self, kind, *_):
        self.api.close()
        self.process.kill()
        output, errors = self.process.communicate(timeout=30)
        if kind is None:
            assert not output, f"something on stdout: {output!r}"
            assert not self.api.faults, (self.api.faults, errors)

    def invoke(self, event, **more):
        return self.api.invoke(event if isinstance(event, bytes) else json.dumps(event).encode(), **more)

    def answer(self, event, **more):
        post = self.invoke(event, **more)
        assert post.kind == "response", post.body
        return json.loads(post.body)


def http(method, path, token=None, body=None, headers=None, stage="$default", parameters=None):
    """A function URL's or HTTP API's event."""
    event = {
        "version": "2.0", "routeKey": "$default", "rawPath": API + path, "rawQueryString": "",
        "headers": {**({"authorization": f"Bearer {token}"} if token else {}), **(headers or {})},
        "requestContext": {
            "requestId": "request-1", "stage": stage,
            "http": {"method": method, "path": API + path, "sourceIp": "192.0.2.7", "userAgent": "test"}},
        "isBase64Encoded": False,
    }
    if body is not None:
        event["headers"].setdefault("content-type", "application/json")
        event["body"] = json.dumps(body)
    if parameters:
        event["pathParameters"] = parameters
    return event


class SlowServer:
    """Sends pieces, one every 50 ms, to whoever connects."""

    def __init__(self, pieces):
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.pieces = pieces

    def __enter__(self):
        threading.Thread(target=self.serve, daemon=True).start()
        return f"http://127.0.0.1:{self.listener.getsockname()[1]}/v1"

    def serve(self):
        try:
            with self.listener.accept()[0] as connection:
                connection.recv(65536)
                for piece in self.pieces:
                    connection.sendall(piece)
                    time.sleep(0.05)
        except OSError:
            pass

    def __exit__(self, *_):
        self.listener.close()


class HomeWithModel:
    """An installation that asks a model, with one document, and the event of a streamed chat."""

    def __init__(self, url):
        self.home = Installation(LLM_BASE_URL=url, LLM_MODEL="m", PATH=os.environ["PATH"])

    def __enter__(self):
        token = self.home.register()
        workspace = self.home.make_workspace(token)
        self.home.pipe("upload-document", {
            "headers": {"authorization": f"Bearer {token}", "content-type": FORM}, "body": form(b"The fox jumps.").decode(),
            "pathParameters": {"workspaceId": workspace}})
        return self.home, http(
            "POST", f"/workspaces/{workspace}/chat", token, {"message": "What does the fox do?", "stream": True})

    def __exit__(self, *_):
        self.home.close()
