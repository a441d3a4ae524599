/// A set of the letters a to z.
struct InitialLetters {
    private var bits: UInt32

    static let all = InitialLetters(bits: .max)
    static let none = InitialLetters(bits: 0)

    private init(bits: UInt32) { self.bits = bits }

    /// Inserts the letter that words with a stem begin with, if that is a to z: a word of ASCII letters begins like its
    /// stem. Only the Dutch stemmer removes prefixes: the `ge` of `gemaakt`.
    ///
    /// - Parameter term: of the index; other terms than stems change nothing.
    mutating func insert(ofWordsWith term: [UInt8]) {
        guard term.count > 1, term[0] < 0x20, term[1] &- 0x61 < 26 else { return }
        if term[0] == TextLanguage.dutch.stemByte { self = .all }
        bits |= 1 << UInt32(term[1] & 31)
    }

    /// - Parameter letter: a to z.
    @inline(__always)
    func contains(_ letter: UInt8) -> Bool { bits >> UInt32(letter & 31) & 1 != 0 }
}
