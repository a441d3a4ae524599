import Wire

/// What a provider says about a failed request, in any of the shapes that servers use:
/// `{"error": {"message", "code", "type", "param"}}`, `{"error": "…"}`, `{"message"}`, `{"detail": "…"}`, and
/// `{"detail": [{"loc": […], "msg"}]}`.
struct ProviderMessage: Sendable {
    /// For the log: the beginning.
    let text: String
    private let whole: String
    /// The text and its codes, in lower case.
    private let searched: String
    /// The parameter that the error names; empty if it names none.
    private let parameter: String
    /// What a server counts beside its message: tokens of the prompt and of the context.
    private let counts: [Int]

    private static let longestText = 300
    /// Longer messages are searched only as far as this, in scalars.
    private static let longestSearched = 4_000

    init(_ response: JSON?) {
        let body = response?.array?.first ?? response
        let error = body?["error"]
        let details = (body?["detail"]?.array ?? []).prefix(10)
        let texts =
            [error?["message"], error, body?["message"], body?["detail"]].compactMap { $0?.string }.prefix(1)
            + details.compactMap { $0["msg"]?.string }
        let words = [error?["code"], error?["type"], body?["code"], body?["type"]].compactMap { $0?.string }
        let locations = details.flatMap { $0["loc"]?.array ?? [] }.compactMap(\.string)
        let said = texts.joined(separator: "; ")
        whole = said
        text =
            said.isEmpty
            ? "no reason given" : String(String.UnicodeScalarView(said.unicodeScalars.prefix(Self.longestText)))
        let all = (texts + words + locations).joined(separator: "\n").unicodeScalars.prefix(Self.longestSearched)
        searched = String(String.UnicodeScalarView(all)).lowercasedASCII
        parameter = error?["param"]?.string ?? body?["param"]?.string ?? ""
        counts = ["n_prompt_tokens", "n_ctx"].compactMap { error?[$0]?.int }
    }

    /// The status that an error within a successful response carries, such as `{"error": {"code": 429}}`, or that
    /// OpenAI and Anthropic give to errors of its kind.
    static func status(in error: JSON) -> Int? {
        let names = ["code", "status", "type"].compactMap { error[$0] }
        for name in names {
            if let code = name.int ?? name.string.flatMap({ Int($0) }), (400...599).contains(code) { return code }
        }
        return names.lazy.compactMap { $0.string }.compactMap { statuses[$0] }.first
    }

    private static let statuses = [
        "invalid_api_key": 401, "authentication_error": 401, "permission_error": 403, "not_found_error": 404,
        "model_not_found": 404, "insufficient_quota": 429, "rate_limit_exceeded": 429, "rate_limit_error": 429,
        "invalid_request_error": 400, "overloaded_error": 529, "server_error": 500, "api_error": 500,
    ]

    /// Whether the message contains the text, also where `text` is cut.
    func contains(_ text: String) -> Bool { Self.finds(text, in: whole) }

    // MARK: Meaning

    /// Whether somebody must pay before the next request can succeed. OpenAI reports this as a 429.
    var isOutOfQuota: Bool {
        says("insufficient_quota") || says("billing_hard_limit") || says("exceeded your current quota")
    }

    /// Whether a content filter refused the request.
    var isFiltered: Bool { says("content_filter") || says("content management policy") }

    /// Whether the conversation does not fit into the model's context.
    var isContextTooLong: Bool { Self.contextPhrases.contains(where: says) || seemsTooLong }

    private static let contextPhrases = [
        "context_length", "context length", "context window", "context size", "exceed_context_size", "context limit",
        "maximum context", "prompt is too long", "prompt too long", "input is too long", "input too long",
        "reduce the length", "reduce your prompt", "input token count", "input tokens exceed",
        "tokens in the prompt cannot exceed", "maximum number of tokens", "longer than the model",
        "too many input tokens", "maximum prompt length", "range of input length", "model token limit",
        "exceeds the model's maximum", "request too large", "string too long", "string_above_max_length",
        "too large to process",
    ]

