import Foundation
import Testing

/// Limits that callers can neither multiply nor push out of the table.
@Suite struct LimitTests {
    private func attempt(
        _ name: String, _ body: [String: Any], from source: String, _ installation: Installation
    ) throws -> Answer {
        let envelope: [String: Any] = [
            "headers": ["content-type": "application/json"], "body": body,
            "requestContext": ["http": ["method": "POST", "sourceIp": source]],
        ]
        return try #require(try installation.batch(name, [envelope]).first)
    }

    private func makeKey(_ token: String, _ installation: Installation, _ more: [String: Any] = [:]) throws -> Answer {
        try installation.call(
            "create-api-key", token: token, body: ["name": "k"].merging(more) { _, own in own })
    }

    @Test func anAccountHasOneLimitForAllItsKeys() throws {
        let installation = try Installation(environment: ["RATE_LIMIT_GENERAL": "6"])
        let token = try installation.register()
        let keys = try (0..<3).map { _ in
            try #require(try makeKey(token, installation).data["key"] as? String)
        }
        let statuses = try (keys + keys).map { try installation.call("get-me", token: $0).status }
        #expect(statuses == [200, 200, 200, 429, 429, 429])
        #expect(try installation.call("get-me", token: token).status == 429)
    }

    @Test func anAccountHasSoManyKeys() throws {
        let installation = try Installation(environment: ["MAX_API_KEYS": "3"])
        let token = try installation.register()
        let expiry = ISO8601DateFormatter().string(from: Date().addingTimeInterval(3600))
        let brief = try makeKey(token, installation, ["expiresAt": expiry])
        #expect(brief.status == 201)
        let second = try makeKey(token, installation)
        #expect(try makeKey(token, installation).status == 201)
        let refused = try makeKey(token, installation)
        #expect(refused.status == 409 && refused.code == "CONFLICT")
        let id = try #require(second.data["id"] as? String)
        _ = try installation.call("delete-api-key", token: token, path: ["keyId": id])
        #expect(try makeKey(token, installation).status == 201)
        _ = try installation.query("UPDATE api_keys SET expires_at = 1 WHERE expires_at IS NOT NULL")
        #expect(try makeKey(token, installation).status == 201, "one that has expired makes room")
        #expect(try makeKey(token, installation).status == 409)
        let other = try installation.register("bob@example.com")
        #expect(try makeKey(other, installation).status == 201)
    }

    @Test func keysMadeAtOnceAreNotTooMany() throws {
        let installation = try Installation(environment: ["MAX_API_KEYS": "5"])
        let token = try installation.register()
        let line = try JSONSerialization.data(withJSONObject: [
            "headers": ["authorization": "Bearer \(token)"], "body": ["name": "k"],
        ])
        let running = try (0..<4).map { _ in
            try installation.start("create-api-key", input: Installation.lines([line, line, line]))
        }
        let statuses = try running.flatMap { try Answer.lines(try $0().standardOutput).map(\.status) }
        #expect(statuses.filter { $0 == 201 }.count == 5 && statuses.filter { $0 == 409 }.count == 7)
    }

    @Test func guessesAtTheCurrentPasswordCountByAccount() throws {
        let installation = try Installation(environment: ["RATE_LIMIT_AUTH": "3"])
        let token = try installation.register()
        let guess = ["password": "battery staple", "currentPassword": "guess"]
        for _ in 0..<3 {
            #expect(try installation.call("update-me", token: token, body: guess).code == "INVALID_CREDENTIALS")
        }
        let refused = try installation.call("update-me", token: token, body: guess)
        #expect(refused.status == 429 && (1...60).contains(Int(refused.headers["retry-after"] ?? "") ?? 0))
        // Neither another session nor another field bypasses it.
        let login = try attempt(
            "login", ["email": "ada@example.com", "password": "correct horse"], from: "192.0.2.9", installation)
        let other = try #require(login.data["token"] as? String)
        #expect(try installation.call("update-me", token: other, body: guess).status == 429)
        #expect(try installation.call("update-me", token: other, body: ["email": "bob@example.com"]).status == 429)
        #expect(try installation.call("update-me", token: other, body: ["name": "Countess"]).status == 200)
    }

