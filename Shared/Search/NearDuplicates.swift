import Language
import Models

/// Finds hits that say the same: the same file under two names, or a paragraph that many files share.
///
/// Two passages are near-duplicates if nine tenths of their runs of three words are the same (the resemblance of their
/// shingles: Broder, "On the resemblance and containment of documents", 1997) and all their numbers are. A passage
/// with another amount or another date says something else, however similar it is.
struct NearDuplicates {
    private static let shingleLength = 3
    private static let resemblance = 0.9

    private var analyzer = Analyzer([])
    private var kept: [(outline: Outline, content: String, fingerprint: Fingerprint?)] = []

    /// The runs of words of a passage, ascending, and its numbers, in order.
    private struct Fingerprint {
        var shingles: [Int] = []
        var numbers: [Int] = []
    }

    /// The hits without those that say the same as one before them, which lists them.
    mutating func collapsed(_ hits: [SearchHit]) -> [SearchHit] {
        kept = []
        var collapsed: [SearchHit] = []
        for hit in hits {
            let (outline, content) = (Outline(of: hit.passage.content), hit.passage.content)
            var own: Fingerprint?
            var place: Int?
            for index in kept.indices where kept[index].outline.resembles(outline) {
                let fingerprint = own ?? fingerprint(of: content)
                own = fingerprint
                let other = kept[index].fingerprint ?? self.fingerprint(of: kept[index].content)
                kept[index].fingerprint = other
                if Self.areDuplicates(other, fingerprint) {
                    place = index
                    break
                }
            }
            if let place {
                collapsed[place].duplicates.append(SearchHit.Duplicate(hit))
            } else {
                kept.append((outline, content, own))
                collapsed.append(hit)
            }
        }
        return collapsed
    }

    /// How often pairs of bytes occur in a passage, which is quick to find out. If most runs of words of two passages are
    /// the same, most pairs are.
    private struct Outline {
        private static let size = 256
        /// The share of pairs that may differ. Those of two passages about one topic differ by about half.
        private static let difference = 0.35

        private var counts = [UInt16](repeating: 0, count: size)
        private var sum = 0

        init(of content: String) {
            var content = content
            content.withUTF8 { utf8 in
                counts.withUnsafeMutableBufferPointer { counts in
                    var before: UInt32 = 0
                    for byte in utf8 {
                        // Case, and what is between words, may differ.
                        let letter = UInt32(byte | 0x20)
                        guard byte >= 0x80 || letter &- 0x61 < 26 || letter &- 0x30 < 10 else { continue }
                        let place = Int(((before &* 31 &+ letter) &* 0x9E37_79B1) >> 24)
                        counts[place] = counts[place] &+ 1
                        sum += 1
                        before = letter
                    }
                }
            }
        }

        func resembles(_ other: Outline) -> Bool {
            var difference = 0
            for index in 0..<Self.size { difference += abs(Int(counts[index]) - Int(other.counts[index])) }
            return Double(difference) <= Self.difference * Double(sum + other.sum)
        }
    }

    private static func areDuplicates(_ one: Fingerprint, _ other: Fingerprint) -> Bool {
        guard one.numbers == other.numbers else { return false }
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

    private mutating func fingerprint(of content: String) -> Fingerprint {
        var words: [Int] = []
        var fingerprint = Fingerprint()
        var content = content
        content.withUTF8 { utf8 in
            _ = analyzer.terms(of: utf8) { term, occurrence in
                guard occurrence.kind == .word else { return }
                let hash = Self.hash(term)
                words.append(hash)
                if term.contains(where: { $0 &- 0x30 < 10 }) { fingerprint.numbers.append(hash) }
            }
        }
        let last = max(0, words.count - Self.shingleLength)
        var shingles: Set<Int> = []
        for start in 0...last {
            var hasher = Hasher()
            for word in words[start..<min(words.count, start + Self.shingleLength)] { hasher.combine(word) }
            shingles.insert(hasher.finalize())
        }
        fingerprint.shingles = shingles.sorted()
        return fingerprint
    }

    private static func hash(_ term: UnsafeBufferPointer<UInt8>) -> Int {
        var hasher = Hasher()
        hasher.combine(bytes: UnsafeRawBufferPointer(term))
        return hasher.finalize()
    }
}
