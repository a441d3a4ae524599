extension TextLanguage {
    /// The language that most of a text is in, by its script and function words; nil if that is uncertain, as in a few
    /// words, or if the language is unknown.
    ///
    /// - Parameter text: In UTF-8. Of a long text, parts of its beginning, middle and end are read, 64 KB in all.
    public static func detect(in text: some Collection<UInt8>) -> TextLanguage? {
        let found = text.withContiguousStorageIfAvailable { detect(in: $0) }
        return found ?? Array(text).withUnsafeBufferPointer { detect(in: $0) }
    }

    /// As ``detect(in:)-swift.type.method``.
    public static func detect(in text: UnsafeBufferPointer<UInt8>) -> TextLanguage? {
        var evidence = LanguageEvidence()
        guard text.count > sampleSize else {
            evidence.read(text[...])
            return evidence.language
        }
        let part = sampleSize / 3
        for start in [0, (text.count - part) / 2, text.count - part] { evidence.read(text[start..<(start + part)]) }
        return evidence.language
    }

    /// The languages that a text may be in whose language is uncertain, likeliest first: those that a few words speak
    /// for, or else the most common language of its script. Only languages with stems; at most three.
    public static func candidates(in text: [UInt8]) -> [TextLanguage] {
        text.withUnsafeBufferPointer { text in
            var evidence = LanguageEvidence()
            evidence.read(text[..<min(text.count, sampleSize)])
            return evidence.candidates
        }
    }

    private static let sampleSize = 64 * 1024

    /// The languages that a query may be in, likeliest first, at most eight. A word alone hardly tells its language.
    ///
    /// - Parameters:
    ///   - words: The words of the query, folded as in the index.
    ///   - documentLanguages: Those that the searched documents have, commonest first.
    public static func plausible(
        for words: some Sequence<String>, among documentLanguages: [TextLanguage]
    ) -> [TextLanguage] {
        var scripts: Set<TextScript> = []
        var counts: [TextLanguage: Int] = [:]
        for word in words {
            for scalar in word.unicodeScalars { TextScript(of: scalar.value).map { _ = scripts.insert($0) } }
            for language in documentLanguages where FunctionWords.contains(word, in: language) {
                counts[language, default: 0] += 1
            }
        }
        let fitting = documentLanguages.filter { language in scripts.contains { language.uses($0) } }
        let ranked = fitting.enumerated().sorted { first, second in
            let counts = (counts[first.element] ?? 0, counts[second.element] ?? 0)
            return counts.0 == counts.1 ? first.offset < second.offset : counts.0 > counts.1
        }
        return ranked.prefix(mostPlausible).map(\.element)
    }

    private static let mostPlausible = 8
}
