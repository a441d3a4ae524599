import Foundation
import Testing

@Suite struct IdempotencyTests {
    private let installation: Installation
    private let token: String

    init() throws {
        installation = try Installation()
        token = try installation.register()
    }

    private func create(_ name: String, key: String, token: String? = nil) throws -> Answer {
        try installation.call(
            "create-workspace", token: token ?? self.token, headers: ["idempotency-key": key], body: ["name": name])
    }

    @Test func theFirstAnswerIsGivenAgain() throws {
        let first = try create("Handbook", key: "k1")
        let second = try create("Handbook", key: "k1")
        #expect(first.status == 201 && second.status == 201)
        #expect(first.body == second.body && first.headers["location"] == second.headers["location"])
        #expect(first.headers["idempotent-replayed"] == nil && second.headers["idempotent-replayed"] == "true")
        #expect(try create("Handbook", key: "k2").data["id"] as? String != first.data["id"] as? String)
        #expect(try create("Other", key: "k1").code == "IDEMPOTENCY_KEY_REUSED")
        let stranger = try installation.register("eve@example.com")
        #expect(try create("Other", key: "k1", token: stranger).status == 201, "keys belong to their caller")
    }

    @Test func twoHundredParallelCreatesMakeOneWorkspace() throws {
        let envelope = try JSONSerialization.data(withJSONObject: [
            "headers": ["authorization": "Bearer \(token)", "idempotency-key": "same"], "body": ["name": "One"],
        ])
        let lines = Installation.lines(Array(repeating: envelope, count: 10))
        let running = try (0..<20).map { _ in try installation.start("create-workspace", input: lines) }
        let answers = try running.flatMap { try Answer.lines(try $0().standardOutput) }
        #expect(answers.count == 200 && answers.allSatisfy { $0.status == 201 })
        #expect(Set(answers.map(\.body)).count == 1)
        #expect(answers.filter { $0.headers["idempotent-replayed"] == nil }.count == 1)
        #expect(try installation.call("list-workspaces", token: token).list.count == 1)
    }

    @Test func aStreamIsNotGivenToWhoAsksForJSON() throws {
        let path = ["workspaceId": try installation.makeWorkspace(token)]
        func ask(_ accept: String) throws -> Answer {
            let headers = ["idempotency-key": "k", "accept": accept]
            return try installation.call(
                "send-message", token: token, path: path, headers: headers, body: ["message": "Hello"])
        }
        #expect(try ask("text/event-stream").headers["content-type"]?.hasPrefix("text/event-stream") == true)
        #expect(try ask("application/json").code == "IDEMPOTENCY_KEY_REUSED")
        #expect(try ask("Text/Event-Stream;q=0.5").headers["idempotent-replayed"] == "true")
        #expect(try ask("application/json, text/event-stream;q=0.1").code == "IDEMPOTENCY_KEY_REUSED")
    }

    @Test func theGatewaysWayOfRoutingMakesNoOtherRequest() throws {
        let bare: [String: Any] = [
            "headers": ["authorization": "Bearer \(token)", "idempotency-key": "k"], "body": ["name": "One"],
            "rawPath": "/api/v1/workspaces",
        ]
        let proxied = bare.merging(["pathParameters": ["proxy": "api/v1/workspaces"]]) { _, own in own }
        let answers = try installation.batch("create-workspace", [proxied, bare, proxied])
        #expect(answers.map(\.status) == [201, 201, 201])
        #expect(Set(answers.map(\.body)).count == 1)
    }

    @Test func whatFailedMayBeTriedAgain() throws {
        #expect(try create("", key: "k").status == 422)
        #expect(try create("Handbook", key: "k").status == 201)
    }

    @Test func uploadsAreDoneOnceWhateverTheBoundary() throws {
        let workspace = try installation.makeWorkspace(token)
        func upload(boundary: String, content: String) throws -> Answer {
            let envelope: [String: Any] = [
                "headers": [
                    "authorization": "Bearer \(token)", "idempotency-key": "up",
                    "content-type": "multipart/form-data; boundary=\(boundary)",
                ],
                "pathParameters": ["workspaceId": workspace],
                "body": "--\(boundary)\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.txt\"\r\n\r\n"
                    + "\(content)\r\n--\(boundary)--\r\n",
            ]
            return try #require(try installation.batch("upload-document", [envelope]).first)
        }
        let first = try upload(boundary: "AA", content: "text")
        let second = try upload(boundary: "BB", content: "text")
        #expect(first.status == 201 && second.status == 201 && first.body == second.body)
        #expect(second.headers["idempotent-replayed"] == "true")
        #expect(try upload(boundary: "AA", content: "other").code == "IDEMPOTENCY_KEY_REUSED")
    }

    @Test func aNewKeyInTheClearIsNotKept() throws {
        let body: [String: Any] = ["name": "k"]
        let headers = ["idempotency-key": "secret-answer"]
        let first = try installation.call("create-api-key", token: token, headers: headers, body: body)
        let again = try installation.call("create-api-key", token: token, headers: headers, body: body)
        let key = try #require(first.data["key"] as? String)
        #expect(again.data["key"] as? String == key)
        #expect(try installation.storedBytes().range(of: Data(key.dropFirst(10).utf8)) == nil)
    }

    /// A stored response must reveal nothing about others: responses begin alike, and people choose the same keys.
    @Test func recordsOfOneKeyHaveNothingInCommon() throws {
        let stranger = try installation.register("eve@example.com")
        _ = try create("Handbook", key: "k1")
        _ = try create("Handbook", key: "k1", token: stranger)
        let records = try installation.query(
            """
            SELECT \(Installation.hex("fingerprint")), \(Installation.hex("substr(body, 1, 24)")),
                \(Installation.hex("id")) FROM idempotency_keys
            """
        )
        .map { $0.components(separatedBy: "|") }
        try #require(records.count == 2 && records.allSatisfy { $0.count == 3 })
        for column in 0..<3 {
            #expect(records[0][column].prefix(12) != records[1][column].prefix(12), "column \(column)")
        }
    }

    @Test func keysOfAnotherFormAreRefused() throws {
        #expect(try create("x", key: "").status == 400)
        #expect(try create("x", key: String(repeating: "k", count: 256)).status == 400)
    }
}
