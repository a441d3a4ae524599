import Foundation
import Testing

@Suite struct AccountTests {
    private let installation: Installation

    init() throws { installation = try Installation() }

    private func logIn(_ email: String, _ password: String) throws -> Answer {
        try installation.call("login", body: ["email": email, "password": password])
    }

    @Test func theFirstUserIsAdminAndLaterOnesAreUsers() throws {
        let first = try installation.call(
            "register", body: ["email": "Ada@Example.com", "password": "correct horse", "name": " Ada "])
        #expect(first.status == 201)
        #expect(first.data["tokenType"] as? String == "Bearer")
        #expect(first.data["expiresIn"] as? Int == 3600)
        let user = try #require(first.data["user"] as? [String: Any])
        #expect(user["role"] as? String == "admin" && user["name"] as? String == "Ada")
        #expect(user["password_hash"] == nil && user["passwordHash"] == nil)
        let second = try installation.call(
            "register", body: ["email": "b@example.com", "password": "correct horse", "name": "B"])
        #expect((second.data["user"] as? [String: Any])?["role"] as? String == "user")
        let taken = try installation.call(
            "register", body: ["email": "ADA@example.COM", "password": "correct horse", "name": "C"])
        #expect(taken.status == 409 && taken.code == "CONFLICT")
    }

    @Test func everyInvalidFieldIsNamed() throws {
        let answer = try installation.call("register", body: ["email": "no", "password": "short", "name": "  "])
        #expect(answer.status == 422 && answer.code == "VALIDATION_ERROR")
        #expect(answer.fields == ["email", "password", "name"])
        let wrongTypes = try installation.call("register", body: ["email": 1, "password": [], "name": ["a": 1]])
        #expect(wrongTypes.fields == ["email", "password", "name"])
    }

    /// crypt(3) takes at most 511 bytes, and 256 characters can be longer than that.
    @Test(arguments: ["é", "語", "🔑", "a"])
    func theLongestPasswordsWork(_ character: String) throws {
        let password = String(repeating: character, count: 256)
        let made = try installation.call(
            "register", body: ["email": "a@example.com", "password": password, "name": "A"])
        #expect(made.status == 201)
        #expect(try logIn("a@example.com", password).status == 200)
        #expect(try logIn("a@example.com", password.dropLast() + "x").code == "INVALID_CREDENTIALS")
    }

    @Test func registrationCanBeClosed() throws {
        let closed = try Installation(environment: ["REGISTRATION": "closed"])
        let answer = try closed.call(
            "register", body: ["email": "a@example.com", "password": "correct horse", "name": "A"])
        #expect(answer.status == 403 && answer.code == "FORBIDDEN")
    }

    @Test func loginTellsNothingAboutWhichHalfWasWrong() throws {
        _ = try installation.register()
        #expect(try logIn("ADA@example.com", "correct horse").status == 200)
        let wrong = try logIn("ada@example.com", "wrong horse")
        let unknown = try logIn("nobody@example.com", "wrong horse")
        #expect(wrong.status == 401 && wrong.code == "INVALID_CREDENTIALS")
        #expect(wrong.error["message"] as? String == unknown.error["message"] as? String)
        #expect(unknown.status == 401)
    }

    @Test func logoutEndsTheSessionAtOnce() throws {
        let token = try installation.register()
        #expect(try installation.call("logout", token: token).status == 200)
        #expect(try installation.call("get-me", token: token).code == "TOKEN_REVOKED")
    }

    @Test func aNewPasswordTakesTheOldOneAndEndsOtherSessions() throws {
        let token = try installation.register()
        let other = try #require(try logIn("ada@example.com", "correct horse").data["token"] as? String)
        let without = try installation.call("update-me", token: token, body: ["password": "battery staple"])
        #expect(without.status == 422 && without.fields == ["currentPassword"])
        let wrong = try installation.call(
            "update-me", token: token, body: ["password": "battery staple", "currentPassword": "nope"])
        #expect(wrong.code == "INVALID_CREDENTIALS")
        let changed = try installation.call(
            "update-me", token: token,
            body: ["password": "battery staple", "currentPassword": "correct horse", "name": "Countess"])
        #expect(changed.status == 200 && changed.data["name"] as? String == "Countess")
        #expect(try installation.call("get-me", token: other).code == "TOKEN_REVOKED")
        #expect(try installation.call("get-me", token: token).status == 200)
        #expect(try logIn("ada@example.com", "correct horse").status == 401)
        #expect(try logIn("ada@example.com", "battery staple").status == 200)
    }

    /// Checking a password takes a while. A password change during that time must not leave a session that was begun
    /// with the old password.
    @Test func aLoginDoesNotOutliveAChangeOfThePasswordItWasCheckedAgainst() throws {
        let token = try installation.register()
        let writer = try installation.holdWriteLock(
            seconds: 2, thenRun: "UPDATE users SET password_hash = (SELECT password_hash FROM users) || 'x'")
        // Both check the password and then wait for the write lock.
        let envelopes: [(String, [String: Any])] = [
            ("login", ["body": ["email": "ada@example.com", "password": "correct horse"]]),
            (
                "update-me",
                [
                    "headers": ["authorization": "Bearer \(token)"],
                    "body": ["password": "battery staple", "currentPassword": "correct horse"],
                ]
            ),
        ]
        let running = try envelopes.map { name, envelope in
            try installation.start(name, input: try JSONSerialization.data(withJSONObject: envelope))
        }
        for answer in try running.map({ try Answer.lines(try $0().standardOutput)[0] }) {
            #expect(answer.status == 401 && answer.code == "INVALID_CREDENTIALS")
        }
        #expect(try writer().status == 0)
    }

    @Test func onlyOurOwnSignatureIsAccepted() throws {
        let token = try installation.register()
        let parts = token.split(separator: ".").map(String.init)
        let none = Data(#"{"alg":"none","typ":"JWT"}"#.utf8).base64EncodedString().replacingOccurrences(
            of: "=", with: "")
        let flipped = (parts[2].first == "A" ? "B" : "A") + parts[2].dropFirst()
        for forged in [
            "\(parts[0]).\(parts[1]).\(flipped)", "\(none).\(parts[1]).", "\(none).\(parts[1]).\(parts[2])",
            "\(parts[0]).\(parts[1])", "", "x.y.z", token + "=",
            token.replacing("-", with: "+").replacing("_", with: "/") + "=",
        ] {
            let answer = try installation.call("get-me", token: forged)
            #expect(answer.status == 401 && answer.code == "UNAUTHORIZED", "\(forged)")
        }
        let basic = try installation.call("get-me", headers: ["authorization": "Basic \(token)"])
        #expect(basic.status == 401)
    }

    @Test func tokensExpire() throws {
        let brief = try Installation(environment: ["ACCESS_TOKEN_TTL": "1"])
        let token = try brief.register()
        Thread.sleep(forTimeInterval: 2.1)
        let answer = try brief.call("get-me", token: token)
        #expect(answer.status == 401 && answer.code == "TOKEN_EXPIRED")
    }
}
