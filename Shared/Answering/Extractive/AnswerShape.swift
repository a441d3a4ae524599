import Language
import Wire

/// Rates whether a sentence has the form of an answer to a kind of question.
enum AnswerShape {
    /// 1 for an ordinary sentence, more for one that fits the question, less for one that reads badly alone.
    static func factor(of sentence: EvidenceSentence, for question: Question) -> Double {
        fit(of: sentence, to: question) * permission(in: sentence, for: question)
            * readability(of: sentence) * polarity(of: sentence, for: question)
    }

    /// What may be done, a sentence says that has such a word, too.
    private static func permission(in sentence: EvidenceSentence, for question: Question) -> Double {
        guard !question.words.isDisjoint(with: permissions) else { return 1 }
        return sentence.words.contains { permissions.contains($0.text) } ? 1.15 : 1
    }

    private static let permissions: Set<String> = [
        "may", "can", "darf", "durfen", "kann", "konnen", "peut", "peuvent", "puede", "pueden", "puo", "possono",
        "pode",
        "podem", "mag", "mogen", "kan", "может", "можно", "могут", "moze", "muze",
    ]

    /// What one must not bring is no answer to what one must bring, and the other way round.
    private static func polarity(of sentence: EvidenceSentence, for question: Question) -> Double {
        guard question.asksWhat, sentence.isLeadIn || question.kind == .obligation else { return 1 }
        return Negation.isIn(sentence.words, of: sentence.text) == question.isNegated ? 1 : 0.7
    }

    private static func readability(of sentence: EvidenceSentence) -> Double {
        // A list completes its lead-in, and a question the answer below it.
        let isComplete = sentence.isLeadIn && sentence.wordCount > 2 || sentence.place.map { $0 != .later } ?? false
        if sentence.wordCount < 5, !isComplete { return 0.5 }
        let startsLow = sentence.text.utf8.first.map { $0 &- 0x61 < 26 } ?? false
        if startsLow, !sentence.isItem, !introducesTerm(sentence) { return 0.7 }
        return sentence.wordCount > 80 ? 0.85 : 1
    }

    private static func fit(of sentence: EvidenceSentence, to question: Question) -> Double {
        switch question.kind {
        case .definition: definitionFactor(sentence, question)
        case .obligation:
            sentence.words.contains { obligations.contains($0.text) } ? sentence.isLeadIn ? 1.35 : 1.2 : 1
        case .person: hasName(sentence, question) ? 1.15 : 1
        case .time: hasNumber(sentence, question) || sentence.words.contains { times.contains($0.text) } ? 1.2 : 1
        case .number: hasNumber(sentence, question) ? 1.25 : 1
        case .place: hasName(sentence, question) ? 1.1 : 1
        case .reason: sentence.words.contains { reasons.contains($0.text) } ? 1.15 : 1
        case .other: 1
        }
    }

    /// Whether a sentence defines the question's topic, or has it as its subject.
    static func isAbout(_ sentence: EvidenceSentence, _ question: Question) -> Bool {
        let wanted = Set(question.terms.filter { !$0.isWeak }.map(\.root))
        let topic = sentence.words.first { !isFiller($0.text, question) }
        return topic.map { wanted.contains($0.root) } ?? false || definitionFactor(sentence, question) > 1
    }

