import Foundation
import Testing

/// Chat about the texts of two licences that every Debian installation contains.
@Suite struct ChatTests {
    private let installation: Installation
    private let token: String
    private let workspace: String

    init() throws {
        installation = try Installation()
        token = try installation.register()
        workspace = try installation.makeWorkspace(token)
        for name in ["GPL-3", "Apache-2.0"] {
            let text = try String(contentsOfFile: "/usr/share/common-licenses/\(name)", encoding: .utf8)
            #expect(try installation.upload(text, named: name, to: workspace, token: token).status == 201)
        }
    }

    private func ask(_ message: String, _ more: [String: Any] = [:], as caller: String? = nil) throws -> Answer {
        try installation.call(
            "send-message", token: caller ?? token, path: ["workspaceId": workspace],
            body: ["message": message].merging(more) { _, new in new })
    }

    @Test func anAnswerCitesThePassageItStandsOn() throws {
        let answer = try ask("What must I do when I convey modified source versions?", ["mode": "query"])
        #expect(answer.status == 200)
        let message = try #require(answer.data["message"] as? [String: Any])
        let content = try #require(message["content"] as? String)
        let sources = try #require(message["sources"] as? [[String: Any]])
        let cited = try #require(
            sources.first {
                (($0["position"] as? [String: Any])?["heading"] as? String)?.contains(
                    "5. Conveying Modified Source Versions") == true
            })
        let number = try #require(cited["number"] as? Int)
        #expect(content.contains("[\(number)]"))
        #expect(content.contains("prominent notices stating that you modified it"))
        #expect(cited["documentName"] as? String == "GPL-3")
    }

    @Test func aQuestionHasNoOperators() throws {
        _ = try installation.upload(
            "The option -maxdepth limits how many levels of folders find descends.", named: "find.txt", to: workspace,
            token: token)
        for question in ["What does find -maxdepth do?", "What does \"maxdepth option\" limit?"] {
            let message = try #require(try ask(question, ["mode": "query"]).data["message"] as? [String: Any])
            let sources = try #require(message["sources"] as? [[String: Any]])
            #expect(sources.first?["documentName"] as? String == "find.txt", "\(question)")
        }
    }

    @Test func whatTheDocumentsDoNotTellIsSaidPlainly() throws {
        let answer = try ask("What is the capital of France?", ["mode": "query"])
        let message = try #require(answer.data["message"] as? [String: Any])
        #expect((message["content"] as? String)?.contains("found nothing in the documents") == true)
        #expect((message["sources"] as? [Any])?.isEmpty == true)
    }

    @Test func conversationsKeepTheirHistory() throws {
        let first = try ask("Who may distribute copies?")
        let id = try #require(first.data["conversationId"] as? String)
        #expect(try ask("And what of patents?", ["conversationId": id]).status == 200)
        let path = ["workspaceId": workspace, "conversationId": id]
        let history = try installation.call("list-messages", token: token, path: path)
        #expect(history.list.map { $0["role"] as? String } == ["user", "assistant", "user", "assistant"])
        #expect(history.list.first?["content"] as? String == "Who may distribute copies?")
        let shown = try installation.call("get-conversation", token: token, path: path)
        #expect(shown.data["messageCount"] as? Int == 4)
        #expect(
            try installation.call("update-conversation", token: token, path: path, body: ["title": "Rights"]).data[
                "title"] as? String == "Rights")
        let unchanged = try installation.call("update-conversation", token: token, path: path, body: [String: Any]())
        #expect(unchanged.status == 200 && unchanged.data["title"] as? String == "Rights")
        #expect(
            try installation.call(
                "list-conversations", token: token, path: ["workspaceId": workspace], query: ["search": "rights"]
            ).list.count == 1)
        #expect(try installation.call("delete-conversation", token: token, path: path).status == 200)
        #expect(try installation.call("get-conversation", token: token, path: path).status == 404)
        #expect(try ask("Still there?", ["conversationId": id]).status == 404)
    }

    @Test func aConversationBelongsToWhoBeganIt() throws {
        let elsewhere = try Installation()
        _ = try elsewhere.register("admin@example.com")
        let owner = try elsewhere.register("owner@example.com")
        let space = try elsewhere.makeWorkspace(owner)
        let begun = try elsewhere.call(
            "send-message", token: owner, path: ["workspaceId": space], body: ["message": "Hello"])
        let id = try #require(begun.data["conversationId"] as? String)
        let admin = try #require(
            try elsewhere.call("login", body: ["email": "admin@example.com", "password": "correct horse"]).data["token"]
                as? String)
        let path = ["workspaceId": space, "conversationId": id]
        #expect(try elsewhere.call("get-conversation", token: owner, path: path).status == 200)
        #expect(try elsewhere.call("get-conversation", token: admin, path: path).status == 404)
    }

    @Test func aStreamTellsTheSameStoryInEvents() throws {
        let envelope: [String: Any] = [
            "headers": ["authorization": "Bearer \(token)"], "pathParameters": ["workspaceId": workspace],
            "body": ["message": "What must I do when I convey modified source versions?", "stream": true],
        ]
        let lines = try installation.batch("send-message", [envelope])
        #expect(lines.first?.status == 200 && lines.first?.line["stream"] as? Bool == true)
        #expect(lines.first?.headers["content-type"]?.hasPrefix("text/event-stream") == true)
        #expect(lines.last?.line["end"] as? Bool == true)
        let events = lines.compactMap { $0.line["chunk"] as? String }.joined()
        let names = events.split(separator: "\n").filter { $0.hasPrefix("event: ") }.map { $0.dropFirst(7) }
        #expect(names.first == "start" && names.dropFirst().first == "sources" && names.last == "done")
        #expect(names.filter { $0 == "delta" }.count > 10)
        #expect(events.contains(#""finishReason":"stop""#))
    }

    @Test(arguments: [
        ("text/event-stream", true), ("application/json, text/event-stream", true), ("text/event-stream;q=0", false),
        ("application/json, text/event-stream;q=0.1", false), ("Text/Event-Stream; q=0.9, */*;q=0.5", true),
        ("*/*", false), ("application/json", false), ("text/event-stream;q=x", false),
    ]) func theFormIsWhatIsAccepted(accept: String, isStream: Bool) throws {
        let answer = try installation.call(
            "send-message", token: token, path: ["workspaceId": workspace], headers: ["accept": accept],
            body: ["message": "Hello"])
        #expect(answer.headers["content-type"]?.hasPrefix("text/event-stream") == isStream)
    }

    @Test func aStreamIsGivenAgainUnderItsKey() throws {
        let envelope: [String: Any] = [
            "headers": ["authorization": "Bearer \(token)", "idempotency-key": "k"],
            "pathParameters": ["workspaceId": workspace],
            "body": ["message": "What must I do when I convey modified source versions?", "stream": true],
        ]
        func ask() throws -> (headers: [String: String], events: String) {
            let lines = try installation.batch("send-message", [envelope])
            return (try #require(lines.first).headers, lines.compactMap { $0.line["chunk"] as? String }.joined())
        }
        let (first, second) = (try ask(), try ask())
        #expect(first.events.contains("event: done") && first.events == second.events)
        #expect(first.headers["idempotent-replayed"] == nil && second.headers["idempotent-replayed"] == "true")
        #expect(first.headers["content-type"] == second.headers["content-type"])
        let listed = try installation.call("list-conversations", token: token, path: ["workspaceId": workspace])
        #expect(listed.list.count == 1, "asked once")
    }
}
