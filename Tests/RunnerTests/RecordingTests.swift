import Foundation
import Testing

@Suite(.serialized) struct RecordingTests {
    private let command: RunnerCommand

    init() throws { command = try RunnerCommand() }

    /// A client that sends its token once it has one.
    private final class Caller {
        let client: Client
        var token = ""

        init(_ gateway: TestRunner) throws { client = try gateway.connect() }

        func call(
            _ method: String, _ path: String, _ body: [String: Any]? = nil, condition: String = ""
        ) throws -> Client.Response {
            var headers = "Content-Type: application/json\r\n" + condition
            if !token.isEmpty { headers += "Authorization: Bearer \(token)\r\n" }
            return try client.ask(
                method, path, headers: headers,
                body: try body.map { Array(try JSONSerialization.data(withJSONObject: $0)) } ?? [])
        }

        func data(_ method: String, _ path: String, _ body: [String: Any]? = nil) throws -> [String: Any] {
            try #require(try call(method, path, body).json["data"] as? [String: Any])
        }
    }

    private static let password = "пароль-секрет_1"

    /// Registers, logs in, and makes every kind of request that generates ids, tokens or times.
    private func recordSession(_ options: [String] = []) throws -> (file: String, secrets: [String]) {
        let file = command.folder.appendingPathComponent("session.ndjson").path
        let gateway = try TestRunner(["--functions", RunnerCommand.functions, "--record", file] + options)
        let caller = try Caller(gateway)
        let account = ["email": "ada@example.com", "password": Self.password]
        _ = try caller.data("POST", "/auth/register", account.merging(["name": "Ada"]) { old, _ in old })
        let login = try caller.data("POST", "/auth/login", account)
        let refreshed = try caller.data(
            "POST", "/auth/refresh", ["refreshToken": try #require(login["refreshToken"] as? String)])
        caller.token = try #require(refreshed["token"] as? String)
        let workspace = try #require(try caller.data("POST", "/workspaces", ["name": "Handbook"])["id"] as? String)
        #expect(try caller.call("POST", "/workspaces", ["name": ""]).status == 422)
        let place = "/workspaces/\(workspace)"
        let tag = try #require(try caller.call("GET", place).header("etag"))
        #expect(try caller.call("GET", place, condition: "If-None-Match: \(tag)\r\n").status == 304)
        let renamed = try caller.call("PUT", place, ["name": "Book"], condition: "If-Match: \"x\", \(tag)\r\n")
        #expect(renamed.status == 200)
        let hook: [String: Any] = [
            "url": "https://hooks.example.com/services/T0001/B0002/SeCrEtPaTh1?sig=SeCrEtSiGn2", "events": ["*"],
            "active": false, "workspaceId": workspace,
        ]
        let made = try caller.data("POST", "/webhooks", hook)
        let changed = try caller.call(
            "PUT", "/webhooks/\(try #require(made["id"] as? String))", ["url": hook["url"] ?? "", "active": false])
        #expect(changed.status == 200)
        let key = try #require(try caller.data("POST", "/api-keys", ["name": "key"])["key"] as? String)
        let token = caller.token
        caller.token = key
        #expect(try caller.call("GET", "/workspaces?limit=5").status == 200)
        caller.token = token
        let chat = try caller.call("POST", "/workspaces/\(workspace)/chat", ["message": "Hello?", "stream": true])
        #expect(chat.text.contains("event: done"))
        #expect(try caller.call("GET", "/workspaces/\(workspace)/conversations").status == 200)
        #expect(try caller.call("DELETE", "/workspaces/\(workspace)").status == 200)
        #expect(try caller.call("GET", "/workspaces/\(workspace)").status == 404)
        // It mentions passwords but contains none.
        #expect(try caller.call("GET", "/openapi.json").status == 200)
        #expect(try caller.call("POST", "/auth/logout").status == 200)
        #expect(try caller.call("GET", "/users/me").status == 401)
        gateway.signal(SIGTERM)
        #expect(gateway.end() == 0)
        let secrets = [
            login["refreshToken"] as? String ?? "", made["secret"] as? String ?? "", "SeCrEtPaTh1", "SeCrEtSiGn2",
        ]
        return (file, [Self.password, token, key] + secrets)
    }

    @Test func aSessionOfTheRealFunctionsReplaysOnAnEmptyFolder() throws {
        let (file, secrets) = try recordSession()
        let text = try String(contentsOfFile: file, encoding: .utf8)
        for secret in secrets { #expect(!text.contains(secret)) }
        let mode = try FileManager.default.attributesOfItem(atPath: file)[.posixPermissions] as? Int
        #expect(mode == 0o600)
        for line in text.split(separator: "\n").dropFirst() {
            let entry = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
            #expect(entry?["sequence"] is Int && entry?["function"] is String && entry?["request"] is [String: Any])
        }
        let replay = try command.run(["replay", file])
        #expect(replay.status == 0 && replay.text.contains("19 same, 0 different"), "\(replay.text)")
        // A replay leaves nothing behind, so it can be repeated.
        #expect(try command.run(["replay", file]).status == 0)
        #expect(!FileManager.default.fileExists(atPath: command.folder.appendingPathComponent("data").path))
    }

    @Test func secretsAreKeptWhenThatIsAsked() throws {
        let (file, secrets) = try recordSession(["--record-secrets"])
        let text = try String(contentsOfFile: file, encoding: .utf8)
        for secret in secrets { #expect(text.contains(secret)) }
        #expect(try command.run(["replay", file]).status == 0)
        // Change one recorded response: the replay must report that difference.
        let changed = try command.write(
            text.replacingOccurrences(of: #"\"role\":\"owner\""#, with: #"\"role\":\"viewer\""#), to: "changed")
        let replay = try command.run(["replay", changed])
        #expect(
            replay.status == 1 && replay.text.contains("body.data.role")
                && replay.text.contains(#""viewer" → "owner""#), "\(replay.text)")
        #expect(try command.run(["replay", changed, "--ignore", "role"]).status == 0)
        #expect(
            try command.run(["replay", changed, "--ignore", "body.data.role", "--ignore", "body.data[*].role"]).status
                == 0
        )
    }

    @Test func anotherAnswerIsShownWithItsPath() throws {
        let file = command.folder.appendingPathComponent("session.ndjson").path
        let gateway = try TestRunner(["--record", file])
        let client = try gateway.connect()
        #expect(try client.ask("GET", "/echo/one").text == "one")
        #expect(try client.say("crash", to: "/moody").status == 502)
        #expect(try client.ask("GET", "/nowhere").status == 404)
        let functions = gateway.folder.appendingPathComponent("functions").path
        gateway.signal(SIGTERM)
        #expect(gateway.end() == 0)
        let same = try command.run(["replay", file], functions: functions)
        #expect(same.status == 0 && same.text.contains("2 same, 0 different"), "\(same.text)")
        _ = try command.shell([
            "sed", "-i", "s/reply(request\\[\"pathParameters\"\\]\\[\"name\"\\])/reply(\"two\")/", "\(functions)/look",
        ])
        let other = try command.run(["replay", file], functions: functions)
        #expect(
            other.status == 1 && other.text.contains("1 same, 1 different")
                && other.text.contains(#"body  "one" → "two""#), "\(other.text)")
        try FileManager.default.removeItem(atPath: "\(functions)/look")
        #expect(try command.run(["replay", file], functions: functions).text.contains("look no longer exists"))
    }

    @Test func wrongFilesAreNamed() throws {
        #expect(try command.run(["replay"]).status == 64)
        #expect(try command.run(["replay", "nowhere"]).status == 66)
        let log = try command.write("{\"message\":\"request\"}\n", to: "log")
        let answer = try command.run(["replay", log])
        #expect(answer.status == 66 && answer.text.contains("not a recording"))
        let gateway = try command.run(["serve", "--port", "0", "--record", log])
        #expect(gateway.status == 1 && gateway.text.contains("the file exists"), "\(gateway.text)")
    }
}