    /// The best form is `"X" means …`, then `… is called X`, then `X is …`.
    private static func definitionFactor(
        _ sentence: EvidenceSentence, _ question: Question
    ) -> Double {
        let words = sentence.words.filter { $0.kind == .word }
        let wanted = Set(question.terms.filter { !$0.isWeak }.map(\.root))
        let isWanted = words.map { wanted.contains($0.root) }
        guard let first = isWanted.firstIndex(of: true) else { return 1 }
        // "Harbour Ltd (the “Landlord”)" says who the landlord is.
        if question.asksForName,
            words.indices.contains(where: { isWanted[$0] && isIntroduced(words[$0], in: sentence.text) })
        {
            return 2.4
        }
        // If other topics come first, the sentence defines something else.
        if words[..<first].allSatisfy({ isFiller($0.text, question) }) {
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

    private static func isQuoted(_ word: TextWord, in text: String) -> Bool {
        let before = String(decoding: Array(text.utf8.prefix(word.range.lowerBound).suffix(4)), as: UTF8.self)
        return before.unicodeScalars.last.map(quotes.contains) ?? false
    }

    /// Whether the word is a term that the text introduces in brackets: `(the “Landlord”)`.
    private static func isIntroduced(_ word: TextWord, in text: String) -> Bool {
        guard isQuoted(word, in: text) else { return false }
        let before = text.utf8.prefix(word.range.lowerBound).suffix(introductionLength)
        guard let open = before.lastIndex(of: UInt8(ascii: "(")) else { return false }
        return !before[open...].contains(UInt8(ascii: ")"))
    }

    private static func introducesTerm(_ sentence: EvidenceSentence) -> Bool {
        sentence.words.contains { isIntroduced($0, in: sentence.text) }
    }

    /// In bytes, from the bracket to the term: `(hereinafter referred to as the “`.
    private static let introductionLength = 40

    private static let quotes: Set<Unicode.Scalar> = [
        "\"", "'", "“", "”", "„", "‟", "‘", "’", "‚", "«", "»", "‹", "›", "「", "『", "《",
    ]

    private static func isFiller(_ word: String, _ question: Question) -> Bool {
        (StopWords.contains(word, in: question.language ?? .english) && !conditions.contains(word))
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
        "refers", "denotes", "includes", "consists", "defined", "called", "heisst", "steht", "umfasst", "comprend",
        "incluye", "comprende",
    ]

    private static let obligations = words(
        """
        must shall require requires required requirement requirements provide provided provides condition conditions \
        oblige obliges obliged obligation obligations need needs needed
        """)

    private static let times = words(
        """
        day days year month date january february march april may june july august september october november december \
        tag tage tagen jahr jahre monat januar februar marz mai juni juli oktober dezember jour jours mois janvier \
        fevrier mars avril juin juillet aout septembre octobre novembre decembre dia dias mes enero febrero marzo \
        abril \
        mayo junio julio agosto septiembre octubre noviembre diciembre gennaio febbraio aprile maggio giugno luglio \
        settembre ottobre dicembre года году января февраля марта апреля мая июня июля августа сентября октября ноября \
        декабря जनवरी फरवरी मार्च अप्रैल मई जून जुलाई अगस्त सितंबर अक्टूबर नवंबर दिसंबर
        """)

    private static let reasons = words(
        """
        because since due owing reason therefore weil da denn wegen aufgrund daher parce car cause raison porque \
        debido \
        causa perche poiche motivo потому поскольку из-за причина क्योंकि कारण cunku nedeniyle dolayi
        """)

    private static func words(_ list: String) -> Set<String> {
        var reader = WordReader(nil)
        return Set(reader.words(of: list).map(\.text))
    }

    /// Whether a sentence has a number that is not in the question, in digits or in words.
    private static func hasNumber(_ sentence: EvidenceSentence, _ question: Question) -> Bool {
        sentence.words.contains {
            ($0.text.utf8.contains(where: ASCII.isDigit) || NumberWords.contains($0.text))
                && !question.words.contains($0.text)
        }
    }

    /// Whether a capitalised word that is not in the question stands behind the start of a sentence.
    private static func hasName(_ sentence: EvidenceSentence, _ question: Question) -> Bool {
        sentence.words.dropFirst().contains { word in
            word.kind == .word && !question.words.contains(word.text)
                && Substring(sentence.text.utf8.dropFirst(word.range.lowerBound)).unicodeScalars.first?.properties
                    .isUppercase ?? false
        }
    }
}
