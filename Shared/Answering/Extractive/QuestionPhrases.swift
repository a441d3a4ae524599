import Language
import Wire

/// What a question asks for.
enum QuestionKind: CaseIterable {
    case person, time, place, number, reason, obligation, definition, other
}

/// The phrases of a question that ask, and the kind of question that they make.
struct QuestionPhrases {
    private(set) var kind = QuestionKind.other
    /// Whether it asks what, rather than whether, something is so.
    private(set) var asksWhat = false
    /// Words that only ask.
    private(set) var dropped: Set<String> = []
    /// Words that also say what is asked for: the "year" of "in what year".
    private(set) var weak: Set<String> = []

    /// - Parameters:
    ///   - words: all words of the question.
    ///   - text: the question.
    init(_ words: [TextWord], of text: String, in language: TextLanguage?) {
        guard let vocabulary = QuestionVocabulary.tables.first(where: { $0.key == language })?.value else { return }
        let spaced = words.filter { $0.kind == .word }.map(\.text)
        let isUnspaced = spaced.count * 2 < words.count
        var reader = WordReader(nil)
        var found: Set<QuestionKind> = []
        func read(_ list: StaticString, _ kind: QuestionKind?, drops: Bool) {
            guard list.utf8CodeUnitCount > 0 else { return }
            for part in list.description.split(atByte: ",") {
                let phrase = Phrase(part, isUnspaced: isUnspaced, &reader)
                guard phrase.matches(spaced, in: text) else { continue }
                if let kind { found.insert(kind) } else { asksWhat = true }
                if phrase.words.count == 1, drops {
                    dropped.formUnion(phrase.words)
                } else if kind != .obligation, kind != .definition {
                    weak.formUnion(phrase.words)
                }
            }
        }
        read(vocabulary.definition, .definition, drops: false)
        read(vocabulary.person, .person, drops: true)
        read(vocabulary.time, .time, drops: false)
        read(vocabulary.place, .place, drops: true)
        read(vocabulary.number, .number, drops: false)
        read(vocabulary.reason, .reason, drops: true)
        read(vocabulary.obligation, .obligation, drops: false)
        read(vocabulary.thing, nil, drops: true)
        // Long questions that begin with "what is" ask for a fact.
        if spaced.count > Self.longestDefinition { found.remove(.definition) }
        let order: [QuestionKind] = [.definition, .number, .time, .person, .place, .reason, .obligation]
        kind = order.first(where: found.contains) ?? .other
        asksForName = found.contains(.person)
    }

    /// Whether it asks who somebody is.
    private(set) var asksForName = false

    private static let longestDefinition = 9

    /// A phrase of the tables.
    private struct Phrase {
        let words: [String]
        private let opens: Bool
        private let isUnspaced: Bool

        init(_ part: Substring, isUnspaced: Bool, _ reader: inout WordReader) {
            let text = part.trimmed
            opens = text.hasPrefix("^")
            let phrase = opens ? String(text.dropFirst()) : text
            words = isUnspaced ? [phrase] : reader.words(of: phrase).filter { $0.kind == .word }.map(\.text)
            self.isUnspaced = isUnspaced
        }

        func matches(_ others: [String], in text: String) -> Bool {
            guard let first = words.first else { return false }
            if isUnspaced { return text.firstIndex(ofBytes: first) != nil }
            if opens { return others.starts(with: words) }
            return others.indices.contains { others[$0] == first && others[$0...].starts(with: words) }
        }
    }
}
