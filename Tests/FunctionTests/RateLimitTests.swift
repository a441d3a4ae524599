import Foundation
import Testing

@Suite struct RateLimitTests {
    private func envelope(_ token: String) -> [String: Any] { ["headers": ["authorization": "Bearer \(token)"]] }

    @Test func of150ConcurrentRequestsExactly100Pass() throws {
        let installation = try Installation(environment: ["RATE_LIMIT_GENERAL": "100"])
        let token = try installation.register()
        let names = ["list-workspaces", "get-me", "list-api-keys"]
        let lines = Installation.lines(
            try (0..<10).map { _ in try JSONSerialization.data(withJSONObject: envelope(token)) })
        // Fifteen processes of three functions at the same time, ten requests each.
        let running = try (0..<15).map { try installation.start(names[$0 % 3], input: lines) }
        let answers = try running.flatMap { try Answer.lines(try $0().standardOutput) }
        #expect(answers.count == 150)
        #expect(answers.filter { $0.status == 200 }.count == 100)
        let refused = answers.filter { $0.status == 429 }
        #expect(refused.count == 50 && refused.allSatisfy { $0.code == "RATE_LIMIT_EXCEEDED" })
        #expect(refused.allSatisfy { (1...60).contains(Int($0.headers["retry-after"] ?? "") ?? 0) })
        let remaining = answers.filter { $0.status == 200 }.compactMap {
            Int($0.headers["x-ratelimit-remaining"] ?? "")
        }
        #expect(remaining.sorted() == Array(0..<100))
        #expect(answers.allSatisfy { $0.headers["x-ratelimit-limit"] == "100" })
        let reset = Double(answers[0].headers["x-ratelimit-reset"] ?? "") ?? 0
        #expect((0...61).contains(reset - Date().timeIntervalSince1970))
        // Another caller has a separate limit.
        let other = try installation.register("bob@example.com")
        #expect(try installation.call("get-me", token: other).status == 200)
    }

