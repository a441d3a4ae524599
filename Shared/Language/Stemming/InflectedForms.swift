/// Forms of words that the published stemmers leave apart, although their users type one for the other: plurals such as
/// `condições` of `condição`, `lápices` of `lápiz`, `sopimukset` of `sopimus`, and spellings such as `हिन्दी` of `हिंदी`.
enum InflectedForms {
    /// What the end of a word becomes before it is stemmed.
    private typealias Ending = (from: StaticString, to: StaticString, least: Int)

    /// Brings a word into the form that its language's stemmer expects.
    ///
    /// - Parameter word: In lower case, with its marks, in UTF-8.
    static func prepare(_ word: inout [UInt8], in language: TextLanguage) {
        switch language {
        case .portuguese: replaceEnd(of: &word, portuguese)
        case .spanish: replaceEnd(of: &word, spanish)
        case .finnish: replaceEnd(of: &word, finnish)
        case .hindi: joinNasals(&word)
        default: break
        }
    }

    /// Makes stems equal that the stemmer leaves apart.
    static func finish(_ stem: inout [UInt8], in language: TextLanguage) {
        if language == .finnish { replaceEnd(of: &stem, finnishStems) }
    }

    /// `mais` and `pais` are no plurals of words in `-al`.
    private static let portuguese: [Ending] = [
        ("ões", "ão", 4), ("ães", "ão", 4), ("ãos", "ão", 4), ("éis", "el", 5), ("óis", "ol", 5), ("ais", "al", 5),
    ]
    private static let spanish: [Ending] = [("ces", "z", 5)]
    private static let finnish: [Ending] = [("inen", "iset", 6)]
    private static let finnishStems: [Ending] = [("uks", "us", 5), ("yks", "ys", 5)]

    /// - Parameter endings: the first that fits is taken, if the word has its least number of bytes.
    private static func replaceEnd(of word: inout [UInt8], _ endings: [Ending]) {
        for ending in endings where word.count >= ending.least {
            let from = UnsafeBufferPointer(start: ending.from.utf8Start, count: ending.from.utf8CodeUnitCount)
            guard word.suffix(from.count).elementsEqual(from) else { continue }
            word.removeLast(from.count)
            word.append(
                contentsOf: UnsafeBufferPointer(start: ending.to.utf8Start, count: ending.to.utf8CodeUnitCount))
            return
        }
    }

    /// A dead न is written as a dot above the letter before it, too.
    private static func joinNasals(_ word: inout [UInt8]) {
        let dead: [UInt8] = [0xE0, 0xA4, 0xA8, 0xE0, 0xA5, 0x8D]
        var index = 3
        while index + dead.count < word.count {
            if word[index..<index + dead.count].elementsEqual(dead) {
                word.replaceSubrange(index..<index + dead.count, with: [0xE0, 0xA4, 0x82])
            }
            index += 3
        }
    }
}
