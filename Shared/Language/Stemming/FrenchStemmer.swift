/// Snowball's stemmer for French.
enum FrenchStemmer {
    static func stem(_ word: inout StemWord) {
        removeElision(&word)
        markConsonants(&word)
        findRegions(&word)
        if removeStandard(&word) || removeVerbInI(&word) || removeVerb(&word) {
            switch word.last() {
            case "Y": word[word.count - 1] = "i"
            case "ç": word[word.count - 1] = "c"
            default: break
            }
        } else {
            removeResidue(&word)
        }
        if word.suffix(in: doubled).isFound { word.removeLast() }
        removeAccent(&word)
        unmark(&word)
    }

    private static let vowels = LetterSet("aeiouyâàëéêèïîôûù")

    // MARK: Preparation

    private static let elisions = AffixTable(beginnings: "c' d' j' l' m' n' s' t' z' qu'")

    private static func removeElision(_ word: inout StemWord) {
        let elision = word.prefix(in: elisions)
        if elision.end < word.count { word.remove(elision.range) }
    }

    /// Writes vowels that act as consonants in capitals, and a diaeresis as `H`.
    private static func markConsonants(_ word: inout StemWord) {
        var index = 0
        while index < word.count {
            let letter = word[index]
            let next = word[index + 1]
            let isVowel = vowels.contains(letter)
            if isVowel, next == "u" || next == "i", vowels.contains(word[index + 2]) {
                word[index + 1] = next == "u" ? "U" : "I"
                index += 2
            } else if isVowel, next == "y" {
                word[index + 1] = "Y"
                index += 2
            } else if letter == "ë" || letter == "ï" {
                word[index] = letter == "ë" ? "e" : "i"
                word.insert("H", at: index)
                index += 1
            } else if letter == "y", vowels.contains(next) {
                word[index] = "Y"
                index += 1
            } else if letter == "q", next == "u" {
                word[index + 1] = "U"
                index += 2
            } else {
                index += 1
            }
        }
    }

    private static func unmark(_ word: inout StemWord) {
        var index = 0
        while index < word.count {
            switch word[index] {
            case "I": word[index] = "i"
            case "U": word[index] = "u"
            case "Y": word[index] = "y"
            case "H":
                word.remove(index..<(index + 1))
                switch word[index] {
                case "e": word[index] = "ë"
                case "i": word[index] = "ï"
                default: index -= 1
                }
            default: break
            }
            index += 1
        }
    }

    private static let beginnings = AffixTable(beginnings: "par col tap", "ni")

    private static func findRegions(_ word: inout StemWord) {
        word.findRegions(vowels)
        word.rv = word.count
        let beginning = word.prefix(in: beginnings)
        if vowels.contains(word[0]), vowels.contains(word[1]), word.count > 2 {
            word.rv = 3
        } else if beginning.group == 1 || beginning.group == 2 && vowels.contains(word[2]) {
            word.rv = 3
        } else if let vowel = word.index(of: vowels, from: 1) {
            word.rv = vowel + 1
        }
    }

    // MARK: Standard endings

    private static let standard = AffixTable(
        endings: "ance iqUe isme able iste eux ances iqUes ismes ables istes",
        "atrice ateur ation atrices ateurs ations", "logie logies", "usion ution usions utions", "ence ences",
        "ement ements", "ité ités", "if ive ifs ives", "eaux", "aux", "oux", "euse euses", "issement issements",
        "amment", "emment", "ment ments")

    private static let beforeOux = LetterSet("bhjlnp")

    /// False if no ending was removed, so that endings of verbs are looked for.
    private static func removeStandard(_ word: inout StemWord) -> Bool {
        let ending = word.suffix(in: standard)
        let start = ending.start
        let isInR1 = word.r1 <= start
        let isInR2 = word.r2 <= start
        switch ending.group {
        case 1:
            guard isInR2 else { return false }
            word.cut(at: start)
        case 2:
            guard isInR2 else { return false }
            word.cut(at: start)
            removeIc(&word)
        case 3:
            guard isInR2 else { return false }
            word.replaceEnd(from: start, with: "log")
        case 4:
            guard isInR2 else { return false }
            word.replaceEnd(from: start, with: "u")
        case 5:
            guard isInR2 else { return false }
            word.replaceEnd(from: start, with: "ent")
        case 6:
            guard word.rv <= start else { return false }
            word.cut(at: start)
            removeBeforeEment(&word)
        case 7:
            guard isInR2 else { return false }
            word.cut(at: start)
            removeBeforeIté(&word)
        case 8:
            guard isInR2 else { return false }
            word.cut(at: start)
            if let at = word.start(of: "at"), word.r2 <= at {
                word.cut(at: at)
                removeIc(&word)
            }
        case 9: word.removeLast()
        case 10:
            guard isInR1 else { return false }
            word.replaceEnd(from: start, with: "al")
        case 11:
            guard beforeOux.contains(word[start - 1]) else { return false }
            word.removeLast()
        case 12:
            guard isInR1 else { return false }
            if isInR2 { word.cut(at: start) } else { word.replaceEnd(from: start, with: "eux") }
        case 13:
            guard isInR1, word.has(start - 1, outside: vowels) else { return false }
            word.cut(at: start)
        case 14:
            if word.rv <= start { word.replaceEnd(from: start, with: "ant") }
            return false
        case 15:
            if word.rv <= start { word.replaceEnd(from: start, with: "ent") }
            return false
        case 16:
            if vowels.contains(word[start - 1]), word.rv <= start - 1 { word.cut(at: start) }
            return false
        default: return false
        }
        return true
    }

