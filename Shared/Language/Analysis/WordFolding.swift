import Wire

/// Folds words and finds their stems, and remembers both.
final class WordFolding {
    /// The size of the longest term in bytes. Longer words are cut to it, so that nothing in a text makes long terms.
    static let longestTerm = 64

    private let languages: [TextLanguage]
    private let cache = WordCache()
    // Used again for every word.
    @exclusivity(unchecked) private var scalars: [UInt32] = []
    @exclusivity(unchecked) private var folded: [UInt8] = []
    @exclusivity(unchecked) private var lower: [UInt8] = []
    @exclusivity(unchecked) private var stems: [UInt8] = []

    /// Whether terms are given that equal the folded word: a query finds `index` by the stem of `indexes`, a text needs
    /// no second term.
    private let isOfQuery: Bool

    init(_ languages: [TextLanguage], isOfQuery: Bool) {
        self.isOfQuery = isOfQuery
        self.languages = languages.filter { $0.alphabet != nil }
    }

    /// Whether any word has stems.
    var hasStems: Bool { !languages.isEmpty }

    /// A word of letters and marks, without compatibility forms; in lower case if it is ASCII. The result is valid
    /// until the next call.
    @inline(__always)
    func fold(_ word: UnsafeBufferPointer<UInt8>) -> WordCache.Entry {
        let hash = WordCache.hash(word)
        return cache.find(word, hash: hash) ?? add(word, hash: hash)
    }

    private func add(_ word: UnsafeBufferPointer<UInt8>, hash: UInt32) -> WordCache.Entry {
        if word.allSatisfy({ $0 &- 0x61 < 26 }) { return addLatin(word, hash: hash) }
        read(word)
        folded.removeAll(keepingCapacity: true)
        for scalar in scalars {
            ScalarForms.appendFolded(scalar, to: &folded)
            if folded.count > Self.longestTerm { break }
        }
        Self.cut(&folded)
        stems.removeAll(keepingCapacity: true)
        if word.count <= Self.longestTerm, scalars.count > 1 { addStems() }
        return cache.add(word, hash: hash, folded: folded, stems: stems)
    }

    /// A word of the letters a to z: it is folded, and in lower case in every language.
    private func addLatin(_ word: UnsafeBufferPointer<UInt8>, hash: UInt32) -> WordCache.Entry {
        folded.removeAll(keepingCapacity: true)
        folded.append(contentsOf: word.prefix(Self.longestTerm))
        stems.removeAll(keepingCapacity: true)
        if word.count <= Self.longestTerm, word.count > 1 {
            for language in languages where language.alphabet == .latin { addStem(of: folded, in: language) }
        }
        return cache.add(word, hash: hash, folded: folded, stems: stems)
    }

    /// Reads the scalars of a word in composed form.
    private func read(_ word: UnsafeBufferPointer<UInt8>) {
        scalars.removeAll(keepingCapacity: true)
        var hasMarks = false
        var index = 0
        while index < word.count {
            let (scalar, length) = UTF8Scan.scalar(in: word, at: index)
            let kind = ScalarClass.of(scalar.value)
            if kind != ScalarClass.ignored { scalars.append(scalar.value) }
            hasMarks = hasMarks || kind == ScalarClass.mark
            index += length
        }
        if hasMarks { Self.compose(&scalars) }
    }

    /// Composes scalars as NFC does.
    static func compose(_ scalars: inout [UInt32]) {
        var text = String.UnicodeScalarView()
        for scalar in scalars { Unicode.Scalar(scalar).map { text.append($0) } }
        scalars.removeAll(keepingCapacity: true)
        for scalar in String(text).composed.unicodeScalars { scalars.append(scalar.value) }
    }

    private func addStems() {
        lower.removeAll(keepingCapacity: true)
        for scalar in scalars { ScalarForms.appendLower(scalar, isTurkish: false, to: &lower) }
        guard let first = scalars.first, let alphabet = Alphabet(of: first < 0x80 ? first | 0x20 : Self.lower(first))
        else { return }
        for language in languages where language.alphabet == alphabet {
            var stem = lower
            if language == .turkish {
                stem.removeAll(keepingCapacity: true)
                for scalar in scalars { ScalarForms.appendLower(scalar, isTurkish: true, to: &stem) }
            }
            addStem(of: stem, in: language)
        }
    }

    /// - Parameter word: in lower case.
    private func addStem(of word: [UInt8], in language: TextLanguage) {
        if language == .vietnamese { return addStem(word, in: language) }
        var stem = word
        InflectedForms.prepare(&stem, in: language)
        Stemmers.stem(&stem, in: language)
        InflectedForms.finish(&stem, in: language)
        addStem(stem.allSatisfy { $0 &- 0x61 < 26 } ? stem : Self.fold(stem), in: language)
    }

    private func addStem(_ stem: [UInt8], in language: TextLanguage) {
        guard !stem.isEmpty, isOfQuery || stem != folded, stem.count <= Self.longestTerm else { return }
        stems.append(UInt8(truncatingIfNeeded: language.stemPrefix.count + stem.count))
        stems.append(contentsOf: language.stemPrefix)
        stems.append(contentsOf: stem)
    }

    private static func lower(_ scalar: UInt32) -> UInt32 {
        Unicode.Scalar(scalar)?.properties.lowercaseMapping.unicodeScalars.first?.value ?? scalar
    }

    /// The folded form of a word in NFKC.
    static func fold(_ word: [UInt8]) -> [UInt8] {
        var folded: [UInt8] = []
        folded.reserveCapacity(word.count)
        word.withUnsafeBufferPointer { word in
            var index = 0
            while index < word.count {
                let (scalar, length) = UTF8Scan.scalar(in: word, at: index)
                ScalarForms.appendFolded(scalar.value, to: &folded)
                index += length
            }
        }
        return folded
    }

    /// Cuts a term to ``longestTerm`` bytes, between two scalars.
    static func cut(_ term: inout [UInt8]) {
        guard term.count > longestTerm else { return }
        var end = longestTerm
        while end > 0, term[end] & 0xC0 == 0x80 { end -= 1 }
        term.removeSubrange(end...)
    }
}
