import Foundation
import Testing

/// Entity tags, ranges, HEAD, OPTIONS and requests from other origins.
@Suite struct ConditionTests {
    private let installation: Installation
    private let token: String
    private let workspace: String

    init() throws {
        installation = try Installation(environment: ["CORS_ORIGINS": "https://app.example.com,http://localhost:5173"])
        token = try installation.register()
        workspace = try installation.makeWorkspace(token)
    }

    private func call(_ name: String, _ headers: [String: String] = [:], body: Any? = nil) throws -> Answer {
        try installation.call(name, token: token, path: ["workspaceId": workspace], headers: headers, body: body)
    }

    @Test func whatTheClientHasIsNotSentAgain() throws {
        let tag = try #require(try call("get-workspace").headers["etag"])
        #expect(tag.hasPrefix("\"") && tag.hasSuffix("\""))
        for list in [tag, "W/\(tag)", "\"x\", \(tag)", "*"] {
            let answer = try call("get-workspace", ["if-none-match": list])
            #expect(answer.status == 304 && answer.body.isEmpty && answer.headers["etag"] == tag, "\(list)")
            #expect(answer.headers["content-type"] == nil)
        }
        #expect(try call("get-workspace", ["if-none-match": "\"x\""]).status == 200)
        #expect(try call("update-workspace", body: ["name": "Other"]).status == 200)
        #expect(try call("get-workspace", ["if-none-match": tag]).status == 200)
    }

