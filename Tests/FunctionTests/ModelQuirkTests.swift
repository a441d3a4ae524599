import Foundation
import Testing

/// Chat with models that differ from OpenAI's: in what they accept, in how they answer, and in how long they take.
@Suite struct ModelQuirkTests {
    private let provider: ModelProvider
    private let installation: Installation
    private let token: String
    private let workspace: String

    private static let question = "What must I do when I convey modified source versions?"
    private static let said = "Mark your changes [1], and say [1] when [0]: `a[99]` é😀."

    init() throws {
        provider = try ModelProvider()
        installation = try Installation(environment: provider.environment(["LLM_TIMEOUT_SECONDS": "2"]))
        token = try installation.register()
        workspace = try installation.makeWorkspace(token)
        let text = try String(contentsOfFile: "/usr/share/common-licenses/GPL-3", encoding: .utf8)
        #expect(try installation.upload(text, named: "GPL-3", to: workspace, token: token).status == 201)
    }

    private func lines(_ body: [String: Any]) throws -> [Answer] {
        let envelope: [String: Any] = [
            "headers": ["authorization": "Bearer \(token)"], "pathParameters": ["workspaceId": workspace],
            "body": ["message": Self.question].merging(body) { _, new in new },
        ]
        return try installation.batch("send-message", [envelope])
    }