    /// Whether it says that something of the conversation exceeds a number, in other words than the usual.
    private var seemsTooLong: Bool {
        !numbers.isEmpty && !Self.otherLimits.contains(where: says)
            && Self.conversationWords.contains { Self.findsWord($0, in: searched) }
            && Self.excesses.contains(where: says)
    }

    private static let conversationWords = ["input", "inputs", "prompt", "prompts", "tokens", "messages"]
    private static let excesses = [
        "exceed", "too long", "must be <=", "must be less than", "must have less than", "over the limit",
    ]
    /// What else has a limit: the length of the answer, and requests in a time.
    private static let otherLimits = [
        "max_tokens", "max_completion_tokens", "rate limit", "rate_limit", "quota", "per min", "per hour", "per day",
        "try again", "requests",
    ]

    /// The share of the conversation that should fit, judged by the numbers in the message: the largest is what was
    /// asked for, the second what fits. Half if there are none. Some room is left for the answer.
    var fittingShare: Double { fittingShare(atMost: Self.largestShare) }

    /// The same for texts that are not answered.
    ///
    /// - Parameter limit: below 1, so that repeated cuts come to an end.
    func fittingShare(atMost limit: Double) -> Double {
        let largest = numbers.sorted().suffix(2)
        guard let fits = largest.first, let asked = largest.last, fits < asked else { return Self.largestShare }
        return min(limit, max(Self.smallestShare, Self.caution * Double(fits) / Double(asked)))
    }

    /// Those that can be the size of a conversation.
    private var numbers: Set<Int> {
        var numbers = Set(counts.filter { $0 >= Self.fewestTokens })
        for digits in searched.utf8.filter({ $0 != UInt8(ascii: ",") }).split(whereSeparator: { !ASCII.isDigit($0) })
        where digits.count <= Self.longestNumber {
            if let number = Int(String(decoding: digits, as: UTF8.self)), number >= Self.fewestTokens {
                numbers.insert(number)
            }
        }
        return numbers
    }

    private static let fewestTokens = 256
    private static let longestNumber = 9
    private static let largestShare = 0.5
    private static let smallestShare = 0.05
    private static let caution = 0.8

    // MARK: Refusals

    /// What of a request the provider does not accept. Nil if the message names nothing that can be left out.
    ///
    /// - Parameter sent: what the request contained that could be left out.
    func refused(of sent: [ModelQuirk]) -> ModelQuirk? {
        sent.first { isAbout($0, in: parameter.lowercasedASCII) } ?? sent.first { isAbout($0, in: searched) }
    }

    private func isAbout(_ quirk: ModelQuirk, in text: String) -> Bool {
        switch quirk {
        case .noSystemRole:
            if Self.rolePhrases.contains(where: { Self.finds($0, in: text) }) { return true }
            return ["system", "developer"].contains { Self.findsWord($0, in: text) }
                && ["role", "message", "instruction", "prompt"].contains { Self.finds($0, in: text) }
        case .noStreaming: return ["stream", "streaming"].contains { Self.findsWord($0, in: text) }
        // What was renamed because of its name may have been refused because of its value.
        case .noMaximumCompletionTokens:
            return Self.findsWord(quirk.rawValue, in: text) || Self.findsWord("max_tokens", in: text)
        case .startsInReasoning, .mayStartInReasoning: return false
        default: return Self.findsWord(quirk.rawValue, in: text)
        }
    }

    private static let rolePhrases = ["messages[0].role", "roles must alternate", "roles are supported"]

    private func says(_ phrase: String) -> Bool { Self.finds(phrase, in: searched) }

    private static func finds(_ phrase: String, in text: String) -> Bool { text.firstIndex(ofBytes: phrase) != nil }

    /// Whether the word occurs, and not as part of a longer name.
    private static func findsWord(_ word: String, in text: String) -> Bool {
        text.utf8.split { !ASCII.isLetter($0) && !ASCII.isDigit($0) && $0 != UInt8(ascii: "_") }
            .contains { $0.elementsEqual(word.utf8) }
    }
}
