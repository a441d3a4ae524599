/// Vowels and regions of Dutch.
extension DutchStemmer {
    private static let e = LetterSet("eëéèê")
    private static let vowels = LetterSet("aäáàâeëéèêiïíìîoöóòôuüúùû")
    private static let backVowels = LetterSet("aäáàâiïíìîoöóòôuüúùû")
    static let vowelsAndY = LetterSet("aäáàâeëéèêiïíìîoöóòôuüúùûy")
    private static let notLengthened = LetterSet("aäáàâeëéèêiïíìîoöóòôuüúùûywx")

    /// Whether the letters before `end` end in a vowel, which `ij` is.
    static func endsInVowel(_ word: StemWord, before end: Int) -> Bool {
        vowelsAndY.contains(word[end - 1]) || word.ends("ij", before: end)
    }

    static func endsInConsonant(_ word: StemWord, before end: Int) -> Bool {
        !word.ends("ij", before: end) && word.has(end - 1, outside: vowelsAndY)
    }

    static func measure(_ word: inout StemWord) {
        word.r1 = word.count
        word.r2 = word.count
        guard let first = measure(word, from: 0) else { return }
        word.r1 = first
        if let second = measure(word, from: first) { word.r2 = second }
    }

    /// The position behind the first consonant behind the vowels.
    static func measure(_ word: StemWord, from start: Int) -> Int? {
        guard let vowel = word.index(of: vowelsAndY, from: start) else { return nil }
        // The i of ij is the first vowel that is found, so that only more vowels need looking for.
        var end = vowel
        while true {
            if word[end] == "i", word[end + 1] == "j" {
                end += 2
            } else if vowelsAndY.contains(word[end]) {
                end += 1
            } else {
                break
            }
        }
        return end < word.count ? end + 1 : nil
    }

    private static let lengthened = AffixTable(
        endings: "a ä á à â o ö ó ò ô u ü ú ù û", "e é è ê", "eë", "ië")

    /// Doubles a vowel before the last consonant: `boom` for `bom`en.
    static func lengthenVowel(_ word: inout StemWord) {
        let end = word.count - 1
        guard word.has(end, outside: notLengthened) else { return }
        let vowel = word.suffix(in: lengthened, before: end)
        let start = vowel.start
        switch vowel.group {
        case 1:
            if start == 0 || word.has(start - 1, outside: vowels) { word.insert(word[start], at: end) }
        case 2:
            if start == 0 || word.has(start - 1, outside: vowels), !isUnstressed(word, before: start - 1) {
                word.insert(word[start], at: end)
            }
        case 3: word.insert("e", at: end)
        case 4:
            word[end - 1] = "e"
            word.insert("e", at: end)
        default: break
        }
    }

    /// Whether the vowels before the consonant at `index` make an `e` behind it unstressed, as in `wandelen`, `aardappelen`.
    private static func isUnstressed(_ word: StemWord, before index: Int) -> Bool {
        let before = word[index - 1]
        if backVowels.contains(before) || index == 1 && e.contains(before) { return true }
        return index > 1 && backVowels.contains(word[index - 2]) && word.has(index - 3, outside: vowels)
    }
}
