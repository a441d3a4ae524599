import Foundation
import Testing

@Suite struct UserTests {
    private let installation: Installation
    private let admin: String
    private let adminId: String

    init() throws {
        installation = try Installation()
        admin = try installation.register("admin@example.com")
        adminId = try #require(try installation.call("get-me", token: admin).data["id"] as? String)
    }

    /// An account with that role, and a token for it.
    private func make(_ role: String, _ email: String) throws -> (id: String, token: String) {
        let made = try installation.call(
            "create-user", token: admin, body: ["email": email, "name": "N", "password": "correct horse", "role": role])
        #expect(made.status == 201)
        let login = try installation.call("login", body: ["email": email, "password": "correct horse"])
        return (try #require(made.data["id"] as? String), try #require(login.data["token"] as? String))
    }

    private func update(_ id: String, _ body: [String: Any], by token: String) throws -> Answer {
        try installation.call("update-user", token: token, path: ["userId": id], body: body)
    }

    @Test func theWholeLifeOfAnAccount() throws {
        let made = try installation.call(
            "create-user", token: admin, body: ["email": "Bob@Example.com", "name": "Bob", "password": "correct horse"])
        let id = try #require(made.data["id"] as? String)
        #expect(made.status == 201 && made.headers["location"] == "/api/v1/users/\(id)")
        #expect(made.data["role"] as? String == "user" && made.data["lastLoginAt"] is NSNull)
        #expect(try update(id, ["name": "Robert", "role": "manager"], by: admin).data["role"] as? String == "manager")
        let seen = try installation.call("get-user", token: admin, path: ["userId": id])
        #expect(seen.data["name"] as? String == "Robert")
        #expect(try installation.call("delete-user", token: admin, path: ["userId": id]).status == 200)
        #expect(try installation.call("get-user", token: admin, path: ["userId": id]).status == 404)
        #expect(
            try installation.call("login", body: ["email": "bob@example.com", "password": "correct horse"]).status
                == 401)
    }

    @Test func listingsAreFilteredAndSearched() throws {
        _ = try make("manager", "bob@example.com")
        let carol = try make("user", "carol@example.com")
        #expect(try update(carol.id, ["name": "Ütopia", "status": "suspended"], by: admin).status == 200)
        func emails(_ query: [String: String]) throws -> [String] {
            try installation.call("list-users", token: admin, query: query).list.compactMap { $0["email"] as? String }
        }
        #expect(try emails([:]) == ["carol@example.com", "bob@example.com", "admin@example.com"])
        #expect(try emails(["role": "manager"]) == ["bob@example.com"])
        #expect(try emails(["status": "suspended"]) == ["carol@example.com"])
        #expect(try emails(["search": "üTOPIA"]) == ["carol@example.com"])
        #expect(try emails(["search": "BOB@"]) == ["bob@example.com"])
        #expect(try installation.call("list-users", token: admin, query: ["role": "king"]).status == 400)
    }