    @Test func accountsCountByAddressAlone() throws {
        let installation = try Installation(environment: ["RATE_LIMIT_AUTH": "1"])
        func register(_ name: String, from source: String) throws -> Answer {
            let envelope: [String: Any] = [
                "headers": ["content-type": "application/json"],
                "body": ["email": "\(name)@example.com", "password": "correct horse", "name": name],
                "requestContext": ["http": ["method": "POST", "sourceIp": source]],
            ]
            return try #require(try installation.batch("register", [envelope]).first)
        }
        for number in 0..<10 { #expect(try register("user\(number)", from: "192.0.2.1").status == 201) }
        let refused = try register("another", from: "192.0.2.1")
        #expect(refused.status == 429 && refused.code == "RATE_LIMIT_EXCEEDED")
        #expect((3000...3600).contains(Int(refused.headers["retry-after"] ?? "") ?? 0))
        #expect(try register("another", from: "192.0.2.2").status == 201)
    }

    @Test func attemptsToLogInCountByAddressAndAccount() throws {
        let installation = try Installation(environment: ["RATE_LIMIT_AUTH": "3", "TRUSTED_PROXIES": "10.0.0.0/8, ::1"])
        func attempt(_ email: String, from source: String, forwarded: String? = nil) throws -> Int {
            var headers = ["content-type": "application/json"]
            headers["x-forwarded-for"] = forwarded
            let envelope: [String: Any] = [
                "headers": headers, "body": ["email": email, "password": "wrong password"],
                "requestContext": ["http": ["method": "POST", "sourceIp": source]],
            ]
            return try #require(try installation.batch("login", [envelope]).first).status
        }
        for _ in 0..<3 { #expect(try attempt("ada@example.com", from: "192.0.2.1") == 401) }
        #expect(try attempt("ADA@example.com ", from: "192.0.2.1") == 429)
        #expect(try attempt("bob@example.com", from: "192.0.2.1") == 401)
        #expect(try attempt("ada@example.com", from: "192.0.2.2") == 401)
        #expect(
            try attempt("ada@example.com", from: "203.0.113.9", forwarded: "192.0.2.7") == 401, "no proxy: not believed"
        )
        // Behind trusted proxies, the right-most address that is not one of theirs counts.
        #expect(try attempt("ada@example.com", from: "10.0.0.1", forwarded: "198.51.100.1, 192.0.2.1, 10.2.3.4") == 429)
        #expect(try attempt("ada@example.com", from: "::1", forwarded: "192.0.2.1:4711") == 429)
        #expect(try attempt("ada@example.com", from: "10.0.0.1", forwarded: "192.0.2.1, 198.51.100.1") == 401)
        // A client controls a whole IPv6 network.
        for last in 1...3 { #expect(try attempt("ada@example.com", from: "2001:db8:1:2::\(last)") == 401) }
        #expect(try attempt("ada@example.com", from: "2001:db8:1:2:ffff::1") == 429)
        #expect(try attempt("ada@example.com", from: "2001:db8:1:3::1") == 401)
    }

    /// Every new account has a different e-mail address, so a limit by address and account would never apply.
    @Test func accountsCountByWhereTheyAreMadeFrom() throws {
        let installation = try Installation(environment: ["RATE_LIMIT_AUTH": "1"])
        func register(_ number: Int, from source: String) throws -> Answer {
            let envelope: [String: Any] = [
                "body": ["email": "u\(number)@example.com", "password": "correct horse", "name": "U"],
                "requestContext": ["http": ["method": "POST", "sourceIp": source]],
                "headers": ["content-type": "application/json"],
            ]
            return try #require(try installation.batch("register", [envelope]).first)
        }
        for number in 1...10 { #expect(try register(number, from: "192.0.2.1").status == 201) }
        let refused = try register(11, from: "192.0.2.1")
        #expect(refused.status == 429 && (3000...3600).contains(Int(refused.headers["retry-after"] ?? "") ?? 0))
        #expect(try register(11, from: "192.0.2.2").status == 201)
        let closed = try register(12, from: "192.0.2.2")
        #expect(closed.headers["x-ratelimit-limit"] == "1", "the narrower limit is the one that is told")
    }

    @Test func classesAreCountedApart() throws {
        let installation = try Installation(
            environment: ["RATE_LIMIT_GENERAL": "5", "RATE_LIMIT_CHAT": "1", "RATE_LIMIT_UPLOAD": "1"])
        let token = try installation.register()
        let workspace = try installation.makeWorkspace(token)
        let path = ["workspaceId": workspace]
        #expect(try installation.upload("some text", named: "a.txt", to: workspace, token: token).status == 201)
        #expect(try installation.upload("more text", named: "b.txt", to: workspace, token: token).status == 429)
        #expect(try installation.call("send-message", token: token, path: path, body: ["message": "x"]).status == 200)
        let refused = try installation.call("send-message", token: token, path: path, body: ["message": "x"])
        #expect(refused.status == 429 && refused.headers["x-ratelimit-limit"] == "1")
        let general = try installation.call("get-workspace", token: token, path: path)
        #expect(general.headers["x-ratelimit-remaining"] == "3", "the workspace was made, and now it was read")
        #expect(try installation.call("health").headers["x-ratelimit-limit"] == nil)
    }

    @Test func aBadListOfProxiesStopsTheStart() throws {
        for value in ["10.0.0.0/33", "example.com", "::/129", "1.2.3"] {
            let output = try Installation(environment: ["TRUSTED_PROXIES": value]).run("health")
            #expect(output.status == 78 && output.standardError.contains("TRUSTED_PROXIES"), "\(value)")
        }
    }

    @Test func aDamagedTableCountsAnew() throws {
        let installation = try Installation(environment: ["RATE_LIMIT_GENERAL": "2", "RATE_LIMITS": "machine"])
        let token = try installation.register()
        for status in [200, 200, 429] { #expect(try installation.call("get-me", token: token).status == status) }
        let file = installation.folder.appendingPathComponent("data/limits.bin")
        try Data("junk".utf8).write(to: file)
        #expect(try installation.call("get-me", token: token).status == 200)
    }
}
