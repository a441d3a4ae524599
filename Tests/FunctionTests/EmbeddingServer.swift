import Foundation
import TestSupport

/// A server with OpenAI's embeddings API. Texts about the same subject have the same vector, in whatever words.
final class EmbeddingServer {
    let server: PythonServer

    /// How it behaves from now on.
    enum Behaviour: String {
        case good, slow, broken, refusing
        /// With vectors of another length.
        case shorter
    }

    init() throws { server = try PythonServer(Self.source) }

    func behave(_ behaviour: Behaviour) throws {
        try Data(behaviour.rawValue.utf8).write(
            to: server.folder.appendingPathComponent("behaviour"), options: .atomic)
    }

    func environment(_ more: [String: String] = [:]) -> [String: String] {
        [
            "EMBEDDING_BASE_URL": "http://127.0.0.1:\(server.port)/v1", "EMBEDDING_MODEL": "subjects",
            "EMBEDDING_QUERY_SECONDS": "1", "PATH": "/usr/bin:/bin",
        ].merging(more) { $1 }
    }

    /// The number of requests so far.
    var count: Int {
        let text = (try? Data(contentsOf: server.folder.appendingPathComponent("requests"))) ?? Data()
        return text.split(separator: 10).count
    }

    /// As with real models, all vectors have something in common. The rest says which subject a text is about.
    private static let source = #"""
        subjects = [("otter", "swimming", "beast"), ("salar", "money", "paid")]
        def vector(text):
            found = [n for n, words in enumerate(subjects) if any(word in text.lower() for word in words)]
            vector = [0.6] + [0.0] * 7
            for n in found or [6]: vector[1 + n] = 0.8 / len(found or [6]) ** 0.5
            return vector
        lock = threading.Lock()
        class Service(Handler):
            def note(self):
                with lock, open("requests", "a") as file: file.write(self.path + "\n")
            def do_GET(self):
                self.note()
                self.reply(404)
            def do_POST(self):
                texts = json.loads(self.body())["input"]
                self.note()
                behaviour = open("behaviour").read() if os.path.exists("behaviour") else "good"
                if behaviour == "slow": time.sleep(20)
                if behaviour == "broken": return self.reply(500, b'{"error": {"message": "out of memory"}}')
                if behaviour == "refusing": return self.reply(401, b'{"error": {"message": "no key"}}')
                data = [{"index": n, "embedding": vector(t)[:4 if behaviour == "shorter" else 8]} for n, t in enumerate(texts)]
                self.reply(200, json.dumps({"data": data}).encode(), Content_Type="application/json")
        server = Server(("127.0.0.1", 0), Service)
        ready(server.server_port)
        server.serve_forever()
        """#
}
