import Language
import Wire

/// Rates whether a sentence has the form of an answer to a kind of question.
enum AnswerShape {
    /// 1 for an ordinary sentence, more for one that fits the question, less for one that reads badly alone.
    static func factor(of sentence: EvidenceSentence, for question: ParsedQuestion) -> Double {
        fit(of: sentence, to: question) * readability(of: sentence) * polarity(of: sentence, for: question)
    }

    /// What one must not bring is no answer to what one must bring, and the other way round.
    private static func polarity(of sentence: EvidenceSentence, for question: ParsedQuestion) -> Double {
        guard question.asksWhat, sentence.isLeadIn || question.kind == .obligation else { return 1 }
        return Negation.isIn(sentence.text) == question.isNegated ? 1 : 0.7
    }

    private static func readability(of sentence: EvidenceSentence) -> Double {
        // A list completes its lead-in, and a question the answer below it.
        let isComplete = sentence.isLeadIn && sentence.wordCount > 2 || sentence.place.map { $0 != .later } ?? false
        if sentence.wordCount < 5, !isComplete { return 0.5 }
        let startsLow = sentence.text.utf8.first.map { $0 &- 0x61 < 26 } ?? false
        if startsLow, !sentence.isItem, !introducesTerm(sentence.text) { return 0.7 }
        return sentence.wordCount > 80 ? 0.85 : 1
    }

    private static func fit(of sentence: EvidenceSentence, to question: ParsedQuestion) -> Double {
        switch question.kind {
        case .definition: definitionFactor(sentence, question)
        case .obligation:
            sentence.stems.isDisjoint(with: obligationStems) ? 1 : sentence.isLeadIn ? 1.35 : 1.2
        case .who: hasName(sentence.text) ? 1.15 : 1
        case .when: hasDigit(sentence.text) || !sentence.stems.isDisjoint(with: timeStems) ? 1.2 : 1
        case .quantity:
            hasDigit(sentence.text) || !sentence.stems.isDisjoint(with: numberStems) ? 1.25 : 1
        case .place: hasName(sentence.text) ? 1.1 : 1
        case .other: 1
        }
    }

    /// Whether a sentence defines the question's topic, or has it as its subject.
    static func isAbout(_ sentence: EvidenceSentence, _ question: ParsedQuestion) -> Bool {
        let wanted = Set(question.terms.filter { !$0.isWeak }.map(\.stem))
        let topic = Tokenizer.words(in: sentence.text).first { !isFiller($0.text) }
        return topic.map { wanted.contains($0.comparedStem) } ?? false || definitionFactor(sentence, question) > 1
    }

    /// The best form is `"X" means …`, then `… is called X`, then `X is …`.
    private static func definitionFactor(
        _ sentence: EvidenceSentence, _ question: ParsedQuestion
    ) -> Double {
        let words = Tokenizer.words(in: sentence.text)
        let wanted = Set(question.terms.filter { !$0.isWeak }.map(\.stem))
        let isWanted = words.map { wanted.contains($0.comparedStem) }
        guard let first = isWanted.firstIndex(of: true) else { return 1 }
        // "Harbour Ltd (the “Landlord”)" says who the landlord is.
        if question.asksForName,
            words.indices.contains(where: { isWanted[$0] && isIntroduced(words[$0], in: sentence.text) })
        {
            return 2.4
        }
        // If other topics come first, the sentence defines something else.
        if words[..<first].allSatisfy({ isFiller($0.text) }) {
            let end = isWanted[first...].firstIndex(of: false) ?? isWanted.count
            let behind = words[end...].map(\.text)
            if !meaners.isDisjoint(with: behind.prefix(10)) { return 1.8 }
            if !definers.isDisjoint(with: behind.prefix(2)) { return 1.6 }
            if behind.first.map(copulas.contains) ?? false {
                return isQuoted(words[first], in: sentence.text) ? 1.6 : 1.2
            }
        }
        let before = words[..<first].suffix(3).map(\.text)
        if before.contains("called") || before.contains("known") { return 1.5 }
        // Texts put a term in quotes where they introduce it: `(the "Affirmer")`.
        return isQuoted(words[first], in: sentence.text) ? 1.3 : 1
    }

    private static func isQuoted(_ word: Token, in text: String) -> Bool {
        let before = String(decoding: Array(text.utf8.prefix(word.range.lowerBound).suffix(4)), as: UTF8.self)
        return before.unicodeScalars.last.map(quotes.contains) ?? false
    }

    /// Whether the word is a term that the text introduces in brackets: `(the “Landlord”)`.
    private static func isIntroduced(_ word: Token, in text: String) -> Bool {
        guard isQuoted(word, in: text) else { return false }
        let before = text.utf8.prefix(word.range.lowerBound).suffix(introductionLength)
        guard let open = before.lastIndex(of: UInt8(ascii: "(")) else { return false }
        return !before[open...].contains(UInt8(ascii: ")"))
    }

    private static func introducesTerm(_ text: String) -> Bool {
        Tokenizer.words(in: text).contains { isIntroduced($0, in: text) }
    }

    /// In bytes, from the bracket to the term: `(hereinafter referred to as the “`.
    private static let introductionLength = 40

    private static let quotes: Set<Unicode.Scalar> = [
        "\"", "'", "“", "”", "„", "‟", "‘", "’", "‚", "«", "»", "‹", "›", "「", "『", "《",
    ]

    private static func isFiller(_ word: String) -> Bool {
        (StopWords.contains(word) && !conditions.contains(word))
            || word.utf8.allSatisfy(ASCII.isDigit)
    }

    /// "If X is …" does not define X.
    private static let conditions: Set<String> = ["if", "when", "where", "while", "until"]

    private static let copulas: Set<String> = [
        "is", "are", "ist", "sind", "est", "sont", "es", "son", "e", "sono", "это",
    ]

    private static let meaners: Set<String> = [
        "means", "mean", "bedeutet", "bedeuten", "bezeichnet", "bezeichnen", "meint", "signifie", "signifient",
        "designe",
        "significa", "significan", "significano", "designa", "indica", "означает",
    ]

    private static let definers: Set<String> = [
        "refers", "denotes", "includes", "consists", "defined", "called", "heißt", "steht", "umfasst", "comprend",
        "incluye", "comprende",
    ]

    private static let obligationStems = Set(
        ["must", "shall", "required", "provided", "conditions", "obliged", "need"]
            .map(Stemmer.stem))

    private static let timeStems = Set(
        [
            "day", "days", "year", "month", "date", "january", "february", "march", "april", "june",
            "july", "august", "september", "october", "november", "december",
        ].map(Stemmer.stem))

    private static let numberStems = Set(
        [
            "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "hundred",
            "percent", "no", "any",
        ].map(Stemmer.stem))

    private static func hasDigit(_ text: String) -> Bool { text.utf8.contains(where: ASCII.isDigit) }

    /// Two capitalised words in a row, not at the start.
    private static func hasName(_ text: String) -> Bool {
        let capitals = text.utf8.split(separator: 0x20).dropFirst().map {
            $0.first.map { $0 &- 0x41 < 26 } ?? false
        }
        return zip(capitals, capitals.dropFirst()).contains { $0 && $1 }
    }
}
