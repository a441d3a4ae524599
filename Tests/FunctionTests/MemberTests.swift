import Foundation
import Testing

@Suite struct MemberTests {
    private let installation: Installation
    private let owner: String
    private let other: String
    private let workspace: String

    init() throws {
        installation = try Installation()
        _ = try installation.register("admin@example.com")
        owner = try installation.register("ada@example.com")
        other = try installation.register("bob@example.com")
        workspace = try installation.makeWorkspace(owner)
    }

    private func id(_ token: String) throws -> String {
        try #require(try installation.call("get-me", token: token).data["id"] as? String)
    }

    private func add(_ body: [String: Any], by token: String) throws -> Answer {
        try installation.call("add-member", token: token, path: ["workspaceId": workspace], body: body)
    }

    private func remove(_ user: String, by token: String) throws -> Answer {
        try installation.call("remove-member", token: token, path: ["workspaceId": workspace, "userId": user])
    }

    private func status(_ name: String, _ token: String, body: Any? = nil) throws -> Int {
        try installation.call(name, token: token, path: ["workspaceId": workspace], body: body).status
    }

    @Test func rolesDecideWhatMembersMayDo() throws {
        let added = try add(["email": "BOB@example.com", "role": "viewer"], by: owner)
        #expect(added.status == 201 && added.data["role"] as? String == "viewer")
        #expect(try status("get-workspace", other) == 200)
        #expect(try status("update-workspace", other, body: ["name": "x"]) == 403)
        #expect(try add(["email": "ada@example.com", "role": "viewer"], by: other).code == "FORBIDDEN")
        #expect(try add(["userId": try id(other), "role": "editor"], by: owner).status == 200, "a member already")
        #expect(try status("update-workspace", other, body: ["name": "x"]) == 200)
        #expect(try status("delete-workspace", other) == 403)
        let listed = try installation.call("list-members", token: other, path: ["workspaceId": workspace])
        #expect(listed.list.map { $0["email"] as? String } == ["ada@example.com", "bob@example.com"])
        #expect(listed.list.map { $0["role"] as? String } == ["owner", "editor"])
    }

    @Test func whoIsTakenOutIsToldThatItDoesNotExist() throws {
        _ = try add(["email": "bob@example.com", "role": "viewer"], by: owner)
        #expect(try remove(try id(owner), by: other).code == "FORBIDDEN")
        #expect(try remove(try id(other), by: other).status == 200, "everyone may leave")
        #expect(try status("get-workspace", other) == 404)
        #expect(try remove(try id(other), by: owner).status == 404)
        #expect(try remove(try id(other), by: other).status == 404)
    }

    @Test func theLastOwnerStays() throws {
        let me = try id(owner)
        #expect(try remove(me, by: owner).code == "CONFLICT")
        #expect(try add(["userId": me, "role": "viewer"], by: owner).code == "CONFLICT")
        _ = try add(["userId": try id(other), "role": "owner"], by: owner)
        #expect(try remove(me, by: owner).status == 200)
        let seen = try installation.call("get-workspace", token: other, path: ["workspaceId": workspace])
        #expect(seen.data["ownerId"] as? String == (try id(other)))
    }

    @Test func inputIsChecked() throws {
        #expect(try add([:], by: owner).fields.sorted() == ["role", "userId"])
        #expect(try add(["role": "viewer"], by: owner).fields == ["userId"])
        #expect(
            try add(["role": "viewer", "email": "bob@example.com", "userId": try id(other)], by: owner).fields == [
                "userId"
            ])
        #expect(try add(["role": "king", "email": "nobody"], by: owner).fields.sorted() == ["email", "role"])
        #expect(try add(["role": "viewer", "userId": "usr_01JD8XKQ5Z7V3M9N2R4T6W8Y0A"], by: owner).status == 404)
    }
}
