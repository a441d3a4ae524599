/// The stemmer of M. F. Porter, "An algorithm for suffix stripping" (Program 14, 1980), with the deviations of SQLite's
/// FTS5 (`fts5_tokenize.c`). Answers compare English words by it; search has `Stemmers`.
///
/// It works on folded UTF-8. Bytes outside `a`–`z` count as consonants. Words of one or two bytes, or of more than 64,
/// are unchanged.
public enum Stemmer {
    public static func stem(_ word: String) -> String {
        var bytes = Array(word.utf8)
        stem(&bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Reduces `word` to its stem in place.
    public static func stem(_ word: inout [UInt8]) {
        guard (3...64).contains(word.count) else { return }
        removePlural(&word)
        if removePastOrGerund(&word) { restoreEnding(&word) }
        if let last = word.last, last == UInt8(ascii: "y"), hasVowel(word, word.count - 1) {
            word[word.count - 1] = UInt8(ascii: "i")
        }
        replaceFirstMatch(in: &word, of: StemmerRules.doubleSuffixes)
        replaceFirstMatch(in: &word, of: StemmerRules.nounSuffixes)
        removeLastSuffix(&word)
        removeFinalE(&word)
        removeDoubleL(&word)
    }

    // MARK: The steps, as the paper numbers them

    /// Step 1a.
    private static func removePlural(_ word: inout [UInt8]) {
        let count = word.count
        guard word[count - 1] == UInt8(ascii: "s") else { return }
        if word[count - 2] == UInt8(ascii: "e") {
            let isSses = count > 4 && ends(word, "sses")
            word.removeLast(isSses || (count > 3 && ends(word, "ies")) ? 2 : 1)
        } else if word[count - 2] != UInt8(ascii: "s") {
            word.removeLast()
        }
    }

    /// Step 1b; true if the stem may need its ending restored.
    private static func removePastOrGerund(_ word: inout [UInt8]) -> Bool {
        let count = word.count
        if count > 3, ends(word, "eed") {
            if measureIsPositive(word, count - 3) { word.removeLast() }
            return false
        }
        for suffix in StemmerRules.verbSuffixes
        where count > suffix.utf8CodeUnitCount && ends(word, suffix) {
            let stemCount = count - suffix.utf8CodeUnitCount
            guard hasVowel(word, stemCount) else { return false }
            word.removeLast(suffix.utf8CodeUnitCount)
            return true
        }
        return false
    }

    /// Step 1b, second part: `hoping` → `hope`, `hopping` → `hop`.
    private static func restoreEnding(_ word: inout [UInt8]) {
        let e = UInt8(ascii: "e")
        if word.count > 2, ends(word, "at") || ends(word, "bl") || ends(word, "iz") {
            word.append(e)
            return
        }
        guard let last = word.last else { return }
        let isKept =
            last == UInt8(ascii: "l") || last == UInt8(ascii: "s")
            || last == UInt8(ascii: "z")
        if !isVowel(last, afterConsonant: false), !isKept, word.count > 1,
            word[word.count - 2] == last
        {
            word.removeLast()
        } else if measureIsOne(word, word.count), endsShort(word, word.count) {
            word.append(e)
        }
    }

    /// Steps 2 and 3: the longest matching suffix decides, even if its condition fails.
    private static func replaceFirstMatch(
        in word: inout [UInt8], of rules: [(suffix: StaticString, with: StaticString)]
    ) {
        for rule in rules
        where word.count > rule.suffix.utf8CodeUnitCount && ends(word, rule.suffix) {
            let stemCount = word.count - rule.suffix.utf8CodeUnitCount
            guard measureIsPositive(word, stemCount) else { return }
            word.removeLast(rule.suffix.utf8CodeUnitCount)
            rule.with.withUTF8Buffer { word.append(contentsOf: $0) }
            return
        }
    }

    /// Step 4.
    private static func removeLastSuffix(_ word: inout [UInt8]) {
        for suffix in StemmerRules.lastSuffixes
        where word.count > suffix.utf8CodeUnitCount && ends(word, suffix) {
            let stemCount = word.count - suffix.utf8CodeUnitCount
            if measureExceedsOne(word, stemCount) { word.removeLast(suffix.utf8CodeUnitCount) }
            return
        }
        guard word.count > 3, ends(word, "ion") else { return }
        let before = word[word.count - 4]
        guard before == UInt8(ascii: "s") || before == UInt8(ascii: "t") else { return }
        if measureExceedsOne(word, word.count - 3) { word.removeLast(3) }
    }

    /// Step 5a.
    private static func removeFinalE(_ word: inout [UInt8]) {
        guard word.last == UInt8(ascii: "e") else { return }
        let count = word.count - 1
        let isOneLong = measureIsOne(word, count) && !endsShort(word, count)
        if isOneLong || measureExceedsOne(word, count) { word.removeLast() }
    }

    /// Step 5b.
    private static func removeDoubleL(_ word: inout [UInt8]) {
        if word.count > 1, ends(word, "ll"), measureExceedsOne(word, word.count - 1) {
            word.removeLast()
        }
    }

    // MARK: The conditions

    private static func ends(_ word: [UInt8], _ suffix: StaticString) -> Bool {
        let count = suffix.utf8CodeUnitCount
        guard word.count >= count else { return false }
        return suffix.withUTF8Buffer { $0.elementsEqual(word[(word.count - count)...]) }
    }

    /// `y` is a vowel after a consonant, and otherwise a consonant.
    private static func isVowel(_ byte: UInt8, afterConsonant: Bool) -> Bool {
        switch byte {
        case UInt8(ascii: "a"), UInt8(ascii: "e"), UInt8(ascii: "i"), UInt8(ascii: "o"),
            UInt8(ascii: "u"):
            true
        case UInt8(ascii: "y"): afterConsonant
        default: false
        }
    }

    private static func hasVowel(_ word: [UInt8], _ count: Int) -> Bool {
        word[..<count].indices.contains { isVowel(word[$0], afterConsonant: $0 > 0) }
    }

    /// The offset after the next vowels and the consonant that follows them; nil if there is none.
    private static func skipVowelConsonant(
        _ word: [UInt8], from start: Int, to end: Int, afterConsonant: Bool
    ) -> Int? {
        var isConsonant = afterConsonant
        var index = start
        while index < end {
            isConsonant = !isVowel(word[index], afterConsonant: isConsonant)
            index += 1
            if !isConsonant { break }
        }
        while index < end {
            isConsonant = !isVowel(word[index], afterConsonant: isConsonant)
            index += 1
            if isConsonant { return index }
        }
        return nil
    }

    private static func measureIsPositive(_ word: [UInt8], _ count: Int) -> Bool {
        skipVowelConsonant(word, from: 0, to: count, afterConsonant: false) != nil
    }

    private static func measureExceedsOne(_ word: [UInt8], _ count: Int) -> Bool {
        guard let next = skipVowelConsonant(word, from: 0, to: count, afterConsonant: false)
        else { return false }
        return skipVowelConsonant(word, from: next, to: count, afterConsonant: true) != nil
    }

    private static func measureIsOne(_ word: [UInt8], _ count: Int) -> Bool {
        guard let next = skipVowelConsonant(word, from: 0, to: count, afterConsonant: false)
        else { return false }
        return skipVowelConsonant(word, from: next, to: count, afterConsonant: true) == nil
    }

    /// The paper's `*o`: the word ends in consonant, vowel, consonant, and the last is not `w`, `x` or `y`.
    private static func endsShort(_ word: [UInt8], _ count: Int) -> Bool {
        guard count > 2 else { return false }
        switch word[count - 1] {
        case UInt8(ascii: "w"), UInt8(ascii: "x"), UInt8(ascii: "y"): return false
        default: break
        }
        var pattern: UInt8 = 0
        var isConsonant = false
        for byte in word[..<count] {
            isConsonant = !isVowel(byte, afterConsonant: isConsonant)
            pattern = (pattern << 1 | (isConsonant ? 1 : 0)) & 7
        }
        return pattern == 5
    }
}
