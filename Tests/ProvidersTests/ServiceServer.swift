import Foundation
import TestSupport

/// A server that embeds and reranks, and behaves as the model's name says.
final class ServiceServer {
    let server: PythonServer
    var base: String { "http://127.0.0.1:\(server.port)/v1" }

    static let key = "sk-very-secret-1234567890"

    init() throws { server = try PythonServer(Self.source) }

    struct Request: Decodable {
        var path: String
        var authorization: String?
        var model: String?
        var input: [String]?
        var dimensions: Int?
        var query: String?
        var documents: [String]?
        var texts: [String]?
        var top_n: Int?
    }

    /// The requests so far.
    var requests: [Request] {
        let text = (try? Data(contentsOf: server.folder.appendingPathComponent("requests"))) ?? Data()
        return text.split(separator: 10).compactMap { try? JSONDecoder().decode(Request.self, from: Data($0)) }
    }

    private static let source = #"""
        import base64, struct
        lock = threading.Lock()
        count = 0
        def vector(text): return [float(len(text.encode())), 1.0, float(ord(text[0]))]
        def numbered(texts): return [{"object": "embedding", "index": n, "embedding": vector(t)} for n, t in enumerate(texts)]
        def score(text): return len(text) / 100

        class Service(Handler):
            def do_GET(self): self.reply(404)
            def do_POST(self):
                global count
                body = json.loads(self.body())
                with lock, open("requests", "a") as file:
                    count += 1
                    file.write(json.dumps({**body, "authorization": self.headers["Authorization"], "path": self.path}) + "\n")
                getattr(self, "on_" + body["model"])(body, body.get("input") or body.get("documents") or body.get("texts"))
            def say(self, answer, status=200, **headers):
                self.reply(status, json.dumps(answer).encode(), Content_Type="application/json", **headers)
            def fail(self, status, message, **headers): self.say({"error": {"message": message}}, status, **headers)
            def embed(self, items): self.say({"object": "list", "data": items, "model": "m", "usage": {"prompt_tokens": 3}})
            def alter(self, texts, **changes): self.embed([{**item, **changes} for item in numbered(texts)])

            # Good answers
            def on_good(self, body, texts): self.embed(numbered(texts)[::-1])
            def on_base64(self, body, texts):
                self.embed([{**i, "embedding": base64.b64encode(struct.pack("<3f", *i["embedding"])).decode()} for i in numbered(texts)])
            def on_bare(self, body, texts): self.say([{**item, "embedding": [item["embedding"]]} for item in numbered(texts)])
            def on_unnumbered(self, body, texts): self.embed([{"embedding": vector(t)} for t in texts])

            # Limits
            def on_few(self, body, texts):
                if len(texts) > 3: return self.fail(422, "batch size %d > maximum allowed batch size 3" % len(texts))
                self.on_good(body, texts)
            def on_short(self, body, texts):
                for text in texts:
                    if len(text) > 512:
                        return self.fail(500, "input (%d tokens) is too large to process. increase the physical batch size"
                            " (current batch size: 512)" % len(text))
                self.on_good(body, texts)
            def on_picky(self, body, texts):
                if "bad" in texts: return self.fail(400, "one of the texts is bad")
                self.on_good(body, texts)

            # Failures for a while, and for good
            def on_flaky(self, body, texts):
                if count < 3: return self.fail(503, "loading the model")
                self.on_good(body, texts)
            def on_limited(self, body, texts):
                if count < 2: return self.fail(429, "slow down", Retry_After="1")
                self.on_good(body, texts)
            def on_later(self, body, texts): self.fail(429, "slow down", Retry_After="120")
            def on_asking(self, body, texts):
                if count < 2: return self.fail(429, "slow down", Retry_After=texts[0])
                self.on_good(body, texts)
            def on_steady(self, body, texts):
                time.sleep(0.5)
                self.on_good(body, texts)
            def on_dropped(self, body, texts):
                if count < 2: return self.connection.shutdown(2)
                self.on_good(body, texts)
            def on_slow(self, body, texts): time.sleep(30)
            def on_refused(self, body, texts): self.fail(401, "the key " + self.headers["Authorization"] + " is wrong")
            def on_nothing(self, body, texts): self.fail(404, "no such model")

