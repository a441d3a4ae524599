import Foundation
import TestSupport

/// A provider of language models that behaves as the model's name says, and records what it was asked.
final class ModelProvider {
    let server: PythonServer

    init() throws { server = try PythonServer(Self.source) }

    static let key = "sk-very-secret-1234567890"

    func environment(_ more: [String: String] = [:]) -> [String: String] {
        [
            "LLM_BASE_URL": "http://127.0.0.1:\(server.port)/v1/", "LLM_API_KEY": Self.key, "LLM_MODEL": "good",
            "LLM_MAX_TOKENS": "77", "RATE_LIMIT_CHAT": "0", "PATH": "/usr/bin:/bin",
        ].merging(more) { _, new in new }
    }

    /// The bodies of the requests so far.
    var requests: [[String: Any]] {
        let text = (try? Data(contentsOf: server.folder.appendingPathComponent("requests"))) ?? Data()
        return text.split(separator: 10).compactMap {
            try? JSONSerialization.jsonObject(with: Data($0)) as? [String: Any]
        }
    }

    /// Waits until the provider has reached a point, which it marks with a file.
    func reaches(_ mark: String) -> Bool {
        for _ in 0..<1000 {
            if FileManager.default.fileExists(atPath: path(of: mark)) { return true }
            usleep(10_000)
        }
        return false
    }

    func path(of mark: String) -> String { server.folder.appendingPathComponent(mark).path }

    private static let source = #"""
        lock = threading.Lock()
        KEY = "sk-very-secret-1234567890"
        def event(**object): return ("data: " + json.dumps(object) + "\n\n").encode()
        def delta(text, **choice): return event(choices=[{"index": 0, "delta": {"content": text}, "finish_reason": None, **choice}])
        DONE = b"data: [DONE]\n\n"
        USAGE = event(choices=[], usage={"prompt_tokens": 40, "completion_tokens": 9, "total_tokens": 49})
        END = event(choices=[{"index": 0, "delta": {}, "finish_reason": "stop"}])
        ROLE = event(choices=[{"index": 0, "delta": {"role": "assistant", "content": ""}, "finish_reason": None}])
        PIECES = ["Mark ", "your chan", "ges [", "1", "]", ", [9", "9] and say [1, 98] wh", "en [0", "]: `a[99]` é", "\U0001F600", "."]
        GOOD = ROLE + b"".join(map(delta, PIECES)) + END + USAGE + DONE

