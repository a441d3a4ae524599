/// Evidence of a text's language.
struct LanguageEvidence {
    private var scripts = [Int](repeating: 0, count: TextScript.allCases.count)
    /// By the position of the language in `TextLanguage.allCases`.
    private var scores = [Double](repeating: 0, count: TextLanguage.allCases.count)
    private var words = 0

    // MARK: Reading

    /// Adds the words of a text, or of a part of one. Words that its ends divide do not count much.
    mutating func read(_ text: Slice<UnsafeBufferPointer<UInt8>>) {
        let utf8 = UnsafeBufferPointer(rebasing: text)
        var index = 0
        var hash = WordHash.empty
        while index < utf8.count {
            let byte = utf8[index]
            if byte < 0x80 {
                index += 1
                if (byte | 0x20) &- 0x61 < 26 {
                    scripts[TextScript.latin.rawValue] += 1
                    hash.add(UInt32(byte | 0x20))
                } else {
                    end(&hash)
                }
                continue
            }
            let (scalar, length) = UTF8Scan.scalar(in: utf8, at: index)
            index += length
            if let script = TextScript(of: scalar.value) {
                scripts[script.rawValue] += 1
                let letter = WordHash.lower(scalar.value)
                hash.add(letter)
                count(letter)
            } else if WordHash.isMark(scalar.value) {
                hash.add(scalar.value)
            } else {
                end(&hash)
            }
        }
        end(&hash)
    }

    private mutating func end(_ hash: inout WordHash) {
        guard hash != .empty else { return }
        words += 1
        if let languages = Self.functionWords[hash] { add(languages, 1) }
        hash = .empty
    }

    private mutating func count(_ letter: UInt32) {
        if letter < 0x700, let languages = Self.letters[letter] { add(languages, Self.letterWeight) }
    }

    /// Shares a weight among languages: what many have tells little.
    private mutating func add(_ languages: Languages, _ weight: Double) {
        for position in languages.positions { scores[position] += weight * languages.share }
    }

    /// Languages, and what of a word's weight each of them gets.
    private struct Languages {
        var positions: [Int]
        var share: Double

        init(_ set: LanguageSet) {
            positions = TextLanguage.allCases.indices.filter { set.rawValue & (1 << UInt64($0)) != 0 }
            share = 1 / Double(max(positions.count, 1))
        }
    }

    // MARK: Conclusions

    /// The language, if the evidence suffices.
    var language: TextLanguage? {
        // A letter of Han or Hangul is worth several of an alphabet.
        let weights = TextScript.allCases.map { script in
            switch script {
            case .han, .hangul, .kana: 2 * scripts[script.rawValue]
            default: scripts[script.rawValue]
            }
        }
        func weight(_ script: TextScript) -> Int { weights[script.rawValue] }
        let eastAsian = weight(.han) + weight(.kana)
        let alphabets: [TextScript] = [
            .latin, .cyrillic, .greek, .arabic, .hebrew, .devanagari, .hangul, .thai, .other,
        ]
        guard let script = alphabets.max(by: { weight($0) < weight($1) }) else { return nil }
        if eastAsian > weight(script) {
            if weight(.kana) * 20 > eastAsian { return .japanese }
            return eastAsian >= Self.leastLetters ? .chinese : nil
        }
        guard weight(script) >= Self.leastLetters else { return nil }
        switch script {
        case .hangul: return .korean
        case .thai: return .thai
        case .greek: return .greek
        case .hebrew: return .hebrew
        case .other: return nil
        default: return likeliest(of: script)
        }
    }

    private func likeliest(of script: TextScript) -> TextLanguage? {
        var best: (language: TextLanguage, score: Double)?
        var second = 0.0
        for (position, language) in TextLanguage.allCases.enumerated() where language.uses(script) {
            if scores[position] > best?.score ?? 0 {
                second = best?.score ?? 0
                best = (language, scores[position])
            } else {
                second = max(second, scores[position])
            }
        }
        guard let best, best.score >= Self.leastScore, best.score >= Self.leastLead * second,
            best.score >= Self.leastShare * Double(words)
        else { return nil }
        return best.language
    }

