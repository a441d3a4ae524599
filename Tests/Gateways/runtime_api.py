"""Lambda's Runtime API, strict: what a runtime must not do is noted in `faults`."""

import base64
import queue
import socket
import threading
import time

PREFIX = "/2018-06-01/runtime/"


class Post:
    """What the runtime handed in."""

    def __init__(self, path, headers, body, trailers):
        self.path, self.headers, self.body, self.trailers = path, headers, body, trailers

    @property
    def id(self):
        return self.path.removeprefix(PREFIX + "invocation/").rpartition("/")[0]

    @property
    def kind(self):
        return self.path.removeprefix(PREFIX).rpartition("/")[2]


class RuntimeAPI:
    def __init__(self, handle=None, host="127.0.0.1"):
        """`handle` may answer a connection's requests in its own way; see `serve`."""
        self.listener = socket.create_server((host, 0))
        self.address = f"{host}:{self.listener.getsockname()[1]}"
        self.events = queue.Queue()
        self.posts = queue.Queue()
        self.faults = []
        self.connections = 0
        self.handle = handle or (lambda api, request, send: False)
        self.counter = 0
        threading.Thread(target=self.accept, daemon=True).start()

    def close(self):
        self.listener.close()

    def accept(self):
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            self.connections += 1
            threading.Thread(target=self.serve, args=(connection,), daemon=True).start()

    def serve(self, connection):
        with connection, connection.makefile("rb") as stream:
            try:
                while self.serve_one(connection, stream):
                    pass
            except (OSError, EOFError):
                pass

    def serve_one(self, connection, stream):
        line = stream.readline()
        if not line:
            return False
        method, path, version = line.decode().split(" ")
        self.expect(version == "HTTP/1.1\r\n", line)
        headers = self.fields(stream)
        self.expect(headers.get("host") == self.address, "Host")
        self.expect(path.startswith(PREFIX), path)
        if method == "GET":
            self.expect(path == PREFIX + "invocation/next", path)
            request = (method, path, headers, None)
        else:
            self.expect(method == "POST", method)
            request = (method, path, headers, *self.body(headers, stream, path))
        if self.handle(self, request, connection.sendall):
            return True
        if method == "GET":
            return self.next(connection)
        self.posts.put(Post(path, headers, request[3], request[4]))
        connection.sendall(b"HTTP/1.1 202 Accepted\r\nContent-Type: application/json\r\nContent-Length: 16\r\n\r\n{\"status\":\"OK\"}\n")
        return True

    def expect(self, condition, what):
        if not condition:
            self.faults.append(what)

    def fields(self, stream):
        found = {}
        while (line := stream.readline()) != b"\r\n":
            self.expect(line.endswith(b"\r\n") and b": " in line, line)
            name, _, value = line.decode().rstrip("\r\n").partition(": ")
            self.expect(name.lower() not in found, f"{name} twice")
            found[name.lower()] = value
        return found

    def body(self, headers, stream, path):
        if headers.get("transfer-encoding") != "chunked":
            return stream.read(int(headers["content-length"])), {}
        self.expect("content-length" not in headers, "both lengths")
        self.expect(headers.get("lambda-runtime-function-response-mode") == "streaming", "mode")
        self.expect(path.endswith("/response"), path)
        pieces = []
        while True:
            size = stream.readline()
            self.expect(size.endswith(b"\r\n"), size)
            count = int(size, 16)
            if not count:
                break
            pieces.append((time.monotonic(), stream.read(count)))
            self.expect(stream.read(2) == b"\r\n", "the end of a chunk")
        trailers = self.fields(stream)
        declared = {name.strip().lower() for name in headers.get("trailer", "").split(",")}
        self.expect(trailers.keys() <= declared, f"trailers {trailers.keys()}")
        self.last_pieces = pieces
        return b"".join(piece for _, piece in pieces), trailers

    def event_response(self, event, deadline=30, extra=""):
        self.counter += 1
        return (
            f"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nLambda-Runtime-Aws-Request-Id: id-{self.counter}\r\n"
            f"Lambda-Runtime-Deadline-Ms: {int((time.time() + deadline) * 1000)}\r\n"
            f"Lambda-Runtime-Trace-Id: Root=1-5bef4de7-ad49b0e87f6ef6c87fc2e700;Sampled=1\r\n"
            f"Lambda-Runtime-Invoked-Function-Arn: arn:aws:lambda:eu-central-1:123456789012:function:f\r\n{extra}"
            f"Content-Length: {len(event)}\r\n\r\n").encode() + event

    def next(self, connection):
        item = self.events.get()
        if item is None:
            return False
        event, deadline = item
        connection.sendall(self.event_response(event, deadline))
        return True

    def invoke(self, event, deadline=30, timeout=30):
        """Gives an event and waits for what is handed in for it."""
        self.events.put((event, deadline))
        post = self.posts.get(timeout=timeout)
        assert post.id == f"id-{self.counter}", (post.path, self.counter)
        return post


def parse_stream(body):
    """The head and the body of a streamed answer."""
    import json
    head, _, rest = body.partition(bytes(8))
    return json.loads(head), rest


def error_body(trailers):
    return base64.b64decode(trailers["lambda-runtime-function-error-body"])
