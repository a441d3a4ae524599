import Foundation
import Testing

@Suite struct WorkspaceTests {
    private let installation: Installation
    private let admin: String
    private let token: String

    init() throws {
        installation = try Installation()
        admin = try installation.register("admin@example.com")
        token = try installation.register("ada@example.com")
    }

    @Test func namesCanBeSeenAndTurnNothingAround() throws {
        let installation = try Installation()
        let token = try installation.register()
        for name in ["\u{200B}\u{200D}", " \u{FEFF} ", "\u{2800}", "a\u{202E}fdp.exe", "a\u{2066}b", "a\u{7}b"] {
            let answer = try installation.call("create-workspace", token: token, body: ["name": name])
            #expect(answer.status == 422 && answer.fields == ["name"], "\(name.unicodeScalars.map(\.value))")
        }
        for name in ["👩\u{200D}💻", "می\u{200C}خواهم", "א\u{200E}1", "❤\u{FE0F}"] {
            #expect(
                try installation.call("create-workspace", token: token, body: ["name": name]).data["name"] as? String
                    == name)
        }
    }

    /// SQLite's LIKE ends a pattern at a NUL, so the pattern would match everything.
    @Test func aNULMatchesNothing() throws {
        let installation = try Installation()
        let token = try installation.register()
        _ = try installation.makeWorkspace(token)
        for name in ["list-workspaces", "list-users"] {
            let answer = try installation.call(name, token: token, query: ["search": "\0"])
            #expect(answer.status == 400, "\(name)")
        }
    }

    @Test func theWholeLifeOfAWorkspace() throws {
        let created = try installation.call(
            "create-workspace", token: token,
            body: ["name": " Hand book ", "description": "d", "settings": ["topK": 9, "chatMode": "query"]])
        #expect(created.status == 201)
        let id = try #require(created.data["id"] as? String)
        #expect(created.headers["location"] == "/api/v1/workspaces/\(id)")
        #expect(created.data["name"] as? String == "Hand book")
        #expect((created.data["slug"] as? String)?.hasPrefix("hand-book-") == true)
        #expect(created.data["role"] as? String == "owner")

        let updated = try installation.call(
            "update-workspace", token: token, path: ["workspaceId": id],
            body: ["name": "Manual", "settings": ["temperature": 1]])
        let settings = try #require(updated.data["settings"] as? [String: Any])
        #expect(settings["topK"] as? Int == 9 && settings["temperature"] as? Int == 1)
        #expect(settings["chatMode"] as? String == "query")
        #expect(updated.data["description"] as? String == "d")

        #expect(
            try installation.call("get-workspace", token: token, path: ["workspaceId": id]).data["name"] as? String
                == "Manual")
        #expect(try installation.call("delete-workspace", token: token, path: ["workspaceId": id]).status == 200)
        #expect(try installation.call("get-workspace", token: token, path: ["workspaceId": id]).status == 404)
    }

    @Test func otherTenantsAreToldThatItDoesNotExist() throws {
        let id = try installation.makeWorkspace(token)
        let stranger = try installation.register("eve@example.com")
        for name in ["get-workspace", "update-workspace", "delete-workspace", "list-documents", "search-documents"] {
            let answer = try installation.call(name, token: stranger, path: ["workspaceId": id], body: ["query": "x"])
            #expect(answer.status == 404 && answer.code == "NOT_FOUND", "\(name)")
        }
        #expect(try installation.call("list-workspaces", token: stranger).list.isEmpty)
        let seen = try installation.call("get-workspace", token: admin, path: ["workspaceId": id])
        #expect(seen.status == 200 && seen.data["role"] as? String == "owner")
        let absent = try installation.call("get-workspace", token: token, path: ["workspaceId": "ws_nonsense"])
        #expect(absent.status == 404)
    }

    /// A listing passes rows on, whereas a single workspace is decoded and encoded as a model.
    @Test(arguments: ["createdAt", "-name"])
    func aListingShowsAWorkspaceAsItIsShownAlone(sort: String) throws {
        let viewer = try installation.register("viewer@example.com")
        for (name, description) in [("Quotes \"and\" \\", "ä€😀\tline\n\u{1}"), ("Plain", "")] {
            let made = try installation.call(
                "create-workspace", token: token,
                body: ["name": name, "description": description, "settings": ["systemPrompt": "Say \"no\"\n"]])
            let added = try installation.call(
                "add-member", token: token, path: ["workspaceId": try #require(made.data["id"] as? String)],
                body: ["email": "viewer@example.com", "role": "viewer"])
            #expect(added.status == 201)
        }
        for caller in [token, admin, viewer] {
            let listing = try installation.call("list-workspaces", token: caller, query: ["sort": sort]).list
            #expect(listing.count == 2)
            for listed in listing {
                let id = try #require(listed["id"] as? String)
                let alone = try installation.call("get-workspace", token: caller, path: ["workspaceId": id]).data
                #expect(NSDictionary(dictionary: listed) == NSDictionary(dictionary: alone))
            }
        }
    }

    @Test func settingsAreCheckedByName() throws {
        let answer = try installation.call(
            "create-workspace", token: token,
            body: ["name": "", "settings": ["topK": 51, "temperature": "hot", "chatMode": "x"]])
        #expect(answer.status == 422)
        #expect(Set(answer.fields) == ["name", "settings.topK", "settings.temperature", "settings.chatMode"])
    }

    @Test func listingsArePagedSortedAndSearched() throws {
        let envelopes = (1...23).map { number -> [String: Any] in
            [
                "headers": ["authorization": "Bearer \(token)"],
                "body": ["name": "Space \(number)", "description": "50%_off"],
            ]
        }
        let made = try installation.batch("create-workspace", envelopes)
        #expect(made.allSatisfy { $0.status == 201 })
        func list(_ query: [String: String]) throws -> Answer {
            try installation.call("list-workspaces", token: token, query: query)
        }
        let first = try list([:])
        #expect(first.list.count == 20 && first.list.first?["name"] as? String == "Space 23")
        #expect(first.pagination["total"] as? Int == 23 && first.pagination["totalPages"] as? Int == 2)
        #expect(first.pagination["hasNext"] as? Bool == true && first.pagination["hasPrev"] as? Bool == false)
        let second = try list(["page": "2"])
        #expect(second.list.count == 3 && second.list.last?["name"] as? String == "Space 1")
        #expect(try list(["sort": "createdAt", "limit": "1"]).list.first?["name"] as? String == "Space 1")
        #expect(try list(["sort": "-name", "limit": "1"]).list.first?["name"] as? String == "Space 9")
        #expect(try list(["search": "SPACE 7"]).list.count == 1)
        #expect(try list(["search": "%_"]).list.count == 20, "wildcards are taken literally")
        #expect(try list(["search": "0%x"]).list.isEmpty)
        for query in [["page": "abc"], ["page": "0"], ["limit": "0"], ["limit": "101"], ["sort": "color"]] {
            let answer = try list(query)
            #expect(answer.status == 400 && answer.code == "BAD_REQUEST", "\(query)")
        }
    }
}
