import Foundation
import TestSupport

/// A server that reranks, and behaves as the model's name says.
final class Reranker {
    let server: PythonServer

    init() throws { server = try PythonServer(Self.source) }

    func environment(_ model: String, _ more: [String: String] = [:]) -> [String: String] {
        [
            "RERANK_BASE_URL": "http://127.0.0.1:\(server.port)/v1", "RERANK_MODEL": model, "RERANK_SECONDS": "1",
            "EMBEDDING": "off", "RATE_LIMIT_CHAT": "0", "PATH": "/usr/bin:/bin",
        ].merging(more) { $1 }
    }

    /// The bodies of the requests so far.
    var requests: [[String: Any]] {
        let text = (try? Data(contentsOf: server.folder.appendingPathComponent("requests"))) ?? Data()
        return text.split(separator: 10).compactMap {
            try? JSONSerialization.jsonObject(with: Data($0)) as? [String: Any]
        }
    }

    /// The passages with `best` in them score .9, others .2.
    private static let source = #"""
        lock = threading.Lock()
        class Service(Handler):
            def do_POST(self):
                body = json.loads(self.body())
                with lock, open("requests", "a") as file: file.write(json.dumps(body) + "\n")
                if body["model"] == "slow": time.sleep(20)
                if body["model"] == "broken": return self.reply(500, b'{"error": {"message": "out of memory"}}')
                scores = [{"index": n, "relevance_score": 0.9 if "best" in text else 0.2} for n, text in enumerate(body["documents"])]
                self.reply(200, json.dumps({"results": scores}).encode(), Content_Type="application/json")
        server = Server(("127.0.0.1", 0), Service)
        ready(server.server_port)
        server.serve_forever()
        """#
}
