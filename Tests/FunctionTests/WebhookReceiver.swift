import Foundation
import TestSupport
import Testing

/// A webhook receiver that behaves as the path says, and records every request.
final class WebhookReceiver {
    let server: PythonServer

    /// - Parameter answers: the body of a Python function that responds to a request, with access to `self` and its
    ///   `path`. Requests to which it does not respond get 200.
    init(answering answers: String = "") throws {
        let source = #"""
            lock = threading.Lock()
            class Receiver(Handler):
                def do_POST(self):
                    body = self.body().decode()
                    with lock:
                        with open("received", "a") as file: file.write(json.dumps({"path": self.path, "body": body}) + "\n")
                    if not self.answer(self.path): self.reply(200)
                def hold(self):
                    for _ in range(3000):
                        if os.path.exists("go"): break
                        time.sleep(0.02)
                def raw(self, data):
                    self.wfile.write(data)
                    self.wfile.flush()
                    self.close_connection = True
                    return True
                def answer(self, path):
                    ANSWERS
                    return False
            server = Server(("127.0.0.1", 0), Receiver)
            ready(server.server_port)
            server.serve_forever()
            """#
        let lines = answers.split(separator: "\n").joined(separator: "\n" + String(repeating: " ", count: 8))
        server = try PythonServer(source.replacing("ANSWERS", with: lines.isEmpty ? "pass" : lines))
    }

    func url(_ path: String) -> String { "http://127.0.0.1:\(server.port)\(path)" }

    /// The bodies that arrived at a path.
    func received(at path: String) throws -> [[String: Any]] {
        let text = (try? String(contentsOf: server.folder.appendingPathComponent("received"), encoding: .utf8)) ?? ""
        return try text.split(separator: "\n").compactMap { line in
            let request = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
            guard request?["path"] as? String == path else { return nil }
            let body = Data((request?["body"] as? String ?? "").utf8)
            return try JSONSerialization.jsonObject(with: body) as? [String: Any]
        }
    }

    /// Waits until this many requests have arrived at a path; false if they have not within a minute.
    func has(_ count: Int, at path: String) throws -> Bool {
        for _ in 0..<3000 {
            if try received(at: path).count >= count { return true }
            usleep(20_000)
        }
        return false
    }

    /// Releases the requests that `hold`.
    func release() throws { try Data().write(to: server.folder.appendingPathComponent("go")) }
}

extension Installation {
    /// The environment of an installation that sends webhooks to this machine.
    static let webhooksToMyself = ["WEBHOOK_ALLOW_PRIVATE": "1", "WEBHOOK_RETRIES": "3600", "WEBHOOK_TIMEOUT": "60"]

    /// Creates a webhook for `workspace.updated`, of a workspace or of the whole installation, and returns its id.
    func makeWebhook(_ url: String, for workspace: String? = nil, token: String) throws -> String {
        var body: [String: Any] = ["url": url, "events": ["workspace.updated"]]
        body["workspaceId"] = workspace
        let answer = try call("create-webhook", token: token, body: body)
        return try #require(answer.data["id"] as? String, "\(answer.line)")
    }

    /// Makes an event happen in a workspace.
    func updateWorkspace(_ workspace: String, token: String, name: String = "New") throws {
        let answer = try call(
            "update-workspace", token: token, path: ["workspaceId": workspace], body: ["description": name])
        #expect(answer.status == 200, "\(answer.line)")
    }

    func webhook(_ id: String, token: String) throws -> Answer {
        try call("get-webhook", token: token, path: ["webhookId": id])
    }

    func deliveries(of webhook: String, token: String) throws -> [[String: Any]] {
        try call("list-deliveries", token: token, path: ["webhookId": webhook], query: ["limit": "100"]).list
    }
}
