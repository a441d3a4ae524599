/// Hashes of folded words, and those of negations. They differ from process to process, so that nobody can write two
/// passages that seem to be the same.
final class WordHashes: Sendable {
    static let shared = WordHashes()

    private let seed = UInt64(bitPattern: Int64(Hasher().finalize()))
    /// The hashes of ``words``, each in the first free place from its own; 0 where there is none.
    private let negations: [UInt64]

    private init() {
        var table = [UInt64](repeating: 0, count: Self.places)
        for var word in Self.words {
            let hash = word.withUTF8 { [seed] in Self.hash($0, seed) }
            var place = Int(truncatingIfNeeded: hash) & (Self.places - 1)
            while table[place] != 0 { place = (place + 1) & (Self.places - 1) }
            table[place] = hash
        }
        negations = table
    }

    @inline(__always)
    func hash(_ word: UnsafeBufferPointer<UInt8>) -> UInt64 { Self.hash(word, seed) }

    /// Whether a hash is that of a word that turns a sentence into its opposite.
    @inline(__always)
    func isNegation(_ hash: UInt64) -> Bool {
        var place = Int(truncatingIfNeeded: hash) & (Self.places - 1)
        while negations[place] != 0 {
            if negations[place] == hash { return true }
            place = (place + 1) & (Self.places - 1)
        }
        return false
    }

    /// Mixes eight bytes at a time by the product of 128 bits, as wyhash does (github.com/wangyi-fudan/wyhash).
    @inline(__always)
    private static func hash(_ word: UnsafeBufferPointer<UInt8>, _ seed: UInt64) -> UInt64 {
        guard let start = UnsafeRawPointer(word.baseAddress) else { return seed }
        var hash = seed ^ UInt64(word.count)
        var index = 0
        while word.count - index > 8 {
            hash = mixed(hash ^ (start + index).loadUnaligned(as: UInt64.self))
            index += 8
        }
        let left = word.count - index
        if word.count >= 8 { return mixed(hash ^ (start + word.count - 8).loadUnaligned(as: UInt64.self)) }
        if left >= 4 {
            let (first, last) = (
                start.loadUnaligned(as: UInt32.self), (start + left - 4).loadUnaligned(as: UInt32.self)
            )
            return mixed(hash ^ (UInt64(first) << 32 | UInt64(last)))
        }
        var rest: UInt64 = 0
        for byte in word { rest = rest << 8 | UInt64(byte) }
        return mixed(hash ^ rest)
    }

    @inline(__always)
    private static func mixed(_ value: UInt64) -> UInt64 {
        let product = (value ^ 0xA076_1D64_78BD_642F).multipliedFullWidth(by: 0xE703_7ED1_A0B4_28DB)
        return product.high ^ product.low
    }

    /// More than twice the number of words.
    private static let places = 128

    /// Negations, folded, in the languages that most documents have.
    private static let words = [
        "not", "no", "never", "without", "cannot", "nicht", "kein", "keine", "keinen", "keiner", "nie", "ohne", "pas",
        "jamais", "sans", "non", "nunca", "sin", "mai", "senza", "nao", "sem", "niet", "geen", "inte", "ikke", "ei",
        "nem", "nu", "degil", "khong", "не", "нет", "без", "δεν", "μη", "لا", "ليس", "לא", "नहीं",
    ]
}
