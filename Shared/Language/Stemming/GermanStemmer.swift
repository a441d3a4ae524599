/// Snowball's stemmer for German. It writes `ae`, `oe`, `ue` and `ß` as `ä`, `ö`, `ü` and `ss` first.
enum GermanStemmer {
    static func stem(_ word: inout StemWord) {
        prepare(&word)
        word.findRegions(vowels)
        if word.count < 3 { word.r1 = word.count } else { word.r1 = max(word.r1, 3) }
        removeInflection(&word)
        removeComparison(&word)
        removeDerivation(&word)
        let genitive = word.suffix(in: genitives)
        if genitive.isFound, genitive.start > 1 { word.cut(at: genitive.start) }
        word.exchange {
            switch $0 {
            case "Y": "y"
            case "U", "ü": "u"
            case "ä": "a"
            case "ö": "o"
            default: nil
            }
        }
    }

    private static let vowels = LetterSet("aeiouyäöü")
    private static let beforeS = LetterSet("bdfghklmnrt")
    private static let beforeSt = LetterSet("bdfghklmnt")
    private static let beforeEt = LetterSet("dfgklmnrstUzä")

    /// Marks `u` and `y` between vowels, then unifies spellings.
    private static func prepare(_ word: inout StemWord) {
        var index = 0
        while index + 2 < word.count {
            let letter = word[index + 1]
            if letter == "u" || letter == "y", vowels.contains(word[index]), vowels.contains(word[index + 2]) {
                word[index + 1] = letter == "u" ? "U" : "Y"
            }
            index += 1
        }
        index = 0
        while index < word.count {
            switch (word[index], word[index + 1]) {
            case ("ß", _):
                word[index] = "s"
                word.insert("s", at: index + 1)
                index += 1
            case ("a", "e"): word.join(at: index, as: "ä")
            case ("o", "e"): word.join(at: index, as: "ö")
            case ("u", "e"): word.join(at: index, as: "ü")
            case ("q", "u"): index += 1
            default: break
            }
            index += 1
        }
    }

    private static let inflections = AffixTable(endings: "em", "ern er erin erinnen", "e en es", "s", "ln lns")

    private static func removeInflection(_ word: inout StemWord) {
        let ending = word.suffix(in: inflections)
        guard ending.isFound, word.r1 <= ending.start else { return }
        switch ending.group {
        case 1: if !word.ends("syst", before: ending.start) { word.cut(at: ending.start) }
        case 2: word.cut(at: ending.start)
        case 3:
            word.cut(at: ending.start)
            if word.ends("niss") { word.removeLast() }
        case 4: if beforeS.contains(word[ending.start - 1]) { word.cut(at: ending.start) }
        default: word.replaceEnd(from: ending.start, with: "l")
        }
    }

    private static let comparisons = AffixTable(endings: "en er est", "st", "et")
    private static let keepsEt = AffixTable(endings: "geordn intern plan tick tr")

    private static func removeComparison(_ word: inout StemWord) {
        let ending = word.suffix(in: comparisons)
        guard ending.isFound, word.r1 <= ending.start else { return }
        let isRemoved =
            switch ending.group {
            case 1: true
            case 2: ending.start > 3 && beforeSt.contains(word[ending.start - 1])
            default:
                beforeEt.contains(word[ending.start - 1]) && !word.suffix(in: keepsEt, before: ending.start).isFound
            }
        if isRemoved { word.cut(at: ending.start) }
    }

    private static let derivations = AffixTable(endings: "end ung", "ig ik isch", "lich heit", "keit")
    private static let beforeKeit = AffixTable(endings: "lich ig")

    private static func removeDerivation(_ word: inout StemWord) {
        let ending = word.suffix(in: derivations)
        guard ending.isFound, word.r2 <= ending.start else { return }
        if ending.group == 2, word[ending.start - 1] == "e" { return }
        word.cut(at: ending.start)
        switch ending.group {
        case 1:
            if word.ends("ig"), word.last(3) != "e", word.r2 <= word.count - 2 { word.removeLast(2) }
        case 3:
            if word.ends("er") || word.ends("en"), word.r1 <= word.count - 2 { word.removeLast(2) }
        case 4:
            let before = word.suffix(in: beforeKeit)
            if before.isFound, word.r2 <= before.start { word.cut(at: before.start) }
        default: break
        }
    }

    private static let genitives = AffixTable(endings: "'s 'sch '")
}

extension StemWord {
    /// Replaces two letters by one.
    fileprivate mutating func join(at index: Int, as letter: Unicode.Scalar) {
        self[index] = letter
        remove((index + 1)..<(index + 2))
    }
}