    /// The languages with stems that the text may be in, likeliest first.
    var candidates: [TextLanguage] {
        let script = TextScript.allCases.max { scripts[$0.rawValue] < scripts[$1.rawValue] }
        guard let script, scripts[script.rawValue] > 0 else { return [] }
        let found = TextLanguage.allCases.enumerated().filter {
            $1.uses(script) && $1.stemByte != nil && scores[$0] > 0
        }
        let best = found.map { scores[$0.offset] }.max() ?? 0
        let likely = found.filter { scores[$0.offset] >= best / 2 }
            .sorted { (scores[$1.offset], $0.offset) < (scores[$0.offset], $1.offset) }
        guard likely.isEmpty else { return likely.prefix(Self.mostCandidates).map(\.element) }
        switch script {
        case .latin: return [.english]
        case .cyrillic: return [.russian]
        case .greek: return [.greek]
        case .arabic: return [.arabic]
        case .devanagari: return [.hindi]
        default: return []
        }
    }

    private static let mostCandidates = 3

    private static let leastLetters = 4
    /// One word that no other language has, and a shared one.
    private static let leastScore = 1.3
    private static let leastLead = 1.2
    /// Of the words, those that speak for the language. Lists of names and numbers have fewer.
    private static let leastShare = 0.02
    private static let letterWeight = 0.25

    // MARK: Tables

    private static let functionWords: [WordHash: Languages] = {
        var sets: [WordHash: LanguageSet] = [:]
        for (language, table) in FunctionWords.tables {
            for word in FunctionWords.list(table) { sets[WordHash(word), default: []].insert(language) }
        }
        return sets.mapValues(Languages.init)
    }()

    /// Letters that few languages have.
    private static let letters: [UInt32: Languages] = {
        var sets: [UInt32: LanguageSet] = [:]
        for (language, letters) in lettersOfLanguages {
            for letter in letters.description.unicodeScalars { sets[letter.value, default: []].insert(language) }
        }
        return sets.mapValues(Languages.init)
    }()

    private static let lettersOfLanguages: KeyValuePairs<TextLanguage, StaticString> = [
        .bulgarian: "ъщ", .catalan: "ŀ", .croatian: "đć", .czech: "řůě", .danish: "æø", .german: "ß", .hungarian: "őű",
        .norwegian: "æø", .persian: "پچژگکی", .polish: "łąęśźż", .portuguese: "ãõ", .romanian: "ățșţ", .russian: "ыэё",
        .serbian: "ђјљњћџ", .slovak: "ľĺŕ", .spanish: "ñ", .swedish: "åäö", .finnish: "äö", .turkish: "ığş",
        .ukrainian: "їєіґ", .vietnamese: "ơưđạảấầẩậắằặẹẻẽếềểệỉịọỏốồổộớờởợụủứừửựỳỹ", .arabic: "ةكىي", .french: "œ",
    ]
}

/// A hash of a word in lower case.
struct WordHash: Hashable {
    private var value: UInt64 = 0xCBF2_9CE4_8422_2325

    static let empty = WordHash()

    init() {}

    init(_ word: Substring) {
        for scalar in word.unicodeScalars { add(scalar.value) }
    }

    @inline(__always)
    mutating func add(_ letter: UInt32) { value = (value ^ UInt64(letter)) &* 0x100_0000_01B3 }

    func hash(into hasher: inout Hasher) { hasher.combine(value) }

    /// A mark that belongs to a word.
    static func isMark(_ scalar: UInt32) -> Bool {
        switch scalar {
        case 0x300...0x36F, 0x591...0x5C7, 0x64B...0x65F, 0x900...0x903: true
        default: false
        }
    }

    /// The lower case of the letters of function words.
    @inline(__always)
    static func lower(_ letter: UInt32) -> UInt32 {
        switch letter {
        case 0xC0...0xDE where letter != 0xD7: letter + 0x20
        case 0x100...0x137, 0x14A...0x177: letter | 1
        case 0x139...0x148, 0x179...0x17E: letter + (letter & 1)
        case 0x218...0x21B, 0x1EA0...0x1EF9: letter | 1
        case 0x391...0x3A9: letter + 0x20
        case 0x386: 0x3AC
        case 0x388...0x38A: letter + 0x25
        case 0x38C: 0x3CC
        case 0x38E, 0x38F: letter + 0x3F
        case 0x400...0x40F: letter + 0x50
        case 0x410...0x42F: letter + 0x20
        default: letter
        }
    }
}