    @Test func loginsCountByAddressWhateverTheAccount() throws {
        let installation = try Installation(
            environment: ["RATE_LIMIT_AUTH": "5", "RATE_LIMIT_LOGIN_ADDRESS": "4"])
        func logIn(_ name: String, from source: String) throws -> Answer {
            try attempt("login", ["email": "\(name)@example.com", "password": "guess"], from: source, installation)
        }
        for number in 0..<4 { #expect(try logIn("user\(number)", from: "192.0.2.1").status == 401) }
        let refused = try logIn("another", from: "192.0.2.1")
        #expect(refused.status == 429 && refused.headers["x-ratelimit-limit"] == "4")
        #expect(try logIn("another", from: "192.0.2.2").status == 401)
        #expect(try installation.call("get-me").headers["x-ratelimit-limit"] == nil)
    }

    /// From outside, the counter of an unknown address looks exactly like that of an account.
    @Test func theLimitTellsNothingOfWhoHasAnAccount() throws {
        let installation = try Installation(environment: ["RATE_LIMIT_AUTH": "3", "RATE_LIMIT_LOGIN_ADDRESS": "0"])
        _ = try attempt(
            "register", ["email": "ada@example.com", "password": "correct horse", "name": "Ada"], from: "192.0.2.7",
            installation)
        func logIns(_ name: String) throws -> [String] {
            try (0..<5).map { _ in
                let answer = try attempt(
                    "login", ["email": "\(name)@example.com", "password": "guess"], from: "192.0.2.1", installation)
                return "\(answer.status) \(answer.headers["x-ratelimit-remaining"] ?? "") \(answer.message.prefix(20))"
            }
        }
        #expect(try logIns("ada") == logIns("nobody"))
    }

    @Test func madeUpRefreshTokensPushNoCounterOut() throws {
        let installation = try Installation(environment: ["RATE_LIMIT_AUTH": "5", "RATE_LIMIT_LOGIN_ADDRESS": "100"])
        _ = try attempt(
            "register", ["email": "ada@example.com", "password": "correct horse", "name": "Ada"], from: "192.0.2.7",
            installation)
        func logIn() throws -> Int {
            try attempt("login", ["email": "ada@example.com", "password": "guess"], from: "192.0.2.1", installation)
                .status
        }
        for status in [401, 401, 401, 401, 401, 429] { #expect(try logIn() == status) }
        var lines = Data()
        for number in 0..<120_000 {
            lines += Data(
                """
                {"requestContext":{"http":{"method":"POST","path":"/api/v1/auth/refresh","sourceIp":"192.0.2.1"}},\
                "headers":{"content-type":"application/json"},"body":"{\\"refreshToken\\":\\"nxr_\(number)\\"}"}

                """.utf8)
        }
        let output = try installation.run("refresh-token", input: lines)
        #expect(output.status == 0)
        #expect(try logIn() == 429)
    }

    /// Recording the time of last use must not hold up a read.
    @Test func aKeyReadsWhileSomebodyElseWritesForLong() throws {
        let installation = try Installation(environment: ["DATABASE_TIMEOUT_MS": "300"])
        let token = try installation.register()
        let key = try #require(try makeKey(token, installation, ["scopes": ["read"]]).data["key"] as? String)
        let writer = try installation.holdWriteLock(seconds: 3, thenRun: "SELECT 1", onlyRowsOf: "api_keys")
        for name in ["list-workspaces", "get-me"] { #expect(try installation.call(name, token: key).status == 200) }
        #expect(try installation.query("SELECT count(*) FROM api_keys WHERE last_used_at IS NOT NULL") == ["0"])
        #expect(try writer().status == 0)
        #expect(try installation.call("get-me", token: key).status == 200)
        #expect(try installation.query("SELECT count(*) FROM api_keys WHERE last_used_at IS NOT NULL") == ["1"])
    }
}
