/// The first letters of a longer word, a term of the index beside the word.
///
/// Words that begin alike often belong together where no stemmer says so: `Kündigung` and `Kündigungsfrist`, and most
/// words of languages without a stemmer. A passage is not found by them; they only improve the order of hits.
enum WordBeginning {
    /// The byte that begins such a term in the index. It is stored, so it never changes.
    static let prefix: UInt8 = 31
    static let letters = 5

    /// Appends the term of a folded word to `terms`, after a byte with its size, unless the word is too short.
    ///
    /// - Parameter least: the letters that the word must have.
    static func append(of folded: [UInt8], atLeast least: Int, to terms: inout [UInt8]) {
        guard folded.count >= least else { return }
        var count = 0
        var end = folded.count
        for (index, byte) in folded.enumerated() where byte & 0xC0 != 0x80 {
            if count == letters { end = index }
            count += 1
        }
        guard count >= least else { return }
        terms.append(UInt8(truncatingIfNeeded: end + 1))
        terms.append(prefix)
        terms.append(contentsOf: folded[..<end])
    }
}
