/// The pieces of a tokenizer, as a double array (Aoe 1989) in a mapped file. Every index from the file is checked when it
/// is used: checking all of them first would read the whole trie at each start.
struct Vocabulary: @unchecked Sendable {
    /// The number of pieces.
    let count: Int
    let start: UInt32
    let end: UInt32
    let unknown: UInt32
    let unknownScore: Float
    /// In bytes.
    let longestPiece: Int

    private let file: ModelFile
    private let units: UnsafeBufferPointer<UInt64>
    private let scores: UnsafeBufferPointer<Float>

    private static let valueBits: UInt64 = 20
    private static let placeBits: UInt64 = 22

    init(_ file: ModelFile) throws(ModelFileError) {
        self.file = file
        let numbers = try file.numbers("vocabulary", of: UInt32.self, count: 6)
        count = Int(UInt32(littleEndian: numbers[0]))
        start = UInt32(littleEndian: numbers[1])
        end = UInt32(littleEndian: numbers[2])
        unknown = UInt32(littleEndian: numbers[3])
        longestPiece = Int(UInt32(littleEndian: numbers[4]))
        unknownScore = Float(bitPattern: UInt32(littleEndian: numbers[5]))
        scores = try file.numbers("scores", of: Float.self, count: count)
        units = try file.numbers("trie", of: UInt64.self)
        guard !units.isEmpty, [start, end, unknown].allSatisfy({ $0 < count }), unknownScore.isFinite,
            (1...Lattice.longestPiece).contains(longestPiece)
        else {
            throw file.damaged("its vocabulary is impossible")
        }
    }

    /// Calls `found` with the length, id and score of each piece that `bytes` starts with, shortest first.
    @inline(__always)
    func prefixes(of bytes: UnsafeBufferPointer<UInt8>, found: (Int, UInt32, Float) -> Void) {
        let mask = (1 as UInt64) << Self.placeBits - 1
        var place: UInt64 = 0
        var base = units[0].littleEndian >> Self.valueBits & mask
        for index in bytes.indices {
            let next = base + UInt64(bytes[index])
            guard next < UInt64(units.count) else { return }
            let unit = units[Int(next)].littleEndian
            guard unit >> (Self.valueBits + Self.placeBits) == place else { return }
            place = next
            base = unit >> Self.valueBits & mask
            let value = Int(unit & ((1 as UInt64) << Self.valueBits - 1))
            if value > 0, value <= count { found(index + 1, UInt32(truncatingIfNeeded: value - 1), scores[value - 1]) }
        }
    }
}
