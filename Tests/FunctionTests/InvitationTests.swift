import Foundation
import Testing

/// Adding a member by e-mail address must not reveal who has an account.
@Suite struct InvitationTests {
    private let installation: Installation
    private let owner: String
    private let workspace: String

    init() throws {
        installation = try Installation()
        _ = try installation.register("admin@example.com")
        owner = try installation.register("ada@example.com")
        workspace = try installation.makeWorkspace(owner)
    }

    private func add(_ email: String, _ role: String = "viewer") throws -> Answer {
        try installation.call(
            "add-member", token: owner, path: ["workspaceId": workspace], body: ["email": email, "role": role])
    }

    private func members(_ token: String) throws -> [[String: Any]] {
        try installation.call("list-members", token: token, path: ["workspaceId": workspace]).list
    }

    private func see(_ token: String) throws -> Int {
        try installation.call("get-workspace", token: token, path: ["workspaceId": workspace]).status
    }

    /// A response without the values that are unique to it.
    private func form(_ data: [String: Any]) -> [String: String] {
        var form = data.compactMapValues { $0 as? String }
        for key in ["invitationId", "invitedAt", "expiresAt", "email"] { form[key] = form[key].map { _ in "" } }
        return form
    }

    @Test func theAnswerIsTheSameWithAndWithoutAnAccount() throws {
        let bob = try installation.register("Bob@Example.com")
        let (known, unknown) = (try add("bob@example.com"), try add("nobody@example.com"))
        #expect(known.status == 201 && unknown.status == 201)
        #expect(known.data.keys.sorted() == unknown.data.keys.sorted())
        #expect(form(known.data) == form(unknown.data))
        #expect(known.data["userId"] == nil && known.data["name"] == nil)
        #expect(known.data["email"] as? String == "bob@example.com", "as it was asked for")
        // Neither a second request nor the list of members reveals the difference.
        #expect(try add("bob@example.com", "editor").status == 200)
        #expect(try add("nobody@example.com", "editor").status == 200)
        let listed = try members(owner)
        try #require(listed.map { $0["status"] as? String } == ["active", "pending", "pending"])
        #expect(form(listed[1]) == form(listed[2]))
        #expect(try see(bob) == 200, "by coming, the invited becomes a member")
        let joined = try members(owner)
        try #require(joined.compactMap { $0["userId"] }.count == 2)
        #expect(joined[1]["email"] as? String == "Bob@Example.com" && joined[1]["role"] as? String == "editor")
    }

    @Test func whoMakesTheAccountIsAMember() throws {
        #expect(try add("new@example.com", "editor").status == 201)
        let new = try installation.register("NEW@example.com")
        #expect(try members(owner).map { $0["status"] as? String } == ["active", "active"])
        #expect(try installation.call("list-workspaces", token: new).list.count == 1)
        #expect(try see(new) == 200)
    }

    @Test func theListingOfWorkspacesHasThoseOfInvitations() throws {
        let bob = try installation.register("bob@example.com")
        _ = try add("bob@example.com")
        #expect(try installation.call("list-workspaces", token: bob).list.map { $0["id"] as? String } == [workspace])
    }

    @Test func othersSeeNoInvitations() throws {
        let bob = try installation.register("bob@example.com")
        _ = try add("bob@example.com")
        _ = try add("nobody@example.com")
        #expect(try see(bob) == 200)
        #expect(try members(bob).map { $0["email"] as? String } == ["ada@example.com", "bob@example.com"])
        let page = try installation.call(
            "list-members", token: owner, path: ["workspaceId": workspace], query: ["limit": "2", "page": "2"])
        #expect(page.list.map { $0["email"] as? String } == ["nobody@example.com"])
        #expect(page.pagination["total"] as? Int == 3)
    }

    @Test func anInvitationCanBeTakenBack() throws {
        let bob = try installation.register("bob@example.com")
        let id = try #require(try add("bob@example.com").data["invitationId"] as? String)
        func remove(_ id: String, by token: String) throws -> Int {
            try installation.call(
                "remove-member", token: token, path: ["workspaceId": workspace, "userId": id]
            ).status
        }
        #expect(try remove(id, by: bob) == 403, "who was invited is a member by asking")
        let again = try #require(try add("nobody@example.com").data["invitationId"] as? String)
        #expect(try remove(again, by: owner) == 200)
        #expect(try remove(again, by: owner) == 404)
        #expect(try members(owner).count == 2)
        _ = try installation.register("nobody@example.com")
        #expect(try members(owner).count == 2)
        let carol = try installation.register("carol@example.com")
        let user = try #require(try installation.call("get-me", token: carol).data["id"] as? String)
        _ = try add("carol@example.com")
        #expect(try remove(user, by: owner) == 200, "whoever knows the account can name it, too")
        #expect(try see(carol) == 404)
    }

