import Models
import Testing
import Wire

@testable import Outbound
@testable import Providers

struct CompletionReaderTests {
    private final class Listener: ModelListener {
        var said = ""
        func keepWaiting() -> Bool { true }
        func receive(_ text: String) { said += text }
        func startOver() { said = "" }
    }

    private let listener = Listener()

    private func read(_ body: String, type: String) throws -> CompletionReader<Listener> {
        let reader = CompletionReader(listener: listener, startsInReasoning: false)
        _ = reader.receive(HTTPHead(status: 200, headers: [.init(name: "content-type", value: type)]))
        try Array(body.utf8).withUnsafeBufferPointer { _ = try reader.receive($0) }
        try reader.finish()
        return reader
    }

    private func stream(_ events: [String]) throws -> CompletionReader<Listener> {
        try read(events.map { "data: \($0)\n\n" }.joined(), type: "text/event-stream")
    }

    @Test(
        arguments: [
            ("stop", .stop), ("eos", .stop), ("MAX_TOKENS", .length), ("SAFETY", .contentFilter),
            ("sensitive", .contentFilter), ("error", .error), ("insufficient_system_resource", .error),
            ("abort", .error),
            ("network_error", .error),
        ] as [(String, Message.FinishReason)])
    func readsWhyItEnded(_ name: String, _ reason: Message.FinishReason) throws {
        let reader = try stream([
            #"{"choices": [{"delta": {"content": "It weighs"}}]}"#,
            #"{"choices": [{"delta": {}, "finish_reason": "\#(name)"}]}"#, "[DONE]",
        ])
        #expect(reader.finishReason == reason && listener.said == "It weighs")
    }

    @Test(arguments: [
        #"[{"type": "refusal", "refusal": "I cannot say."}]"#, #"["I cannot ", {"type": "text", "text": "say."}]"#,
        #"[{"type": "thinking", "text": "hm"}, {"text": "I cannot say."}]"#, #"{"text": "I cannot say."}"#,
    ])
    func readsPartsOfAMessage(_ content: String) throws {
        _ = try read(#"{"choices": [{"message": {"content": \#(content)}}]}"#, type: "application/json")
        #expect(listener.said == "I cannot say.")
    }

    /// Proxies and servers with a queue send events that carry none.
    @Test func onlyTextAndReasoningAreTokens() throws {
        let empty = [
            #"{"choices": []}"#, #"{"choices": [{"delta": {"role": "assistant", "content": ""}}]}"#,
            #"{"choices": [{"delta": {"reasoning": ""}}]}"#, #"{"choices": [{"delta": {}, "finish_reason": "stop"}]}"#,
        ]
        #expect(try !stream(empty).hasToken)
        #expect(try stream([#"{"choices": [{"delta": {"reasoning": "hm"}}]}"#] + empty).hasToken)
    }

    @Test func anErrorInsteadOfACompletionHasTheStatusOfItsKind() {
        let body = #"{"error": {"message": "Incorrect API key provided", "code": "invalid_api_key"}}"#
        #expect {
            _ = try read(body, type: "application/json")
        } throws: { error in
            guard let failure = error as? ProviderFailure else { return false }
            return ProviderErrors(apiKey: nil).error(failure).code == .modelRejected
        }
    }
}