            # Answers that are none
            def on_page(self, body, texts): self.reply(200, b"<html>")
            def on_empty(self, body, texts): self.say({})
            def on_error(self, body, texts): self.say({"error": {"message": "no", "code": 404}})
            def on_lost(self, body, texts): self.embed(numbered(texts)[1:])
            def on_more(self, body, texts): self.embed(numbered(texts) + numbered(texts)[:1])
            def on_twice(self, body, texts): self.embed([numbered(texts)[0] for _ in texts])
            def on_beyond(self, body, texts): self.alter(texts, index=7)
            def on_null(self, body, texts): self.alter(texts, embedding=[1.0, None, 2.0])
            def on_huge(self, body, texts): self.alter(texts, embedding=[1e300, 1.0, 2.0])
            def on_nan(self, body, texts):
                self.alter(texts, embedding=base64.b64encode(struct.pack("<3f", 1, float("nan"), 2)).decode())
            def on_zero(self, body, texts): self.alter(texts, embedding=[0.0, 0.0, 0.0])
            def on_none(self, body, texts): self.alter(texts, embedding=[])
            def on_text(self, body, texts): self.alter(texts, embedding="no base64!")
            def on_odd(self, body, texts): self.alter(texts, embedding="AAAAAAA=")
            def on_tokens(self, body, texts): self.alter(texts, embedding=[[1.0, 2.0], [3.0, 4.0]])
            def on_uneven(self, body, texts):
                self.embed([{**item, "embedding": [1.0] * (n + 1)} for n, item in enumerate(numbered(texts))])
            def on_growing(self, body, texts): self.alter(texts, embedding=[1.0] * (count + 1))

            # Reranking
            def rank(self, items): self.say({"id": "x", "results": sorted(items, key=lambda i: -i["relevance_score"]), "meta": {}})
            def scored(self, texts, change=lambda score: score):
                return [{"index": n, "relevance_score": change(score(t))} for n, t in enumerate(texts)]
            def on_jina(self, body, texts): self.rank([{**item, "document": {"text": "x"}} for item in self.scored(texts)])
            def on_logits(self, body, texts): self.rank(self.scored(texts, lambda score: score * 10 - 2))
            def on_tei(self, body, texts):
                if "texts" not in body:
                    return self.reply(422, b"Failed to deserialize the JSON body into the target type: missing field `texts` at line 1")
                if len(texts) > 3: return self.say({"error": "batch size 4 > maximum allowed batch size 3", "error_type": "Validation"}, 422)
                self.say([{"index": item["index"], "score": item["relevance_score"]} for item in self.scored(texts)][::-1])
            def on_voyage(self, body, texts): self.say({"object": "list", "data": self.scored(texts)})
            def on_narrow(self, body, texts):
                longest = max(map(len, texts))
                if longest > 512: return self.fail(500, "input (%d tokens) is too large to process (current batch size: 512)" % longest)
                self.rank(self.scored(texts, lambda score: score / 10))
            def on_top(self, body, texts): self.rank(self.scored(texts)[:1])
            def on_same(self, body, texts): self.rank([self.scored(texts)[0] for _ in texts])
            def on_words(self, body, texts): self.say({"results": [{"index": n, "relevance_score": "high"} for n, _ in enumerate(texts)]})
            def on_outside(self, body, texts): self.say({"results": [{"index": -1, "relevance_score": 1} for _ in texts]})
        server = Server(("127.0.0.1", 0), Service)
        ready(server.server_port)
        server.serve_forever()
        """#
}
