"""HTTP requests made strange: heads, chunked bodies, lengths, pipelines."""

import json

from documents import form
from mutations import TEXTS, changed_bytes

SPECIAL = [b"\x00", b"\r", b"\n", b"\r\n", b"\r\n\r\n", b"\t", b" ", b":", b"\xff", b"\xc3\x28", b"%00", b"%2e%2e", b"..", b"/", b"//",
           b"?", b"#", b"@", b"a" * 300, b"a" * 9000, b"0x", b"-", b"+", b"1e3", b"9" * 20, b"chunked", b"HTTP/1.0", b"HTTP/2.0"]
FIELDS = [
    b"Transfer-Encoding: chunked", b"Transfer-Encoding: gzip, chunked", b"Transfer-Encoding: chunked, identity",
    b"Transfer-Encoding:\tchunked", b"Content-Length: 0", b"Content-Length: 5", b"Content-Length: -1", b"Content-Length: +5",
    b"Content-Length: 5, 5", b"Content-Length: 5, 6", b"Content-Length: 18446744073709551616", b"Content-Length: 99999999999",
    b"Expect: 100-continue", b"Expect: 200-ok", b"Connection: close", b"Connection: keep-alive, upgrade", b"Upgrade: h2c",
    b"Upgrade: websocket", b"Host: a", b"Host: a, b", b"Host:", b"Host: [::1]:80", b" Folded: x", b"X: a\r\n b", b": empty",
    b"No-Colon", b"Name : space", b"Range: bytes=0-0", b"Range: bytes=-1", b"Range: bytes=0-0,2-2", b"If-None-Match: *",
    b"Accept-Encoding: gzip", b"Accept: text/event-stream", b"Origin: null", b"TE: trailers", b"Trailer: X",
    b"Cookie: " + b"a=b; " * 300, b"X-Forwarded-For: 1.2.3.4", b"X-Request-Id: ok", b"X-Request-Id: " + b"a" * 200,
    b"Authorization: Basic YTpi", b"Content-Type: multipart/form-data; boundary=x", b"Content-Type: text/plain",
    b"Content-Encoding: gzip"]
METHODS = [b"GET"] * 8 + [b"HEAD", b"OPTIONS", b"PUT", b"DELETE", b"PATCH", b"get", b"TRACE", b"CONNECT", b"X" * 50]
ENDS = [b"\n", b"\r", b"\r\r\n"]


class StrangeRequests:
    def __init__(self, token, workspace, document, rng):
        self.token, self.rng = token.encode(), rng
        here = b"/workspaces/" + workspace.encode()
        self.posts = [here + b"/search", here + b"/chat", here + b"/documents", b"/auth/refresh"]
        self.paths = self.posts + [
            b"/health", b"/workspaces", b"/workspaces?page=1&limit=2", b"/users/me", b"/docs", here, b"/nowhere", b"/system/info",
            here + b"/documents/" + document.encode() + b"/content", b"/../../_runner/metrics", b"/"]

    def some(self):
        """One request, or several at once."""
        return b"".join(self.one() for _ in range(self.rng.choice([1, 1, 1, 1, 2, 4])))

    def one(self):
        rng = self.rng
        method, target, fields, body = self.good()
        line = method + b" " + target + b" HTTP/1.1"
        for _ in range(rng.choice([0, 1, 1, 2, 4])):
            roll = rng.random()
            if roll < 0.4:
                fields.insert(rng.randrange(len(fields) + 1), rng.choice(FIELDS))
            elif roll < 0.5 and fields:
                fields.pop(rng.randrange(len(fields)))
            elif roll < 0.6 and fields:
                fields.append(rng.choice(fields))
            elif roll < 0.7:
                line = self.strange_line(line, target)
            elif roll < 0.8:
                fields += [b"X-%d: y" % number for number in range(rng.choice([5, 99, 101, 3000]))]
            elif roll < 0.9:
                fields.append(b"X: " + b"z" * rng.choice([100, 8000, 66_000]))
            else:
                body += rng.choice(SPECIAL)
        end = b"\r\n" if rng.random() < 0.95 else rng.choice(ENDS)
        raw = line + end + b"".join(field + end for field in fields) + end + body
        return changed_bytes(raw, rng, SPECIAL, (1, 1, 2, 6)) if rng.random() < 0.5 else raw

    def good(self):
        """A request as it should be, in its parts."""
        rng, path = self.rng, self.rng.choice(self.paths)
        method = b"POST" if path in self.posts and rng.random() < 0.9 else rng.choice(METHODS)
        if method == b"DELETE":
            path += b"/none"
        fields = [b"Host: localhost", b"Authorization: Bearer " + self.token]
        if method not in (b"POST", b"PUT", b"PATCH"):
            return method, b"/api/v1" + path, fields, b""
        words = {name: rng.choice(TEXTS) for name in ("query", "message", "name", "refreshToken")}
        body, media = json.dumps(words).encode("utf-8", "surrogatepass"), "application/json"
        if path.endswith(b"/documents"):
            body, media = form(("a.txt", b"fuzzed text %d" % rng.randrange(50)))
        fields.append(b"Content-Type: " + media.encode())
        if rng.random() < 0.5:
            fields.append(b"Content-Length: %d" % len(body))
            return method, b"/api/v1" + path, fields, body
        return method, b"/api/v1" + path, fields + [b"Transfer-Encoding: chunked"], self.chunked(body)

    def chunked(self, body):
        rng, parts = self.rng, []
        while body:
            part, body = body[:(size := rng.choice([1, 3, 50, 4096]))], body[size:]
            parts.append(b"%x%s\r\n%s\r\n" % (len(part), rng.choice([b"", b"", b";a=b", b';a="b"']), part))
        return b"".join(parts) + b"0\r\n" + rng.choice([b"", b"", b"X: y\r\n"]) + b"\r\n"

    def strange_line(self, line, target):
        return self.rng.choice([
            b"", line + b" x", line.replace(b" ", b"  "), line.replace(b"1.1", b"1.0"), line.replace(b"HTTP/1.1", b""),
            b"http://localhost" + target, b"GET * HTTP/1.1", b"GET http://a/api/v1/health HTTP/1.1", b"PRI * HTTP/2.0",
            b"\x16\x03\x01\x02\x00\x01", b"GET " + b"/a" * 5000 + b" HTTP/1.1", line.replace(b"/api", b"/%61pi"),
            line.replace(b"_", b"%5f")])