    private func ask(_ body: [String: Any]) throws -> Answer { try #require(try lines(body).first) }

    private func stream(_ body: [String: Any]) throws -> StreamedEvents {
        StreamedEvents(try lines(body.merging(["stream": true]) { _, new in new }))
    }

    private func content(_ answer: Answer) -> String? {
        (answer.data["message"] as? [String: Any])?["content"] as? String
    }

    // MARK: Refused parameters

    /// Each question is asked by a new process, so what was learned is stored.
    @Test(
        arguments: [
            ("strict", 3, ["max_completion_tokens"], ["max_tokens", "temperature"]),
            ("limitless", 3, ["temperature"], ["max_tokens", "max_completion_tokens"]),
            ("plainest", 3, ["max_tokens", "stream"], ["stream_options", "temperature"]),
            ("gemma", 2, ["max_tokens", "temperature"], []), ("template", 2, ["max_tokens", "temperature"], []),
        ] as [(String, Int, [String], [String])])
    func whatAModelRefusesIsLeftOutAndRemembered(model: String, first: Int, sent: [String], omitted: [String]) throws {
        #expect(content(try ask(["model": model, "temperature": 0.5])) == Self.said)
        #expect(provider.requests.count == first)
        #expect(content(try ask(["model": model, "temperature": 0.5])) == Self.said)
        #expect(provider.requests.count == first + 1)
        #expect(try stream(["model": model]).said == Self.said)
        let last = provider.requests[first]
        #expect(sent.allSatisfy { last[$0] != nil } && omitted.allSatisfy { last[$0] == nil })
        // Another model gets everything.
        #expect(try ask(["model": "good", "temperature": 0.5]).status == 200)
        let other = try #require(provider.requests.last)
        #expect(other["max_tokens"] as? Int == 77 && other["temperature"] as? Double == 0.5)
    }

    @Test func instructionsMoveIntoTheQuestion() throws {
        #expect(try ask(["model": "gemma"]).status == 200)
        let turns = try #require(provider.requests.last?["messages"] as? [[String: String]])
        #expect(turns.map { $0["role"] } == ["user"])
        #expect(turns[0]["content"]?.hasPrefix("You are a helpful assistant") == true)
        #expect(turns[0]["content"]?.hasSuffix(Self.question) == true)
    }

    @Test func aModelThatMayNotStreamAnswersAtOnce() throws {
        #expect(try stream(["model": "unverified"]).said == "All at once [1].")
        #expect(content(try ask(["model": "unverified"])) == "All at once [1].")
        #expect(provider.requests.map { $0["stream"] as? Bool } == [true, false, false])
    }

    @Test func aModelThatRefusesEverythingIsAskedAFewTimes() throws {
        let answer = try ask(["model": "stubborn", "temperature": 1])
        #expect((answer.status, answer.code) == (502, "LLM_REJECTED"))
        #expect(answer.headers["retry-after"] == nil)
        #expect((2...7).contains(provider.requests.count))
        // Nothing is learned from failures.
        #expect(try ask(["model": "stubborn"]).status == 502)
        #expect(provider.requests.last?["messages"] != nil)
        #expect(try installation.query("SELECT count(*) FROM settings WHERE name = 'model_quirks'") == ["0"])
    }

    @Test func noTemperatureIsSentUnlessSomebodySetOne() throws {
        #expect(try ask([:]).status == 200)
        #expect(provider.requests.last?["temperature"] == nil)
        let path = ["workspaceId": workspace]
        let settings: [String: Any] = ["settings": ["temperature": 0]]
        #expect(try installation.call("update-workspace", token: token, path: path, body: settings).status == 200)
        #expect(try ask([:]).status == 200)
        #expect(provider.requests.last?["temperature"] as? Double == 0)
    }

    // MARK: Context

    @Test func aConversationThatIsTooLongIsCutOnce() throws {
        let first = try ask(["model": "small", "topK": 1, "message": "Who conveys?"])
        let id = try #require(first.data["conversationId"] as? String)
        for _ in 0..<4 {
            let long =
                ["model": "good", "topK": 1, "conversationId": id, "message": String(repeating: "convey ", count: 60)]
                as [String: Any]
            #expect(try ask(long).status == 200)
        }
        let before = provider.requests.count
        let answer = try ask(["model": "small", "conversationId": id, "topK": 1])
        #expect(content(answer) == "Short [1] and.")
        #expect(provider.requests.count == before + 2)
    }

    @Test func passagesThatDoNotFitAreNoSources() throws {
        let events = try stream(["model": "small", "topK": 8])
        #expect(events.names.prefix(3) == ["start", "sources", "sources"])
        let shown = events.all.compactMap { ($0.data["sources"] as? [[String: Any]])?.count }
        #expect(shown.count == 2 && shown[0] == 8 && shown[1] < 8)
        let id = try #require(events["start"]?["conversationId"] as? String)
        let kept = try installation.call(
            "list-messages", token: token, path: ["workspaceId": workspace, "conversationId": id]
        ).list
        #expect((kept.last?["sources"] as? [Any])?.count == shown[1])
    }

    @Test func whatCannotBeCutEnoughIsRejected() throws {
        let answer = try ask(["model": "tiny"])
        #expect((answer.status, answer.code) == (502, "LLM_REJECTED"))
        #expect(answer.message == "The conversation is too long for the language model")
        #expect(provider.requests.count == 2)
    }

    // MARK: Answers

    @Test(arguments: [
        ("parts", "In parts [1]."), ("reasons", "Done [1]."), ("mislabelled", said),
    ])
    func answersOfOtherShapesAreRead(model: String, text: String) throws {
        #expect(content(try ask(["model": model])) == text)
        #expect(try stream(["model": model]).said == text)
    }

    @Test func aModelThatBeginsWithReasoningIsRecognised() throws {
        #expect(content(try ask(["model": "prompted"])) == "Done [1].")
        #expect(try stream(["model": "prompted"]).said == "Done [1].")
    }

    /// The first stream cannot know that its beginning is reasoning, but the stored answer does.
    @Test func reasoningThatWasStreamedIsNotStored() throws {
        let events = try stream(["model": "prompted"])
        #expect(events.said.hasSuffix("Done [1]."))
        let id = try #require(events["start"]?["conversationId"] as? String)
        let kept = try installation.call(
            "list-messages", token: token, path: ["workspaceId": workspace, "conversationId": id]
        ).list
        #expect(kept.last?["content"] as? String == "Done [1].")
        #expect(try stream(["model": "prompted"]).said == "Done [1].")
    }

    @Test(arguments: [
        ("empty", 503, "The language model's answer has no text"),
        ("spent", 502, "The language model used up its tokens, probably for its reasoning, before it began to answer"),
        ("withheld", 502, "The content filter of the language model's provider withheld the answer"),
    ])
    func anAnswerWithoutTextIsAnError(model: String, status: Int, message: String) throws {
        let answer = try ask(["model": model])
        #expect((answer.status, answer.message) == (status, message))
        let events = try stream(["model": model])
        #expect(events.names.last == "error")
        #expect((events["error"]?["error"] as? [String: Any])?["message"] as? String == message)
    }

    @Test func aFilteredAnswerSaysSo() throws {
        let answer = try ask(["model": "filtered"])
        #expect(content(answer) == "I can")
        #expect(answer.data["finishReason"] as? String == "content_filter")
        #expect(try stream(["model": "filtered"])["done"]?["finishReason"] as? String == "content_filter")
    }

    // MARK: Time

    @Test func anAnswerMayTakeLongWhileItsTokensCome() throws {
        let words = (0..<10).map { "word\($0) " }.joined()
        #expect(try stream(["model": "slow"]).said == words)
        #expect(content(try ask(["model": "slow"])) == words)
    }

    /// Proxies end connections that are silent.
    @Test func aCommentComesWhileAModelThinks() throws {
        let lines = try lines(["model": "ponders", "stream": true])
        let text = lines.compactMap { $0.line["chunk"] as? String }.joined()
        #expect(text.contains("\n\n: keep-alive\n\nevent: delta\ndata: {\"content\":\"At last.\"}\n\n"))
    }

    @Test func theWholeAnswerHasALimitToo() throws {
        let short = try Installation(environment: provider.environment(["LLM_TOTAL_SECONDS": "1"]))
        let token = try short.register()
        let space = try short.makeWorkspace(token)
        let answer = try short.call(
            "send-message", token: token, path: ["workspaceId": space], body: ["message": "Hello", "model": "slow"])
        #expect((answer.status, answer.message) == (503, "The language model did not answer in time"))
    }
}
