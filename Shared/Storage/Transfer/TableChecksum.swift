import Crypto
import Wire

/// What the rows of a table are, in any order: their number, and the sum of their SHA-256 in lanes of 64 bits.
struct TableChecksum: Equatable {
    private(set) var rows = 0
    /// The bytes of their values.
    private(set) var bytes: Int64 = 0
    private var lanes = SIMD4<UInt64>()
    private let encoded = ByteBuffer()

    static func == (left: TableChecksum, right: TableChecksum) -> Bool {
        left.rows == right.rows && left.bytes == right.bytes && left.lanes == right.lanes
    }

    /// - Returns: the bytes of the row's values.
    @discardableResult
    mutating func add(_ row: [SQLValue]) -> Int {
        encoded.removeAll()
        for value in row {
            switch value {
            case .null: encoded.append(0)
            case .bool(let value): append(1, value ? 1 : 0)
            case .integer(let value): append(2, UInt64(bitPattern: value))
            case .real(let value): append(3, value.bitPattern)
            case .text(let text):
                append(4, UInt64(text.utf8.count))
                encoded.append(text)
            case .blob(let blob):
                append(5, UInt64(blob.count))
                encoded.append(contentsOf: blob)
            // No column has them.
            case .integers, .blobs: break
            }
        }
        var hash = SHA256()
        hash.update(encoded.bytes)
        let digest = hash.finalize()
        for lane in 0..<4 {
            lanes[lane] &+= digest[(lane * 8)..<(lane * 8 + 8)].reduce(0) { $0 << 8 | UInt64($1) }
        }
        rows += 1
        bytes += Int64(encoded.count)
        return encoded.count
    }

    private func append(_ tag: UInt8, _ value: UInt64) {
        encoded.append(tag)
        withUnsafeBytes(of: value.bigEndian) { encoded.append(contentsOf: $0) }
    }
}