    @Test func nobodyReachesAboveTheirOwnRole() throws {
        let manager = try make("manager", "bob@example.com")
        let user = try make("user", "carol@example.com")
        #expect(try installation.call("list-users", token: user.token).code == "FORBIDDEN")
        #expect(try installation.call("list-users", token: manager.token).status == 200)
        let body = ["email": "x@example.com", "name": "X", "password": "correct horse", "role": "admin"]
        #expect(try installation.call("create-user", token: manager.token, body: body).code == "FORBIDDEN")
        #expect(try update(user.id, ["role": "admin"], by: manager.token).code == "FORBIDDEN")
        #expect(try update(manager.id, ["role": "admin"], by: manager.token).code == "FORBIDDEN")
        #expect(try update(adminId, ["name": "Hacked"], by: manager.token).code == "FORBIDDEN")
        #expect(
            try installation.call("delete-user", token: manager.token, path: ["userId": adminId]).code == "FORBIDDEN")
        #expect(try update(user.id, ["role": "manager"], by: manager.token).status == 200)
    }

    @Test func theLastActiveAdministratorStays() throws {
        for body in [["role": "user"], ["status": "suspended"]] {
            #expect(try update(adminId, body, by: admin).code == "CONFLICT")
        }
        let second = try make("admin", "bob@example.com")
        #expect(
            try installation.call("delete-user", token: admin, path: ["userId": adminId]).code == "CONFLICT",
            "not oneself")
        #expect(try update(second.id, ["status": "suspended"], by: admin).status == 200)
        #expect(try update(adminId, ["role": "manager"], by: admin).code == "CONFLICT", "the other one is not active")
        #expect(try update(second.id, ["status": "active"], by: admin).status == 200)
        #expect(try update(adminId, ["role": "manager"], by: admin).status == 200)
    }

    @Test func aKeyCannotBecomeALoginOrMore() throws {
        let body: [String: Any] = ["name": "k", "scopes": ["admin"]]
        let key = try #require(try installation.call("create-api-key", token: admin, body: body).data["key"] as? String)
        let user = try make("user", "bob@example.com")
        #expect(try update(adminId, ["password": "battery staple"], by: key).code == "FORBIDDEN")
        #expect(try update(user.id, ["role": "admin"], by: key).code == "FORBIDDEN")
        #expect(try update(user.id, ["name": "N"], by: key).status == 200)
        let made: [String: Any] = ["email": "x@example.com", "name": "X", "password": "correct horse"]
        #expect(
            try installation.call("create-user", token: key, body: made.merging(["role": "admin"]) { $1 }).code
                == "FORBIDDEN")
        #expect(try installation.call("create-user", token: key, body: made).status == 201)
        #expect(try update(adminId, ["password": "battery staple"], by: admin).fields == ["password"])
    }

    @Test func suspendingEndsSessionsAndKeysAtOnce() throws {
        let user = try make("user", "bob@example.com")
        let login = try installation.call("login", body: ["email": "bob@example.com", "password": "correct horse"])
        let refresh = try #require(login.data["refreshToken"] as? String)
        let key = try #require(
            try installation.call("create-api-key", token: user.token, body: ["name": "k"]).data["key"] as? String)
        #expect(try update(user.id, ["status": "suspended"], by: admin).status == 200)
        #expect(try installation.call("get-me", token: user.token).code == "ACCOUNT_SUSPENDED")
        #expect(try installation.call("get-me", token: key).status == 401)
        #expect(try installation.call("refresh-token", body: ["refreshToken": refresh]).code == "TOKEN_REVOKED")
        #expect(
            try installation.call("login", body: ["email": "bob@example.com", "password": "correct horse"]).code
                == "ACCOUNT_SUSPENDED")
        #expect(try update(user.id, ["status": "active"], by: admin).status == 200)
        #expect(try installation.call("get-me", token: user.token).code == "TOKEN_REVOKED", "what was ended stays so")
    }

    @Test func aNewPasswordEndsTheSessions() throws {
        let user = try make("user", "bob@example.com")
        #expect(try update(user.id, ["password": "battery staple"], by: admin).status == 200)
        #expect(try installation.call("get-me", token: user.token).code == "TOKEN_REVOKED")
        #expect(
            try installation.call("login", body: ["email": "bob@example.com", "password": "battery staple"]).status
                == 200)
    }

    @Test func whatADeletedAccountAloneOwnedGoesToWhoeverDeletedIt() throws {
        let user = try make("user", "bob@example.com")
        let workspace = try installation.makeWorkspace(user.token)
        let chat = try installation.call(
            "send-message", token: user.token, path: ["workspaceId": workspace], body: ["message": "Hello"])
        #expect(chat.status == 200)
        #expect(try installation.call("delete-user", token: admin, path: ["userId": user.id]).status == 200)
        let kept = try installation.call("get-workspace", token: admin, path: ["workspaceId": workspace])
        #expect(kept.data["ownerId"] as? String == adminId)
        #expect(kept.data["conversationCount"] as? Int == 0)
    }

    @Test func closedRegistrationLeavesAdministratorsToMakeAccounts() throws {
        let closed = try Installation(environment: ["REGISTRATION": "closed"])
        #expect(
            try closed.call("register", body: ["email": "a@example.com", "name": "A", "password": "correct horse"])
                .status == 403)
    }
}