        class Provider(Handler):
            def do_GET(self):
                if self.path == "/v1/models" and not os.path.exists("down"): self.reply(200, b'{"data": []}')
                else: self.reply(500)
            def do_POST(self):
                self.asked = body = json.loads(self.body())
                with lock, open("requests", "a") as file:
                    file.write(json.dumps({**body, "authorization": self.headers["Authorization"], "path": self.path}) + "\n")
                getattr(self, "on_" + body["model"])()
            def start(self, kind="text/event-stream; charset=utf-8"):
                self.close_connection = True
                self.send_response(200)
                self.send_header("Content-Type", kind)
                self.end_headers()
            def events(self, *pieces):
                self.start()
                for piece in pieces:
                    self.wfile.write(piece)
                    self.wfile.flush()
            def on_good(self): self.events(GOOD)
            def on_trickle(self):
                text = b"\xef\xbb\xbf: a comment\r\nevent: x\r\n" + GOOD.replace(b"data: {", b"id: 3\ndata:{")
                text = text.replace(b"\n", b"\r\n").replace(b'"choices":', b'\r\ndata: "choices":')
                self.events(*[text[n:n + 7] for n in range(0, len(text), 7)])
            def on_plain(self):
                self.reply(200, json.dumps({"choices": [{"index": 0, "finish_reason": "length",
                    "message": {"role": "assistant", "content": "All at once [1]."}}]}).encode(), Content_Type="application/json")
            def on_counts(self):
                usage = {"prompt_tokens": 9223372036854775807, "completion_tokens": -1}
                self.events(ROLE, delta("Counted"), END, event(choices=[], usage=usage), DONE)
            def on_short(self): self.events(ROLE, delta("Cut"), delta("", finish_reason="length"))
            def on_fails(self): self.reply(500, b"Internal Server Error")
            def on_refuses(self): self.reply(401, json.dumps({"error": {"message": "bad key " + KEY}}).encode())
            def on_busy(self): self.reply(429, b'{"error": {"message": "slow down"}}', Retry_After="17")
            def on_unknown(self): self.reply(404, b'{"error": "no such model"}')
            def on_queues(self):
                self.start()
                try:
                    while True:
                        self.wfile.write(ROLE)
                        self.wfile.flush()
                        time.sleep(0.05)
                except OSError: pass
            def on_bad(self): self.reply(400, b'{"message": "bad request"}')
            def on_broke(self): self.reply(429, b'{"error": {"message": "pay first", "code": "insufficient_quota"}}')
            def on_late(self): self.events(event(error={"message": "no such model", "code": 404}))
            def on_never(self): time.sleep(600)
            def on_comments(self):
                self.start()
                try:
                    while True:
                        self.wfile.write(b": PROCESSING\n\n")
                        self.wfile.flush()
                        time.sleep(0.05)
                except OSError: pass
            def on_overloaded(self): self.events(event(error={"message": "overloaded"}))
            def on_garbage(self): self.events(b"data: {nope\n\n")
            def on_page(self):
                self.start("text/html")
                self.wfile.write(b"<html>Welcome</html>")
            def on_silent(self): self.events()
            def on_gone(self): self.connection.shutdown(2)
            def on_breaks(self): self.events(ROLE, delta("This much "), delta("came"))
            def on_babbles(self): self.events(ROLE, delta("This much "), delta("came"), b"data: ]]\n\n")
            def on_swells(self): self.events(ROLE, delta("This much "), delta("came"), b"data: " + b"x" * 3000000)
            def on_cut(self):
                self.start()
                self.wfile.write(ROLE + delta("This much ") + delta("came") + b"data: {\"choi")
                self.wfile.flush()
                self.connection.shutdown(2)
            def on_stalls(self): self.events(ROLE, delta("This much "), delta("came")); time.sleep(600)
            def on_talks(self):
                self.events(ROLE)
                try:
                    for n in range(3000):
                        self.wfile.write(delta("word%d " % n))
                        self.wfile.flush()
                        if n == 3: open("talking", "w").close()
                        time.sleep(0.01)
                except OSError: open("hung-up", "w").close()
            def on_thinks(self):
                self.start()
                open("thinking", "w").close()
                self.connection.recv(1)
                open("gone", "w").close()
            # Models that refuse a part of the request.
            def refuse(self, text, status=400, **more):
                self.reply(status, json.dumps({"error": {"message": text, **more}}).encode())
            def on_strict(self):
                if "max_tokens" in self.asked:
                    return self.refuse("Unsupported parameter: 'max_tokens' is not supported with this model. "
                        "Use 'max_completion_tokens' instead.", param="max_tokens", code="unsupported_parameter")
                if "temperature" in self.asked:
                    return self.refuse("Unsupported value: 'temperature' does not support 0.7 with this model.", param="temperature")
                self.events(GOOD)
            def on_limitless(self):
                for name in ["max_tokens", "max_completion_tokens"]:
                    if name in self.asked: return self.reply(400, json.dumps({"message": name + " is not a known field"}).encode())
                self.events(GOOD)
            def on_gemma(self):
                if self.asked["messages"][0]["role"] == "system": return self.refuse("Developer instruction is not enabled")
                self.events(GOOD)
            def on_template(self):
                if self.asked["messages"][0]["role"] == "system": return self.refuse("System role not supported", 500)
                self.events(GOOD)
            def on_plainest(self):
                for name in ["stream_options", "temperature"]:
                    if name in self.asked:
                        return self.reply(422, json.dumps({"detail": [{"type": "extra_forbidden", "loc": ["body", name],
                            "msg": "Extra inputs are not permitted"}]}).encode())
                self.events(GOOD)
            def on_unverified(self):
                if self.asked["stream"]: return self.refuse("Your organization must be verified to stream this model.", param="stream")
                self.on_plain()
            def on_stubborn(self): self.refuse("max_tokens, temperature, stream, system role: all wrong")
            def on_small(self):
                size = sum(len(turn["content"]) for turn in self.asked["messages"])
                if size > 3000:
                    return self.refuse("This model's maximum context length is 1000 tokens. However, your messages "
                        "resulted in %d tokens." % (size // 3), code="context_length_exceeded")
                self.events(ROLE, delta("Short [1] and [2]."), END, DONE)
            def on_tiny(self): self.refuse("the request exceeds the available context size", type="exceed_context_size_error")
            # Answers in other shapes.
            def on_parts(self):
                self.events(ROLE, event(choices=[{"delta": {"content": [{"type": "thinking", "thinking": [{"type": "text", "text": "hm"}]}]}}]),
                    event(choices=[{"delta": {"content": [{"type": "text", "text": "In parts "}, {"type": "text", "text": "[1]."}]}}]), END, DONE)
            def on_reasons(self):
                self.events(ROLE, event(choices=[{"delta": {"reasoning_content": "hm, [3]"}}]), delta("<think>look"), delta(" at it</think>\n\n"),
                    delta("Done [1]."), END, DONE)
            def on_prompted(self): self.events(ROLE, delta("look at "), delta("it\n</thi"), delta("nk>\n\nDone [1]."), END, DONE)
            def on_mislabelled(self):
                self.start("application/json")
                self.wfile.write(GOOD)
            def on_empty(self): self.events(ROLE, delta(" \n"), END, DONE)
            def on_spent(self):
                self.events(ROLE, event(choices=[{"delta": {"reasoning": "hm"}}]), delta("", finish_reason="length"), DONE)
            def on_filtered(self): self.events(ROLE, delta("I can"), delta("", finish_reason="content_filter"), DONE)
            def on_withheld(self): self.events(ROLE, delta("", finish_reason="content_filter"), DONE)
            def on_slow(self):
                self.events(ROLE)
                for n in range(10):
                    time.sleep(0.4)
                    self.wfile.write(delta("word%d " % n))
                    self.wfile.flush()
                self.wfile.write(DONE)
            def on_ponders(self):
                self.start()
                for n in range(15):
                    self.wfile.write(event(choices=[{"delta": {"reasoning_content": "hm "}}]))
                    self.wfile.flush()
                    time.sleep(0.8)
                self.wfile.write(delta("At last.") + DONE)
        server = Server(("127.0.0.1", 0), Provider)
        ready(server.server_port)
        server.serve_forever()
        """#
}
