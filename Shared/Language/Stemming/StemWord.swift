/// A word while a stemmer reduces it: its letters, in place, and its regions.
///
/// Positions outside the word read as NUL, which belongs to no ``LetterSet``, so that no rule needs to test bounds.
struct StemWord {
    private let letters: UnsafeMutableBufferPointer<Unicode.Scalar>
    private(set) var count = 0
    /// Where the regions begin: what follows the first consonant after a vowel, the same again within it, and the region
    /// of verb endings. A region that the word does not have begins at its end.
    var r1 = 0
    var r2 = 0
    var rv = 0

    /// What replacing may at most add to a word of ``Stemmers/longestWord`` bytes.
    static let capacity = 4 * Stemmers.longestWord

    init(_ letters: UnsafeMutableBufferPointer<Unicode.Scalar>) { self.letters = letters }

    // MARK: Letters

    subscript(index: Int) -> Unicode.Scalar {
        get { UInt(bitPattern: index) < UInt(bitPattern: count) ? letters[index] : "\0" }
        nonmutating set { if UInt(bitPattern: index) < UInt(bitPattern: count) { letters[index] = newValue } }
    }

    /// A letter by its distance from the end: 1 is the last.
    func last(_ distance: Int = 1) -> Unicode.Scalar { self[count - distance] }

    /// Whether there is a letter at `index` that is not in the set.
    func has(_ index: Int, outside set: LetterSet) -> Bool {
        UInt(bitPattern: index) < UInt(bitPattern: count) && !set.contains(letters[index])
    }

    /// Whether the letters before `end`, or of the whole word, end in `suffix`.
    func ends(_ suffix: StaticString, before end: Int? = nil) -> Bool {
        start(of: suffix, before: end) != nil
    }

    /// Where `suffix` begins if the letters before `end` end in it.
    func start(of suffix: StaticString, before end: Int? = nil) -> Int? {
        suffix.withUTF8Buffer { utf8 in
            var position = end ?? count
            var byte = utf8.count
            while byte > 0 {
                byte -= 1
                while byte > 0, utf8[byte] & 0xC0 == 0x80 { byte -= 1 }
                position -= 1
                guard position >= 0, self[position] == UTF8Scan.scalar(in: utf8, at: byte).scalar else { return nil }
            }
            return position
        }
    }

    /// Whether the whole word is `word`.
    func equals(_ word: StaticString) -> Bool { start(of: word) == 0 }

    // MARK: Tables

    /// The longest entry of a table that the letters from `limit` to `end` end in.
    func suffix(in table: AffixTable, from limit: Int = 0, before end: Int? = nil) -> Affix {
        let end = min(end ?? count, count)
        guard limit >= 0, limit < end else { return Affix(range: end..<end, group: 0) }
        let found = table.longest { $0 < end - limit ? letters[end - 1 - $0].value : nil }
        return Affix(range: (end - found.length)..<end, group: found.group)
    }

    /// The longest entry of a table that the letters from `start` begin with.
    func prefix(in table: AffixTable, from start: Int = 0) -> Affix {
        guard start >= 0, start < count else { return Affix(range: 0..<0, group: 0) }
        let found = table.longest { start + $0 < count ? letters[start + $0].value : nil }
        return Affix(range: start..<(start + found.length), group: found.group)
    }

    // MARK: Changes

    mutating func append(_ letter: Unicode.Scalar) {
        guard count < letters.count else { return }
        letters[count] = letter
        count += 1
    }

    /// Keeps the letters before `end`.
    mutating func cut(at end: Int) {
        if end >= 0, end < count { count = end }
    }

    mutating func removeLast(_ number: Int = 1) { cut(at: count - number) }

    /// Replaces everything from `start` on.
    mutating func replaceEnd(from start: Int, with ending: StaticString) {
        cut(at: start)
        ending.withUTF8Buffer { utf8 in
            var index = 0
            while index < utf8.count {
                let (scalar, length) = UTF8Scan.scalar(in: utf8, at: index)
                append(scalar)
                index += length
            }
        }
    }

    mutating func remove(_ range: Range<Int>) {
        guard range.lowerBound >= 0, range.upperBound <= count, !range.isEmpty else { return }
        for index in range.upperBound..<max(count, range.upperBound) { letters[index - range.count] = letters[index] }
        count -= range.count
    }

    mutating func insert(_ letter: Unicode.Scalar, at index: Int) {
        guard index >= 0, index <= count, count < letters.count else { return }
        var position = count
        while position > index {
            letters[position] = letters[position - 1]
            position -= 1
        }
        letters[index] = letter
        count += 1
    }

    /// Exchanges single letters wherever they occur.
    func exchange(_ exchange: (Unicode.Scalar) -> Unicode.Scalar?) {
        for index in 0..<count {
            if let other = exchange(letters[index]) { letters[index] = other }
        }
    }

    // MARK: Regions

    /// Sets R1 and R2.
    mutating func findRegions(_ vowels: LetterSet) {
        r1 = region(vowels, from: 0)
        r2 = region(vowels, from: r1)
    }

    /// What follows the first letter outside `vowels` after one of them.
    func region(_ vowels: LetterSet, from start: Int) -> Int {
        var index = start
        while index < count, !vowels.contains(letters[index]) { index += 1 }
        while index < count, vowels.contains(letters[index]) { index += 1 }
        return min(index + 1, count)
    }

    /// Sets RV as the Iberian languages, Italian and Romanian define it: behind the next vowel if the second letter is a
    /// consonant; behind the next consonant if the word begins with two vowels; else behind the third letter.
    mutating func findVerbRegion(_ vowels: LetterSet) {
        rv = count
        guard count > 2 else { return }
        if !vowels.contains(letters[1]) {
            if let vowel = index(of: vowels, from: 2) { rv = vowel + 1 }
        } else if vowels.contains(letters[0]) {
            if let consonant = index(outside: vowels, from: 2) { rv = consonant + 1 }
        } else {
            rv = 3
        }
    }

    func index(of set: LetterSet, from start: Int) -> Int? {
        var index = start
        while index < count, !set.contains(letters[index]) { index += 1 }
        return index < count ? index : nil
    }

    func index(outside set: LetterSet, from start: Int) -> Int? {
        var index = start
        while index < count, set.contains(letters[index]) { index += 1 }
        return index < count ? index : nil
    }
}
