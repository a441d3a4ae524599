import Language
import Wire

/// The analysis of a question.
struct Question {
    let language: TextLanguage?
    let kind: QuestionKind
    /// Whether it asks what a word means, rather than for a fact about it.
    var asksForMeaning: Bool { kind == .definition && terms.count { !$0.isWeak } == 1 }
    /// Whether it asks who somebody is.
    let asksForName: Bool
    /// Whether it asks what, rather than whether, something is so.
    let asksWhat: Bool
    /// Whether it has a word such as "not".
    let isNegated: Bool
    /// The words of the topic.
    let terms: [QuestionTerm]
    /// All words of the question, folded.
    let words: Set<String>

    /// - Parameter languages: those of the documents that may answer it, the likeliest first.
    init(_ text: String, among languages: [TextLanguage] = [], _ vocabulary: Vocabulary = Vocabulary()) {
        let question = Self.lastQuestion(in: text)
        var reader = WordReader(nil)
        let language = QuestionLanguage.of(reader.words(of: question), in: question, among: languages)
        reader = WordReader(language, vocabulary)
        let words = reader.words(of: question)
        let phrases = QuestionPhrases(words, of: question, in: language)
        let topic = UnspacedQuestion.topic(of: question)
        let topicWords = topic == question ? words : reader.words(of: topic)
        let terms = QuestionTerms(topicWords, of: topic, in: language, asking: phrases).terms
        // "What is the price …" asks for an amount.
        let asksForAmount =
            (phrases.kind == .other || phrases.kind == .definition) && terms.contains { $0.measure != nil }
        kind = asksForAmount ? .number : phrases.kind
        asksForName = phrases.asksForName
        asksWhat = phrases.asksWhat
        isNegated = Negation.isIn(words, of: question)
        self.language = language
        self.terms = terms
        self.words = Set(words.lazy.map(\.text))
    }

    /// Whether a term is a letter that stands beside the one before it: they have a pair in common.
    func isContinued(at term: Int) -> Bool {
        term > 0 && !terms[term - 1].parts.isDisjoint(with: terms[term].parts)
    }

    /// The last sentence that is a question, or the whole message if there is none.
    private static func lastQuestion(in text: String) -> String {
        let sentences = Sentences.split(text)
        return sentences.last { TextQuestion.isQuestion(String(text[$0])) }.map { String(text[$0]) } ?? text
    }
}

/// Words that say that something is not so, or must not be.
enum Negation {
    /// In words: later ones are in another clause.
    private static let reach = 7

    /// Whether a text begins with a clause that has such a word.
    ///
    /// - Parameter words: those of the text.
    static func isIn(_ words: [TextWord], of text: String) -> Bool {
        if phrases.contains(where: { text.firstIndex(ofBytes: $0) != nil }) { return true }
        let opening = words.lazy.filter { $0.kind == .word }.prefix(reach).map(\.text)
        // "If you do not pay, …" is about somebody who does not pay.
        guard let first = opening.firstIndex(where: negating.contains) else { return false }
        return conditions.isDisjoint(with: opening[..<first])
    }

    private static let negating: Set<String> = [
        "not", "never", "cannot", "dont", "mustnt", "shouldnt", "don", "mustn", "shouldn", "prohibited", "forbidden",
        "nicht", "kein", "keine", "keinen", "nie", "niemals", "verboten", "untersagt", "ne", "jamais", "interdit",
        "interdits", "nunca", "prohibido", "prohibidos", "non", "no", "vietato", "vietati", "nao", "niet", "geen",
        "не", "нельзя", "запрещено",
    ]
    private static let conditions: Set<String> = [
        "if", "unless", "when", "who", "wenn", "falls", "sofern", "si", "quand", "cuando", "se", "quando", "если",
    ]
    private static let phrases = ["不要", "请勿", "請勿", "禁止", "不得", "ないでください", "なりません"]
}