    private static func removeIc(_ word: inout StemWord) {
        guard let start = word.start(of: "ic") else { return }
        if word.r2 <= start { word.cut(at: start) } else { word.replaceEnd(from: start, with: "iqU") }
    }

    private static let beforeEment = AffixTable(endings: "iv", "eus", "abl iqU", "ièr Ièr")

    private static func removeBeforeEment(_ word: inout StemWord) {
        let ending = word.suffix(in: beforeEment)
        let isInR2 = word.r2 <= ending.start
        switch ending.group {
        case 1:
            guard isInR2 else { return }
            word.cut(at: ending.start)
            if let at = word.start(of: "at"), word.r2 <= at { word.cut(at: at) }
        case 2:
            if isInR2 {
                word.cut(at: ending.start)
            } else if word.r1 <= ending.start {
                word.replaceEnd(from: ending.start, with: "eux")
            }
        case 3: if isInR2 { word.cut(at: ending.start) }
        case 4: if word.rv <= ending.start { word.replaceEnd(from: ending.start, with: "i") }
        default: break
        }
    }

    private static let beforeIté = AffixTable(endings: "abil", "ic", "iv")

    private static func removeBeforeIté(_ word: inout StemWord) {
        let ending = word.suffix(in: beforeIté)
        if ending.group == 2 { return removeIc(&word) }
        if word.r2 <= ending.start {
            word.cut(at: ending.start)
        } else if ending.group == 1 {
            word.replaceEnd(from: ending.start, with: "abl")
        }
    }

    // MARK: Endings of verbs

    private static let verbsInI = AffixTable(
        endings: """
            îmes ît îtes i ie ies ir ira irai iraIent irais irait iras irent irez iriez irions irons iront is issaIent
            issais issait issant issante issantes issants isse issent isses issez issiez issions issons it
            """)

    private static func removeVerbInI(_ word: inout StemWord) -> Bool {
        let ending = word.suffix(in: verbsInI, from: word.rv)
        let before = ending.start - 1
        guard ending.isFound, before >= word.rv, word.has(before, outside: vowels), word[before] != "H"
        else { return false }
        word.cut(at: ending.start)
        return true
    }

    private static let verbs = AffixTable(
        endings: "ions", "é ée ées és èrent er era erai eraIent erais erait eras erez eriez erions erons eront ez iez",
        "âmes ât âtes a ai aIent ait ant ante antes ants as asse assent asses assiez assions", "ais aise aises", "eais")
    private static let keepsAis = AffixTable(endings: "al", "auv épl")

    private static func removeVerb(_ word: inout StemWord) -> Bool {
        let ending = word.suffix(in: verbs, from: word.rv)
        var start = ending.start
        switch ending.group {
        case 1: if word.r2 > start { return false }
        case 2, 5: break
        case 3: if word[start - 1] == "e", word.rv <= start - 1 { start -= 1 }
        case 4:
            let root = word.suffix(in: keepsAis, before: start)
            if root.group == 2 || root.group == 1 && root.start == 1 { return false }
        default: return false
        }
        word.cut(at: start)
        return true
    }

    // MARK: The rest

    private static let keepsS = LetterSet("aiouès")
    private static let residues = AffixTable(endings: "ion", "ier ière Ier Ière", "e")

    private static func removeResidue(_ word: inout StemWord) {
        let before = word.count - 2
        if word.last() == "s", word.ends("Hi", before: before + 1) || word.has(before, outside: keepsS) {
            word.removeLast()
        }
        let ending = word.suffix(in: residues, from: word.rv)
        switch ending.group {
        case 1:
            guard word.r2 <= ending.start, ending.start > word.rv else { return }
            if word[ending.start - 1] == "s" || word[ending.start - 1] == "t" { word.cut(at: ending.start) }
        case 2: word.replaceEnd(from: ending.start, with: "i")
        case 3: word.removeLast()
        default: break
        }
    }

    private static let doubled = AffixTable(endings: "enn onn ett ell eill")

    /// Writes the last vowel, if a consonant follows it, without accent.
    private static func removeAccent(_ word: inout StemWord) {
        var index = word.count - 1
        while index >= 0, !vowels.contains(word[index]) { index -= 1 }
        if index < word.count - 1, word[index] == "é" || word[index] == "è" { word[index] = "e" }
    }
}
