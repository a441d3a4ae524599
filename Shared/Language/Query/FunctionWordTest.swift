/// Tells which words of a query carry no topic, in the language that it is most likely in.
struct FunctionWordTest {
    private let language: TextLanguage?
    private let listed: StopWords.Language?

    /// - Parameters:
    ///   - words: those of the query, folded.
    ///   - language: the likeliest; nil if nobody knows, and the words decide.
    init(_ words: [String], _ language: TextLanguage?) {
        self.language = language
        listed = language.map(StopWords.Language.init) ?? StopWords.language(of: words)
    }

    var isEnglish: Bool { language == .english || (language == nil && listed == .english) }

    func contains(_ word: QueryWord) -> Bool {
        if word.isUnspaced { return !word.letters.isEmpty && FunctionCharacters.arePart(of: word.bytes) }
        let text = word.text
        if let language, FunctionWords.contains(text, in: language) { return true }
        guard let listed else { return false }
        if StopWords.contains(text, in: listed) { return true }
        // The lists have the `don` of `don't`, which is `dont` here.
        return listed == .english && word.bytes.suffix(2).elementsEqual("nt".utf8)
            && StopWords.contains(String(text.unicodeScalars.dropLast()), in: .english)
    }
}

extension StopWords.Language {
    /// Nil for languages without a list.
    fileprivate init?(_ language: TextLanguage) {
        switch language {
        case .english: self = .english
        case .french: self = .french
        case .german: self = .german
        case .italian: self = .italian
        case .spanish: self = .spanish
        default: return nil
        }
    }
}
