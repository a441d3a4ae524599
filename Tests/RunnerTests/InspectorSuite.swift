import Foundation
import Testing

/// A request to the inspector.
struct Look {
    var method = "GET"
    var host: String?
    var headers: [String] = []
    var body = ""
}

/// Tests that observe a gateway through its inspector.
protocol InspectorSuite {
    var gateway: TestRunner { get }
}

extension InspectorSuite {
    func look(_ path: String, _ look: Look = Look(), on gateway: TestRunner? = nil) throws -> Client.Response {
        let gateway = gateway ?? self.gateway
        var lines = ["\(look.method) /_runner\(path) HTTP/1.1", "Host: \(look.host ?? "localhost:\(gateway.port)")"]
        lines += look.headers + (look.method == "POST" ? ["Content-Length: \(look.body.utf8.count)"] : [])
        let client = try gateway.connect()
        client.send(lines.joined(separator: "\r\n") + "\r\n\r\n" + look.body)
        return try client.response()
    }

    func token() throws -> String {
        let page = try look("").text
        let start = try #require(page.range(of: "name=\"runner-token\" content=\"")).upperBound
        return String(page[start...].prefix { $0 != "\"" })
    }

    func act(_ path: String, token: String, body: String = "{}") throws -> Client.Response {
        try look(
            path,
            Look(
                method: "POST", headers: ["Origin: http://localhost:\(gateway.port)", "X-Runner-Token: \(token)"],
                body: body))
    }

    func invocations() throws -> [[String: Any]] {
        try look("/invocations").json["invocations"] as? [[String: Any]] ?? []
    }

    static var secretBody: String {
        #"{"email":"a@b.c","password":"abc-secret-4","deep":[{"apiKey":"abc-secret-5 it's \"5\""}]}"#
    }
    static var secretRequest: String { request(secretBody) }

    static func request(_ body: String) -> String {
        "POST /api/v1/echo/x?token=abc-secret-1&page=2 HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
            + "Authorization: Bearer abc-secret-2\r\nCookie: session=abc-secret-3\r\nContent-Length: \(body.utf8.count)\r\n\r\n"
            + body
    }

    /// Runs a script in the gateway's folder and returns its output.
    func shell(_ script: String) throws -> String {
        let file = gateway.folder.appendingPathComponent("script")
        try Data(script.utf8).write(to: file)
        let output = gateway.folder.appendingPathComponent("output")
        let words = ["bash", "-c", "cd '\(gateway.folder.path)'; bash script > output"]
        let child = try TestRunner.start(words, in: gateway.folder)
        var status: Int32 = 0
        waitpid(child, &status, 0)
        return try String(contentsOf: output, encoding: .utf8)
    }
}
