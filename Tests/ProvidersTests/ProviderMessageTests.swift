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
            (#"{"message": "Only user and assistant roles are supported!"}"#, .noSystemRole),
            (#"{"error": {"message": "the upstream server is down"}}"#, nil),
            (#"{"error": {"message": "my_temperature"}}"#, nil),
            (#"{"error": {"message": "operating system error"}}"#, nil), (#"{"error": null}"#, nil), ("[]", nil),
        ] as [(String, ModelQuirk?)])
    func namesWhatIsRefused(_ json: String, _ quirk: ModelQuirk?) throws {
        #expect(try message(json).refused(of: Self.sent) == quirk)
    }

    @Test func whatWasRenamedIsLeftOutUnderBothNames() throws {
        let said = try message(#"{"error": {"message": "Invalid max_tokens value, the valid range is [1, 512]"}}"#)
        #expect(said.refused(of: [.noMaximumCompletionTokens]) == .noMaximumCompletionTokens)
        #expect(!said.isContextTooLong)
    }

    @Test(arguments: [
        (#"{"error": {"message": "too long", "code": "context_length_exceeded"}}"#, 0.5),
        (#"{"error": {"message": "maximum context length is 1500 tokens, but your messages have 4,000 tokens"}}"#, 0.3),
        (#"{"error": {"message": "prompt is too long: 210000 tokens > 200000 maximum"}}"#, 0.5),
        (#"{"error": {"message": "exceeds the context size", "n_prompt_tokens": 8192, "n_ctx": 2048}}"#, 0.2),
        (#"{"error": {"message": "The input token count (90000) exceeds the maximum number of tokens (300)"}}"#, 0.05),
        (#"{"error": "`inputs` tokens + `max_new_tokens` must be <= 2048. Given: 4096 `inputs` tokens"}"#, 0.4),
        (#"{"error": {"message": "maximum prompt length is 100000 but the request contains 400,000 tokens."}}"#, 0.2),
        (#"{"message": "InternalError.Algo.InvalidParameter: Range of input length should be [1, 30720]"}"#, 0.5),
        (#"{"error": {"message": "Your request exceeded model token limit: 8192"}}"#, 0.5),
        (#"{"error": {"message": "Input length 16384 exceeds the maximum length 8192"}}"#, 0.4),
        (#"{"error": {"message": "The total number of tokens in the messages exceeds the limit of 4096"}}"#, 0.5),
        (#"{"error": {"message": "string too long. Expected a string with maximum length 10000"}}"#, 0.5),
    ])
    func tellsWhatFits(_ json: String, _ share: Double) throws {
        let message = try message(json)
        #expect(message.isContextTooLong)
        #expect(abs(message.fittingShare - share) < 0.000_1)
    }

    @Test(arguments: [
        "bad request", "max_tokens is too large", "model not found", "", "The image in the messages exceeds 20 MB",
        "max_tokens must be <= 4096", "Limit 30000 tokens per min exceeded, try again in 9 s", "prompt 2048 is unsafe",
        "Too many requests: tokens exceed 60000",
    ])
    func otherErrorsAreNotAboutTheContext(_ text: String) throws {
        let message = ProviderMessage(["error": ["message": .string(text)]])
        #expect(!message.isContextTooLong && !message.isOutOfQuota && !message.isFiltered)
    }

    @Test(arguments: [
        (#"{"code": "429"}"#, 429), (#"{"code": 400, "type": "authentication_error"}"#, 400), (#"{"code": 7}"#, nil),
        (#"{"code": "invalid_api_key", "type": "invalid_request_error"}"#, 401), (#""no""#, nil),
        (#"{"type": "invalid_request_error"}"#, 400), (#"{"type": "overloaded_error"}"#, 529),
    ])
    func errorsWithinASuccessHaveAStatus(_ json: String, _ status: Int?) throws {
        #expect(ProviderMessage.status(in: try JSONReader.parse(json)) == status)
    }

    /// Also if the log would contain only its beginning.
    @Test func aMessageWithTheKeyIsNotLogged() {
        let key = "sk-" + String(repeating: "k", count: 40)
        let said = String(repeating: "no ", count: 90) + key + " is not valid"
        let message = ProviderMessage(["error": ["message": .string(said)]])
        let errors = ProviderErrors(apiKey: key)
        for failure in [ProviderFailure.status(401, retryAfter: nil, message), .error(message)] {
            let cause = errors.error(failure).cause ?? ""
            #expect(cause.hasSuffix("the reason is not logged because it contains the key"))
        }
        #expect(ProviderErrors(apiKey: "x" + key).error(.error(message)).cause == "language model: " + message.text)
    }

    @Test func aLongMessageIsCut() {
        let message = ProviderMessage(["error": ["message": .string(String(repeating: "é", count: 100_000))]])
        #expect(message.text.unicodeScalars.count == 300)
        #expect(ProviderMessage(nil).text == "no reason given")
    }
}
