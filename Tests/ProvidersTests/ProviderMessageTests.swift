import Testing
import Wire

@testable import Providers

struct ProviderMessageTests {
    private func message(_ json: String) throws -> ProviderMessage { ProviderMessage(try JSONReader.parse(json)) }

    private static let sent: [ModelQuirk] = [
        .noMaximumTokens, .noTemperature, .noStreamOptions, .noStreaming, .noSystemRole,
    ]

    @Test(
        arguments: [
            (
                #"{"error": {"message": "Unsupported parameter: 'max_tokens'. Use 'max_completion_tokens'"}}"#,
                .noMaximumTokens
            ),
            (#"{"error": {"message": "no", "param": "temperature"}}"#, .noTemperature),
            (#"{"object": "error", "message": "`temperature` may only be 1", "code": 400}"#, .noTemperature),
            (#"{"error": {"message": "Unknown parameter: 'stream_options.include_usage'."}}"#, .noStreamOptions),
            (
                #"{"detail": [{"loc": ["body", "stream_options"], "msg": "Extra inputs are not permitted"}]}"#,
                .noStreamOptions
            ),
            (#"[{"error": {"code": 400, "message": "temperature is out of range"}}]"#, .noTemperature),
            (#"{"error": "Streaming is not supported"}"#, .noStreaming),
            (#"{"error": {"message": "'messages[0].role' does not support 'system' with this model"}}"#, .noSystemRole),
            (#"{"error": {"message": "jinja: Conversation roles must alternate user/assistant"}}"#, .noSystemRole),
            (#"{"detail": "System prompts are not available"}"#, .noSystemRole),
            (#"{"error": {"message": "the upstream server is down"}}"#, nil),
            (#"{"error": {"message": "my_temperature"}}"#, nil),
            (#"{"error": {"message": "operating system error"}}"#, nil), (#"{"error": null}"#, nil), ("[]", nil),
        ] as [(String, ModelQuirk?)])
    func namesWhatIsRefused(_ json: String, _ quirk: ModelQuirk?) throws {
        #expect(try message(json).refused(of: Self.sent) == quirk)
    }

    @Test(arguments: [
        (#"{"error": {"message": "too long", "code": "context_length_exceeded"}}"#, 0.5),
        (#"{"error": {"message": "maximum context length is 1500 tokens, but your messages have 4,000 tokens"}}"#, 0.3),
        (#"{"error": {"message": "prompt is too long: 210000 tokens > 200000 maximum"}}"#, 0.5),
        (#"{"error": {"message": "exceeds the context size", "n_prompt_tokens": 8192, "n_ctx": 2048}}"#, 0.2),
        (#"{"error": {"message": "The input token count (90000) exceeds the maximum number of tokens (300)"}}"#, 0.05),
    ])
    func tellsWhatFits(_ json: String, _ share: Double) throws {
        let message = try message(json)
        #expect(message.isContextTooLong)
        #expect(abs(message.fittingShare - share) < 0.000_1)
    }

    @Test(arguments: ["bad request", "max_tokens is too large", "model not found", ""])
    func otherErrorsAreNotAboutTheContext(_ text: String) throws {
        let message = ProviderMessage(["error": ["message": .string(text)]])
        #expect(!message.isContextTooLong && !message.isOutOfQuota && !message.isFiltered)
    }

    @Test func aLongMessageIsCut() {
        let message = ProviderMessage(["error": ["message": .string(String(repeating: "é", count: 100_000))]])
        #expect(message.text.unicodeScalars.count == 300)
        #expect(ProviderMessage(nil).text == "no reason given")
    }
}
