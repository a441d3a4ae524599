import Models
import TestSupport
import Testing

@testable import Embedding

struct RemoteEmbedderTests {
    /// A model that makes two dimensions of each text, and counts the requests.
    private static let source = #"""
        class Service(Handler):
            count = 0
            def do_GET(self): self.reply(200, b"%d" % Service.count)
            def do_POST(self):
                Service.count += 1
                texts = json.loads(self.body())["input"]
                data = [{"index": n, "embedding": [3.0, 4.0 if t.startswith("p: ") else -4.0]} for n, t in enumerate(texts)]
                self.reply(200, json.dumps({"data": data}).encode())
        server = Server(("127.0.0.1", 0), Service)
        ready(server.server_port)
        server.serve_forever()
        """#

    @Test func aRemoteModelTellsItsDimensions() throws {
        let server = try PythonServer(Self.source)
        let service = EmbeddingService(
            baseURL: "http://127.0.0.1:\(server.port)/v1", model: "m", prefixes: .init(query: "q: ", passage: "p: "))
        let embedder = RemoteEmbedder(service)
        #expect(try embedder.model.dimensions == 2)
        #expect(try embedder.embed(["a"], as: .query) == [[0.6, -0.8]])
        #expect(try embedder.embed(["a", "b"], as: .passage) == [[0.6, 0.8], [0.6, 0.8]])
        #expect(try embedder.model == EmbeddingModel(name: embedder.name, dimensions: 2))
    }

    /// Whoever asked for it must not take this for a refusal.
    @Test func cancellationIsNoRefusal() throws {
        let server = try PythonServer(Self.source)
        let service = EmbeddingService(baseURL: "http://127.0.0.1:\(server.port)/v1", model: "m")
        let error = #expect(throws: APIError.self) {
            try RemoteEmbedder(service, isCancelled: { true }).embed(["a"], as: .passage)
        }
        #expect(error?.code == .serviceUnavailable)
    }

    @Test(arguments: [
        ("https://api.example.com/v1", "", "m@api.example.com"), ("http://127.0.0.1:8080", "", "m@127.0.0.1"),
        ("http://[::1]:8080/v1", "", "m@[::1]"), ("http://[::1]/v1", "", "m@[::1]"),
        ("http://gpu", "passage: ", "m@gpu+2b86a961"),
    ])
    func vectorsOfDifferentModelsHaveDifferentNames(_ url: String, _ prefix: String, _ name: String) {
        let service = EmbeddingService(baseURL: url, model: "m", prefixes: .init(query: "q: ", passage: prefix))
        #expect(RemoteEmbedder(service).name == name)
    }

    @Test func theConfigurationDecidesWhoEmbeds() throws {
        struct BuiltIn: Embedder {
            let file: String?
            let name = "built-in"
            let model = EmbeddingModel(name: "built-in", dimensions: 1)
            func embed(_ texts: [String], as role: TextRole) -> [[Float]] { texts.map { _ in [1] } }
        }
        func embedder(_ configuration: EmbeddingConfiguration) -> (any Embedder)? {
            Embedders.make(configuration) { BuiltIn(file: $0) }
        }
        #expect(embedder(.off) == nil)
        #expect((embedder(.builtIn(file: "f")) as? BuiltIn)?.file == "f")
        let remote = embedder(.remote(EmbeddingService(baseURL: "http://h", model: "m"))) as? RemoteEmbedder
        #expect(remote?.name == "m@h")
    }
}