    /// Accepting them takes the write lock during a GET.
    @Test func oneVisitAcceptsAHundred() throws {
        let envelopes = (0..<149).map { number -> [String: Any] in
            ["headers": ["authorization": "Bearer \(owner)"], "body": ["name": "Space \(number)"]]
        }
        #expect(try installation.batch("create-workspace", envelopes).allSatisfy { $0.status == 201 })
        let bob = try installation.register("bob@example.com")
        _ = try installation.query(
            "INSERT INTO invitations SELECT replace(id, 'ws_', 'inv_'), id, 'bob@example.com', 'bob@example.com',"
                + " 'viewer', created_at, created_at + 86400000 FROM workspaces")
        for count in [100, 150, 150] {
            let listed = try installation.call("list-workspaces", token: bob)
            #expect(listed.pagination["total"] as? Int == count)
        }
    }

    /// Inviting one address again and again must not fill the database, and nobody may learn of others' invitations.
    @Test func aHundredInvitationsWaitForAnAddress() throws {
        let first = try add("new@example.com")
        let envelopes = (0..<100).map { number -> [String: Any] in
            ["headers": ["authorization": "Bearer \(owner)"], "body": ["name": "Space \(number)"]]
        }
        let spaces = try installation.batch("create-workspace", envelopes).compactMap { $0.data["id"] as? String }
        let answers = try installation.batch(
            "add-member",
            spaces.map { space -> [String: Any] in
                [
                    "headers": ["authorization": "Bearer \(owner)"], "pathParameters": ["workspaceId": space],
                    "body": ["email": "new@example.com", "role": "viewer"],
                ]
            })
        #expect(answers.count == 100 && answers.allSatisfy { $0.status == 201 && form($0.data) == form(first.data) })
        #expect(try installation.query("SELECT count(*) FROM invitations") == ["100"])
        #expect(try add("new@example.com", "editor").status == 200, "one that waits can change")
        let new = try installation.register("new@example.com")
        #expect(try installation.call("list-workspaces", token: new).pagination["total"] as? Int == 100)
    }

    @Test func anOldInvitationIsForgotten() throws {
        let bob = try installation.register("bob@example.com")
        _ = try add("bob@example.com")
        _ = try installation.query("UPDATE invitations SET expires_at = 1")
        #expect(try see(bob) == 404)
        #expect(try members(owner).count == 1)
    }

    @Test func theInvitedAreNoOwnersYet() throws {
        let me = try #require(try installation.call("get-me", token: owner).data["id"] as? String)
        for email in ["admin@example.com", "nobody@example.com"] {
            _ = try add(email, "owner")
            let left = try installation.call(
                "remove-member", token: owner, path: ["workspaceId": workspace, "userId": me])
            #expect(left.status == 409, "\(email)")
        }
    }

    /// Webhooks must not reveal it either.
    @Test func theEventComesWithTheMember() throws {
        _ = try installation.call(
            "create-webhook", token: owner,
            body: ["url": "https://example.com/", "events": ["*"], "workspaceId": workspace])
        let bob = try installation.register("bob@example.com")
        _ = try add("bob@example.com")
        let query = "SELECT count(*) FROM events WHERE kind = 'workspace.user.added'"
        #expect(try installation.query(query) == ["0"])
        #expect(try see(bob) == 200)
        #expect(try installation.query(query) == ["1"])
    }

    /// A manager must not gain access to documents by removing their owner.
    @Test(arguments: [true, false]) func onlyAdministratorsInherit(deletedByManager: Bool) throws {
        let administrator = try installation.call(
            "login", body: ["email": "admin@example.com", "password": "correct horse"])
        let admin = try #require(administrator.data["token"] as? String)
        let manager = try installation.register("manager@example.com")
        func id(_ token: String) throws -> String {
            try #require(try installation.call("get-me", token: token).data["id"] as? String)
        }
        let managerId = try id(manager)
        for (user, role) in [(managerId, "manager")] {
            let changed = try installation.call(
                "update-user", token: admin, path: ["userId": user], body: ["role": role])
            #expect(changed.status == 200)
        }
        // The first administrator has precedence over a newer one and over a suspended one.
        for name in ["late", "suspended"] {
            let other = try id(try installation.register("\(name)@example.com"))
            let role = try installation.call(
                "update-user", token: admin, path: ["userId": other], body: ["role": "admin"])
            #expect(role.status == 200)
        }
        _ = try installation.query(
            "UPDATE users SET status = 'suspended', created_at = 1 WHERE email LIKE 'suspended%'")
        #expect(try see(manager) == 404)
        let removed = try installation.call(
            "delete-user", token: deletedByManager ? manager : admin, path: ["userId": try id(owner)])
        #expect(removed.status == 200)
        #expect(try see(manager) == 404)
        let seen = try installation.call("get-workspace", token: admin, path: ["workspaceId": workspace])
        #expect(seen.data["ownerId"] as? String == (try id(admin)))
    }
}
