import Language
import Models

/// Finds hits that say the same: the same file under two names, or a paragraph that many files share.
///
/// Two passages are near-duplicates if nine tenths of their runs of three words are the same (the resemblance of their
/// shingles: Broder, "On the resemblance and containment of documents", 1997) and all their numbers and negations are. A
/// passage with another amount, another sign or a `not` says something else, however similar it is.
struct NearDuplicates {
    private static let shingleLength = 3
    private static let resemblance = 0.9

    /// Words that turn a sentence into its opposite, folded, in the languages that most documents have.
    private static let negations = [
        "not", "no", "never", "without", "cannot", "nicht", "kein", "keine", "keinen", "keiner", "nie", "ohne", "pas",
        "jamais", "sans", "non", "nunca", "sin", "mai", "senza", "nao", "sem", "niet", "geen", "inte", "ikke", "ei",
        "nem", "nu", "degil", "khong", "не", "нет", "без", "δεν", "μη", "لا", "ليس", "לא", "नहीं",
    ]

    private let negations: Set<Int>
    private var analyzer = Analyzer([])
    private var kept: [Fingerprint] = []

    /// The runs of words of a passage, ascending, and its numbers and negations, in order.
    private struct Fingerprint {
        var shingles: [Int] = []
        var numbers: [Int] = []
    }

    init() {
        negations = Set(
            Self.negations.map { word in
                var word = word
                return word.withUTF8(Self.hash)
            })
    }

    /// The hits without those that say the same as one before them, which lists them.
    mutating func collapsed(_ hits: [SearchHit]) -> [SearchHit] {
        guard hits.count > 1 else { return hits }
        kept = []
        var collapsed: [SearchHit] = []
        for hit in hits {
            let fingerprint = fingerprint(of: hit.passage.content)
            if let place = kept.firstIndex(where: { Self.areDuplicates($0, fingerprint) }) {
                collapsed[place].duplicates.append(SearchHit.Duplicate(hit))
            } else {
                kept.append(fingerprint)
                collapsed.append(hit)
            }
        }
        return collapsed
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
        let negations = negations
        content.withUTF8 { utf8 in
            _ = analyzer.terms(of: utf8) { term, occurrence in
                let hash = Self.hash(term)
                if occurrence.kind == .alternative, term.first == UInt8(ascii: "-") { fingerprint.numbers.append(hash) }
                guard occurrence.kind == .word else { return }
                words.append(hash)
                if term.contains(where: { $0 &- 0x30 < 10 }) || negations.contains(hash) {
                    fingerprint.numbers.append(hash)
                }
            }
        }
        let last = max(0, words.count - Self.shingleLength)
        let all = (0...last).map { start in
            // The hashes of the words are seeded, so mixing them needs no seed.
            words[start..<min(words.count, start + Self.shingleLength)].reduce(0) { ($0 &* 31) ^ ($0 >> 29) &+ $1 }
        }
        for shingle in all.sorted() where shingle != fingerprint.shingles.last { fingerprint.shingles.append(shingle) }
        return fingerprint
    }

    private static func hash(_ term: UnsafeBufferPointer<UInt8>) -> Int {
        var hasher = Hasher()
        hasher.combine(bytes: UnsafeRawBufferPointer(term))
        return hasher.finalize()
    }
}
