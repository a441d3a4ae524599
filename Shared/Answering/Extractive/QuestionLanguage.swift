import Language

/// The language of a question, which has few words to tell it by.
enum QuestionLanguage {
    /// - Parameters:
    ///   - words: the words of the question, not stemmed.
    ///   - documents: the languages of the documents that may answer it, the likeliest first.
    static func of(_ words: [TextWord], in text: String, among documents: [TextLanguage]) -> TextLanguage? {
        let spaced = words.filter { $0.kind == .word }.map(\.text)
        let scripts = Set(text.unicodeScalars.lazy.compactMap { TextScript(of: $0.value) })
        if scripts.contains(.kana) { return .japanese }
        if scripts.contains(.hangul) { return .korean }
        if scripts.contains(.thai) { return .thai }
        if scripts.contains(.han), spaced.isEmpty { return documents.contains(.japanese) ? .japanese : .chinese }
        let fitting = { (language: TextLanguage) in scripts.contains { language.uses($0) } }
        let known = documents.filter(fitting)
        // Usually the question is in the language of what answers it.
        if let best = likeliest(spaced, of: known), best.evidence >= enough { return best.language }
        var seen: Set<TextLanguage> = []
        let all = (known + ([.english] + TextLanguage.allCases).filter(fitting)).filter { seen.insert($0).inserted }
        // Letters tell Vietnamese and others.
        let detected = TextLanguage.candidates(in: Array(text.utf8)).first
        if let best = likeliest(spaced, of: all, detected), best.evidence > 0 { return best.language }
        return known.first ?? detected
    }

    /// The evidence for a language of the documents that needs no comparison with others.
    private static let enough = 2.0
    /// A question word that opens the question tells more than any other.
    private static let opening = 0.9

    private static func likeliest(
        _ words: [String], of languages: [TextLanguage], _ detected: TextLanguage? = nil
    ) -> (language: TextLanguage, evidence: Double)? {
        var best: (language: TextLanguage, evidence: Double)?
        for language in languages {
            var evidence = evidence(words, for: language)
            if evidence > 0, language == detected { evidence += 1 }
            if evidence > best?.evidence ?? -1 { best = (language, evidence) }
        }
        return best
    }

    private static func evidence(_ words: [String], for language: TextLanguage) -> Double {
        let weak = WeakWords.of(language)
        let count = Set(words).count { word in
            weak.contains(word) || StopWords.contains(word, in: language)
        }
        let opens = words.first.map { QuestionVocabulary.opens($0, in: language) } ?? false
        return Double(count) + (opens ? opening : 0)
    }
}
