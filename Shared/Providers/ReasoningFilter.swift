import Wire

/// Removes a model's reasoning from the beginning of its answer as it streams. Servers that do not separate the two
/// leave it in the text, between tags such as `<think>` and `</think>`.
///
/// Tags later in the answer are part of it. There is one exception: some models are prompted with the opening tag, so
/// only `</think>`, on a line of its own or at the end of a paragraph, shows that all text before it was reasoning.
struct ReasoningFilter {
    private enum State {
        /// Nothing but blanks and reasoning has come.
        case beginning
        /// Within reasoning that ends with this tag.
        case reasoning(end: [UInt8])
        case answer
    }

    private var state: State
    /// Bytes that may be part of a tag, and within reasoning without an opening tag all of them.
    private var held: [UInt8] = []
    /// How many of them have been searched for the end of reasoning.
    private var searched = 0
    /// Whether the reasoning had no opening tag. If it has no closing one either, it is the answer.
    private(set) var isAssumed: Bool
    private let isCertain: Bool
    /// Whether an opening tag has been removed, so that blanks after the closing one are removed too.
    private var hasRemoved = false
    private var closing = ClosingTagSearch()
    /// Whether the text that was passed on before the last call's was reasoning.
    private(set) var hasFoundLateEnd = false

    /// - Parameters:
    ///   - startsInReasoning: whether the model begins with its reasoning, without an opening tag.
    ///   - mayStartInReasoning: whether it may. Then text without a closing tag is always the answer.
    init(startsInReasoning: Bool = false, mayStartInReasoning: Bool = false) {
        isAssumed = startsInReasoning || mayStartInReasoning
        isCertain = startsInReasoning
        state = isAssumed ? .reasoning(end: Self.standardEnd) : .beginning
    }

    private static let standardEnd = Array("</think>".utf8)

    /// The tags: those of most models, Mistral's, Kimi's, and those of OpenAI's open models.
    private static let tags: [(begin: [UInt8], end: [UInt8])] = [
        ("<think>", "</think>"), ("<thinking>", "</thinking>"), ("<thought>", "</thought>"),
        ("<reasoning>", "</reasoning>"), ("<seed:think>", "</seed:think>"), ("[THINK]", "[/THINK]"),
        ("◁think▷", "◁/think▷"),
        ("<|channel|>analysis<|message|>", "<|channel|>final<|message|>"),
    ].map { (Array($0.utf8), Array($1.utf8)) }

    /// Takes a piece of the text; returns the part of the answer that is known now.
    mutating func pass(_ piece: String) -> String {
        hasFoundLateEnd = false
        held += piece.utf8
        while true {
            switch state {
            case .beginning:
                guard readBeginning() else { return "" }
            case .reasoning(let end):
                guard readReasoning(until: end) else { return "" }
            case .answer:
                let text = held
                held = []
                let passed = closing.pass(text)
                guard let rest = closing.takeTextAfterTag() else { return String(decoding: passed, as: UTF8.self) }
                hasFoundLateEnd = true
                (held, state, hasRemoved) = (rest, .beginning, true)
            }
        }
    }

    /// Returns the text that was held back, at the end of the answer.
    ///
    /// - Parameter isComplete: whether the model ended the answer. Only then does text without a closing tag show that
    ///   it was not reasoning, if the model is known to begin with it.
    mutating func finish(isComplete: Bool) -> String {
        hasFoundLateEnd = false
        defer { held = [] }
        switch state {
        case .beginning: return hasRemoved && held.allSatisfy(Self.isBlank) ? "" : String(decoding: held, as: UTF8.self)
        case .reasoning: return isAssumed && (isComplete || !isCertain) ? String(decoding: held, as: UTF8.self) : ""
        case .answer:
            return String(decoding: closing.finish(), as: UTF8.self)
        }
    }

    /// Looks for an opening tag. Returns false if more text is needed.
    private mutating func readBeginning() -> Bool {
        let start = held.firstIndex { !Self.isBlank($0) } ?? held.count
        let text = held[start...]
        for (begin, end) in Self.tags {
            let common = zip(text, begin).prefix { Self.matches($0, $1) }.count
            if common == begin.count {
                held.removeFirst(start + common)
                (state, hasRemoved) = (.reasoning(end: end), true)
                return true
            }
            if common == text.count { return false }
        }
        if hasRemoved { held.removeFirst(start) }
        // After reasoning, a closing tag is not a late one.
        closing.isOver = hasRemoved
        state = .answer
        return true
    }

    /// Skips reasoning. Returns false if its end has not come.
    private mutating func readReasoning(until end: [UInt8]) -> Bool {
        guard let range = Self.range(of: end, in: held[searched...]) else {
            // Reasoning can be long, so each byte is searched once, except those that may begin the tag.
            searched = max(searched, held.count - end.count + 1)
            if !isAssumed {
                held.removeFirst(searched)
                searched = 0
            }
            return false
        }
        held.removeFirst(range.upperBound)
        (state, isAssumed, hasRemoved, searched) = (.beginning, false, true, 0)
        return true
    }

    /// Small letters of a tag match capital ones, too.
    private static func matches(_ byte: UInt8, _ tag: UInt8) -> Bool { byte == tag || ASCII.lowercase(byte) == tag }

    private static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 }

    private static func range(of tag: [UInt8], in text: ArraySlice<UInt8>) -> Range<Int>? {
        guard let first = tag.first, text.count >= tag.count else { return nil }
        for start in text.startIndex...(text.endIndex - tag.count)
        where matches(text[start], first) && zip(text[start...], tag).allSatisfy({ matches($0, $1) }) {
            return start..<start + tag.count
        }
        return nil
    }
}
