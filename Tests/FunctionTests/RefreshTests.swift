import Foundation
import Testing

/// Refresh tokens in practice: several tabs, and lost responses.
@Suite struct RefreshTests {
    private func begin(_ installation: Installation) throws -> (token: String, refresh: String) {
        let made = try installation.call(
            "register", body: ["email": "ada@example.com", "password": "correct horse", "name": "Ada"])
        return (
            try #require(made.data["token"] as? String), try #require(made.data["refreshToken"] as? String)
        )
    }

    private func refresh(_ token: String, _ installation: Installation) throws -> Answer {
        try installation.call("refresh-token", body: ["refreshToken": token])
    }

    @Test func fiftyTabsGetTheSameSuccessor() throws {
        // With an installation's default limits.
        let installation = try Installation(
            environment: ["RATE_LIMIT_AUTH": "5", "RATE_LIMIT_LOGIN_ADDRESS": "5", "RATE_LIMIT_GENERAL": "100"])
        let first = try begin(installation)
        let line = try JSONSerialization.data(withJSONObject: [
            "body": ["refreshToken": first.refresh], "headers": ["content-type": "application/json"],
            "requestContext": ["http": ["method": "POST", "sourceIp": "192.0.2.1"]],
        ])
        let running = try (0..<10).map { _ in
            try installation.start("refresh-token", input: Installation.lines(Array(repeating: line, count: 5)))
        }
        let answers = try running.flatMap { try Answer.lines(try $0().standardOutput) }
        #expect(answers.count == 50 && answers.allSatisfy { $0.status == 200 })
        let successors = Set(answers.compactMap { $0.data["refreshToken"] as? String })
        #expect(successors.count == 1 && !successors.contains(first.refresh))
        for answer in answers.prefix(3) {
            let token = try #require(answer.data["token"] as? String)
            #expect(try installation.call("get-me", token: token).status == 200)
        }
        #expect(try refresh(try #require(successors.first), installation).status == 200, "the session lives")
    }

    @Test func aTokenWhoseSuccessorWasUsedEndsTheSession() throws {
        let installation = try Installation()
        let first = try begin(installation)
        let second = try #require(try refresh(first.refresh, installation).data["refreshToken"] as? String)
        #expect(try refresh(first.refresh, installation).data["refreshToken"] as? String == second)
        let third = try refresh(second, installation)
        let token = try #require(third.data["token"] as? String)
        #expect(try installation.call("get-me", token: token).status == 200)
        let reused = try refresh(first.refresh, installation)
        #expect(reused.status == 401 && reused.code == "TOKEN_REVOKED")
        #expect(try installation.call("get-me", token: token).code == "TOKEN_REVOKED")
        let last = try #require(third.data["refreshToken"] as? String)
        #expect(try refresh(last, installation).code == "TOKEN_REVOKED")
    }

    @Test(arguments: [31, -31]) func aLateReuseEndsTheSession(secondsAgo: Int) throws {
        let installation = try Installation()
        let first = try begin(installation)
        let second = try #require(try refresh(first.refresh, installation).data["refreshToken"] as? String)
        _ = try installation.query("UPDATE refresh_tokens SET used_at = used_at - \(secondsAgo * 1000)")
        #expect(try refresh(first.refresh, installation).code == "TOKEN_REVOKED")
        #expect(try refresh(second, installation).code == "TOKEN_REVOKED")
    }

    @Test func withoutGraceEachTokenWorksOnce() throws {
        let installation = try Installation(environment: ["REFRESH_GRACE_SECONDS": "0"])
        let first = try begin(installation)
        let next = try refresh(first.refresh, installation)
        #expect(next.status == 200)
        #expect(try refresh(first.refresh, installation).code == "TOKEN_REVOKED")
        let token = try #require(next.data["token"] as? String)
        #expect(try installation.call("get-me", token: token).code == "TOKEN_REVOKED")
    }

    /// A copy of the database must not give anybody a session.
    @Test func theDatabaseAloneTellsNoSuccessor() throws {
        let installation = try Installation()
        let first = try begin(installation)
        let second = try #require(try refresh(first.refresh, installation).data["refreshToken"] as? String)
        let dump = try installation.query(
            "SELECT \(Installation.hex("hash")), \(Installation.hex("successor_nonce")) FROM refresh_tokens"
        ).joined()
        for token in [first.refresh, second] {
            let bytes = Data(token.utf8).map { String(format: "%02X", $0) }.joined()
            #expect(!dump.contains(bytes))
        }
        _ = try refresh(second, installation)
        #expect(
            try installation.query("SELECT count(*) FROM refresh_tokens WHERE successor_nonce IS NOT NULL") == ["1"],
            "only of the last that was used")
    }
}
