import Wire

/// The tables of the encodings of before Unicode, in `Tables`.
enum EncodingTables {
    /// The scalars of a table, without its line breaks.
    static func scalars(of table: StaticString) -> [Unicode.Scalar] {
        text(of: table).unicodeScalars.filter { $0 != "\n" }
    }

    static func text(of table: StaticString) -> String {
        table.withUTF8Buffer { String(decoding: $0, as: UTF8.self) }
    }

    /// What bytes without a meaning become.
    static let none: Unicode.Scalar = "\u{FFFD}"
}

/// What the bytes from 80 up stand for in an encoding with one byte per scalar.
struct SingleByteTable {
    /// 128 of them.
    let scalars: [Unicode.Scalar]

    static let names: [String] = stride(from: 0, to: lines.count, by: linesEach).map { String(lines[$0]) }

    private static let linesEach = 3
    private static let lines = EncodingTables.text(of: EncodingTables.singleBytes).split(atByte: "\n")

    /// The table of that name; all undefined if there is none.
    init(named name: String) {
        var scalars: [Unicode.Scalar] = []
        if let index = Self.names.firstIndex(of: name) {
            for line in 1..<Self.linesEach { scalars += Self.lines[index * Self.linesEach + line].unicodeScalars }
        }
        self.scalars = scalars + Array(repeating: EncodingTables.none, count: max(0, 128 - scalars.count))
    }

    func decode(_ bytes: UnsafeBufferPointer<UInt8>) -> [UInt8] {
        let encoded = (0..<UInt8(128)).map { [$0] } + scalars.map { Array(String($0).utf8) }
        let lengths = encoded.map(\.count)
        // The longest, as in Thai, have three bytes.
        let units = encoded.map {
            $0.enumerated().reduce(UInt32(0)) { $0 | UInt32($1.element) << UInt32(8 * $1.offset) }
        }
        let size = zip(counts(of: bytes), lengths).reduce(0) { $0 + $1.0 * $1.1 }
        return [UInt8](unsafeUninitializedCapacity: size) { target, count in
            for byte in bytes {
                var unit = units[Int(byte)]
                for _ in 0..<lengths[Int(byte)] {
                    target[count] = UInt8(truncatingIfNeeded: unit)
                    unit >>= 8
                    count += 1
                }
            }
        }
    }

    /// How many bytes have no meaning, and how many are beyond ASCII.
    func check(_ bytes: UnsafeBufferPointer<UInt8>) -> (malformed: Int, beyondASCII: Int) {
        let counts = counts(of: bytes)
        let malformed = scalars.indices.filter { scalars[$0] == EncodingTables.none }.reduce(0) {
            $0 + counts[128 + $1]
        }
        return (malformed, counts[128...].reduce(0, +))
    }

    private func counts(of bytes: UnsafeBufferPointer<UInt8>) -> [Int] {
        var counts = Array(repeating: 0, count: 256)
        for byte in bytes { counts[Int(byte)] += 1 }
        return counts
    }
}
