/// Finds the word that a misspelled one may mean.
package enum Spelling {
    /// The nearest candidate, if it is close enough.
    private static func nearest(to word: String, among candidates: [String]) -> String? {
        let measured = candidates.map { (candidate: $0, distance: distance(Array(word.utf8), Array($0.utf8))) }
        guard let best = measured.min(by: { $0.distance < $1.distance }),
            best.distance <= max(1, min(3, word.utf8.count / 2))
        else { return nil }
        return best.candidate
    }

    /// The end of an error message; nil if no candidate is near.
    package static func hint(_ word: String, among candidates: [String], prefix: String = "") -> String? {
        nearest(to: word, among: candidates).map { "; did you mean \(prefix)\($0)?" }
    }

    /// The Levenshtein distance: insertions, deletions and replacements.
    private static func distance(_ left: [UInt8], _ right: [UInt8]) -> Int {
        var row = Array(0...right.count)
        for (index, byte) in left.enumerated() {
            var diagonal = row[0]
            row[0] = index + 1
            for column in right.indices {
                let replaced = diagonal + (byte == right[column] ? 0 : 1)
                diagonal = row[column + 1]
                row[column + 1] = min(replaced, row[column] + 1, diagonal + 1)
            }
        }
        return row[right.count]
    }
}
