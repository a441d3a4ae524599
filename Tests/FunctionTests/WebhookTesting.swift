import Foundation
import TestSupport
import Testing

/// What the tests of webhooks share.
protocol WebhookTesting {}

/// What a receiver received.
struct ReceivedWebhook {
    let headers: [String: String]
    let body: [String: Any]
    var id: String { headers["webhook-id"] ?? "" }
}

extension WebhookTesting {
    /// Records every request as a line of JSON. Responds with 200, unless the path asks for something else:
    /// `/one-in-three-fails`, `/gone`, `/redirect`, `/slow` (until the file `go` exists).
    static var receiver: String {
        #"""
        lock = threading.Lock()
        seen = {}
        class Receiver(Handler):
            def do_POST(self):
                body = self.body().decode()
                headers = {name.lower(): value for name, value in self.headers.items()}
                with lock:
                    count = seen[self.path] = seen.get(self.path, 0) + 1
                    with open("received", "a") as file:
                        file.write(json.dumps({"path": self.path, "headers": headers, "body": body}) + "\n")
                if self.path == "/gone": return self.reply(410)
                if self.path == "/slow":
                    for _ in range(500):
                        if os.path.exists("go"): break
                        time.sleep(0.02)
                if self.path == "/redirect": return self.reply(302, Location="http://127.0.0.1:%d/moved" % self.server.server_port)
                self.reply(500 if self.path == "/one-in-three-fails" and count % 3 == 0 else 200)
        server = Server(("127.0.0.1", 0), Receiver)
        ready(server.server_port)
        server.serve_forever()
        """#
    }

    func received(_ server: PythonServer, at path: String) throws -> [ReceivedWebhook] {
        let text = (try? String(contentsOf: server.folder.appendingPathComponent("received"), encoding: .utf8)) ?? ""
        return try text.split(separator: "\n").compactMap { line in
            let request = try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
            guard request["path"] as? String == path else { return nil }
            let body = try JSONSerialization.jsonObject(with: Data((request["body"] as? String ?? "").utf8))
            return ReceivedWebhook(
                headers: request["headers"] as? [String: String] ?? [:], body: body as? [String: Any] ?? [:])
        }
    }

    static var open: [String: String] { ["WEBHOOK_ALLOW_PRIVATE": "1", "WEBHOOK_RETRIES": "0,0,0,0,0,0,0,0,0,0,0,0"] }

    func make(_ installation: Installation, _ token: String, _ body: [String: Any]) throws -> Answer {
        try installation.call("create-webhook", token: token, body: body)
    }

    func deliveries(_ installation: Installation, _ token: String, of id: String, status: String? = nil) throws
        -> Answer
    {
        let query = ["limit": "100"].merging(status.map { ["status": $0] } ?? [:]) { first, _ in first }
        return try installation.call("list-deliveries", token: token, path: ["webhookId": id], query: query)
    }
}
