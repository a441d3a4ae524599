import Language
import Models

/// Finds hits that say the same: the same file under two names, or a paragraph that many files share.
///
/// Two passages are near-duplicates if nine tenths of their runs of three words are the same (the resemblance of their
/// shingles: Broder, "On the resemblance and containment of documents", 1997) and all their numbers and negations are. A
/// passage with another amount, another sign or a `not` says something else, however similar it is.
struct NearDuplicates {
    private static let resemblance = 0.9

    private let hashes = WordHashes.shared
    private var analyzer = Analyzer([])
    private var kept: [Fingerprint] = []

    /// The runs of words of a passage, and its numbers and negations, in order.
    private struct Fingerprint {
        var shingles: [UInt64] = []
        /// Whether the shingles are in ascending order, each once. Few passages resemble another one so much that they
        /// need be.
        var isSorted = false
        var numbers: [UInt64]
        /// A bit for each shingle by its hash.
        var marks = [UInt64](repeating: 0, count: 16)

        private static let length = 3

        init(_ words: [UInt64], _ numbers: [UInt64]) {
            self.numbers = numbers
            shingles.reserveCapacity(words.count)
            for start in 0...max(0, words.count - Self.length) {
                var shingle: UInt64 = 0
                for index in start..<min(words.count, start + Self.length) {
                    // The hashes of the words are seeded, so mixing them needs no seed.
                    shingle = (shingle ^ words[index]) &* 0x9E37_79B9_7F4A_7C15
                    shingle ^= shingle >> 29
                }
                shingles.append(shingle)
                marks[Int(shingle >> 60)] |= 1 << (shingle >> 54 & 63)
            }
        }

        mutating func sort() {
            guard !isSorted else { return }
            var unique: [UInt64] = []
            for shingle in shingles.sorted() where shingle != unique.last { unique.append(shingle) }
            (shingles, isSorted) = (unique, true)
        }
    }

    /// The hits without those that say the same as one before them, which lists them.
    mutating func collapsed(_ hits: [SearchHit]) -> [SearchHit] {
        guard hits.count > 1 else { return hits }
        kept = []
        var collapsed: [SearchHit] = []
        for hit in hits {
            var fingerprint = fingerprint(of: hit.passage.content)
            if let place = kept.indices.first(where: { Self.areDuplicates(&kept[$0], &fingerprint) }) {
                collapsed[place].duplicates.append(SearchHit.Duplicate(hit))
            } else {
                kept.append(fingerprint)
                collapsed.append(hit)
            }
        }
        return collapsed
    }

    private static func areDuplicates(_ one: inout Fingerprint, _ other: inout Fingerprint) -> Bool {
        guard mayResemble(one, other), one.numbers == other.numbers else { return false }
        one.sort()
        other.sort()
        let (fewer, more) = (
            min(one.shingles.count, other.shingles.count), max(one.shingles.count, other.shingles.count)
        )
        guard Double(fewer) >= resemblance * Double(more) else { return false }
        var (first, second, common) = (0, 0, 0)
        while first < one.shingles.count, second < other.shingles.count {
            let (left, right) = (one.shingles[first], other.shingles[second])
            if left == right { common += 1 }
            if left <= right { first += 1 }
            if right <= left { second += 1 }
        }
        return Double(common) >= resemblance * Double(fewer + more - common)
    }

    /// Whether few enough marks differ. Each that does stands for at least one shingle that only one of them has.
    private static func mayResemble(_ one: Fingerprint, _ other: Fingerprint) -> Bool {
        let most = Int((1 - resemblance) / (1 + resemblance) * Double(one.shingles.count + other.shingles.count)) + 1
        var differing = 0
        for (mark, other) in zip(one.marks, other.marks) {
            differing += (mark ^ other).nonzeroBitCount
            if differing > most { return false }
        }
        return true
    }

    private mutating func fingerprint(of content: String) -> Fingerprint {
        var (words, numbers): ([UInt64], [UInt64]) = ([], [])
        words.reserveCapacity(content.utf8.count / 4)
        var content = content
        content.withUTF8 { utf8 in
            let hashes = hashes
            _ = analyzer.terms(of: utf8) { term, occurrence in
                switch occurrence.kind {
                case .word:
                    let hash = hashes.hash(term)
                    words.append(hash)
                    if Self.hasDigit(term) || hashes.isNegation(hash) { numbers.append(hash) }
                case .alternative where term.first == UInt8(ascii: "-"): numbers.append(hashes.hash(term))
                default: break
                }
            }
        }
        return Fingerprint(words, numbers)
    }

    @inline(__always)
    private static func hasDigit(_ term: UnsafeBufferPointer<UInt8>) -> Bool {
        for byte in term where byte &- 0x30 < 10 { return true }
        return false
    }
}