    @Test func aStaleChangeIsRefused() throws {
        let tag = try #require(try call("get-workspace").headers["etag"])
        #expect(try call("update-workspace", ["if-match": tag], body: ["name": "First"]).status == 200)
        let late = try call("update-workspace", ["if-match": tag], body: ["name": "Second"])
        #expect(late.status == 412 && late.code == "PRECONDITION_FAILED")
        #expect(try call("get-workspace").data["name"] as? String == "First")
        #expect(try call("delete-workspace", ["if-match": tag]).status == 412)
        let weak = "W/" + (try #require(try call("get-workspace").headers["etag"]))
        #expect(try call("update-workspace", ["if-match": weak], body: ["name": "Weak"]).status == 412)
        #expect(try call("update-workspace", ["if-match": "*"], body: ["name": "Third"]).status == 200)
        let current = try #require(try call("get-workspace").headers["etag"])
        #expect(try call("delete-workspace", ["if-match": current]).status == 200)
    }

    @Test func aChangeOfNothingChangesNothing() throws {
        let user = try #require(try installation.call("get-me", token: token).data["id"] as? String)
        let document = try #require(
            try installation.upload("text", named: "a.txt", to: workspace, token: token).data["id"] as? String)
        let hook = try installation.call(
            "create-webhook", token: token, body: ["url": "https://example.com/h", "events": ["*"], "active": false])
        let paths = [
            "workspaceId": workspace, "userId": user, "documentId": document,
            "webhookId": try #require(hook.data["id"] as? String),
        ]
        let listener = try installation.call(
            "create-webhook", token: token, body: ["url": "https://example.com/events", "events": ["*"]])
        #expect(listener.status == 201)
        for what in ["workspace", "me", "user", "document", "webhook"] {
            let before = try installation.call("get-\(what)", token: token, path: paths)
            let answer = try installation.call("update-\(what)", token: token, path: paths, body: ["unknown": 1])
            #expect(
                answer.status == 200 && answer.data["updatedAt"] as? String == before.data["updatedAt"] as? String,
                "\(what)")
        }
        #expect(try installation.query("SELECT kind FROM events") == [])
    }

    /// Other members' actions change a workspace's counters, which a PUT cannot overwrite.
    @Test func aCounterThatMovedIsNewsButNoConflict() throws {
        let tag = try #require(try call("get-workspace").headers["etag"])
        #expect(try call("send-message", body: ["message": "Hello"]).status == 200)
        let news = try call("get-workspace", ["if-none-match": tag])
        #expect(news.status == 200 && news.data["conversationCount"] as? Int == 1)
        #expect(try call("update-workspace", ["if-match": tag], body: ["name": "Renamed"]).status == 200)
        #expect(try call("update-workspace", ["if-match": tag], body: ["name": "Late"]).status == 412)

        let account = try #require(try installation.call("get-me", token: token).headers["etag"])
        let login = ["email": "ada@example.com", "password": "correct horse"]
        #expect(try installation.call("login", body: login).status == 200)
        #expect(try installation.call("get-me", token: token, headers: ["if-none-match": account]).status == 200)
        let change = ["name": "Countess"]
        #expect(
            try installation.call("update-me", token: token, headers: ["if-match": account], body: change).status == 200
        )
        #expect(
            try installation.call("update-me", token: token, headers: ["if-match": account], body: change).status == 412
        )
    }

    @Test func partsOfADocumentAreSent() throws {
        let made = try installation.upload("0123456789", named: "digits.txt", to: workspace, token: token)
        let path = ["workspaceId": workspace, "documentId": try #require(made.data["id"] as? String)]
        func content(_ headers: [String: String]) throws -> Answer {
            try installation.call("get-document-content", token: token, path: path, headers: headers)
        }
        let whole = try content([:])
        let tag = try #require(whole.headers["etag"])
        #expect(whole.headers["accept-ranges"] == "bytes" && whole.body == Data("0123456789".utf8))
        let parts = [
            ("0-3", "0123", "0-3"), ("7-", "789", "7-9"), ("-2", "89", "8-9"), ("8-99", "89", "8-9"),
            ("-99", "0123456789", "0-9"),
        ]
        for (range, text, shown) in parts {
            let part = try content(["range": "bytes=\(range)"])
            #expect(part.status == 206 && part.body == Data(text.utf8), "\(range)")
            #expect(
                part.headers["content-range"] == "bytes \(shown)/10"
                    && part.headers["content-length"] == "\(text.count)")
        }
        for range in ["bytes=10-", "bytes=-0", "bytes=99999999999999999999-"] {
            let answer = try content(["range": range])
            #expect(
                answer.status == 416 && answer.code == "RANGE_NOT_SATISFIABLE"
                    && answer.headers["content-range"] == "bytes */10")
        }
        for range in ["bytes=5-2", "bytes=a-b", "bytes=0-1,3-4", "lines=0-1", "bytes=-", "bytes=+1-2"] {
            #expect(try content(["range": range]).status == 200, "\(range)")
        }
        #expect(try content(["range": "bytes=0-3", "if-range": tag]).status == 206)
        #expect(try content(["range": "bytes=0-3", "if-range": "\"old\""]).status == 200)
        for range in ["bytes=0-3", "bytes=900-"] {
            #expect(try content(["if-none-match": tag, "range": range]).status == 304)
        }
        #expect(try content(["if-none-match": tag]).status == 304)
    }

    @Test func browsersOfOtherOriginsAreAllowedByName() throws {
        let allowed = try call("get-workspace", ["origin": "https://app.example.com"])
        #expect(allowed.headers["access-control-allow-origin"] == "https://app.example.com")
        #expect(allowed.headers["vary"] == "Origin")
        #expect(allowed.headers["access-control-expose-headers"]?.contains("etag") == true)
        let refused = try call("get-workspace", ["origin": "https://evil.example.com"])
        #expect(refused.status == 200 && refused.headers["access-control-allow-origin"] == nil)
        let failing = try installation.call("get-me", headers: ["origin": "http://localhost:5173"])
        #expect(failing.status == 401 && failing.headers["access-control-allow-origin"] == "http://localhost:5173")
    }

    @Test func optionsAreTold() throws {
        let envelope: [String: Any] = [
            "headers": ["origin": "http://localhost:5173", "access-control-request-method": "PATCH"],
            "requestContext": ["http": ["method": "OPTIONS", "path": "/api/v1/workspaces/\(workspace)"]],
        ]
        let answer = try #require(try installation.batch("update-workspace", [envelope]).first)
        #expect(answer.status == 204 && answer.body.isEmpty)
        #expect(answer.headers["allow"] == "PUT, PATCH, OPTIONS")
        #expect(answer.headers["access-control-allow-methods"] == "PUT, PATCH, OPTIONS")
        #expect(answer.headers["access-control-allow-headers"]?.contains("authorization") == true)
    }

    @Test func anyOriginMayBeAllowed() throws {
        let open = try Installation(environment: ["CORS_ORIGINS": "*"])
        let answer = try open.call("health", headers: ["origin": "https://anywhere.example"])
        #expect(answer.headers["access-control-allow-origin"] == "*")
        #expect(try Installation(environment: ["CORS_ORIGINS": "app.example.com"]).run("health").status == 78)
    }
}
