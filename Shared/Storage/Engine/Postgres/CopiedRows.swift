import Postgres
import Wire

/// The rows of a result, copied from the connection's buffer, so that other statements may run while they are read. A
/// class, so that a `Row` is one pointer on either engine.
final class CopiedRows {
    private enum Cell {
        case null
        case integer(Int64)
        case real(Double)
        case bytes(Range<Int>)
    }

    @exclusivity(unchecked) private var cells: [Cell] = []
    private let bytes = ByteBuffer()
    /// The number of columns.
    @exclusivity(unchecked) private(set) var columns = 0
    @exclusivity(unchecked) private(set) var count = 0
    /// The row that is read.
    @exclusivity(unchecked) var current = 0

    func append(_ row: PostgresRow) {
        columns = row.count
        count += 1
        for column in 0..<columns {
            switch row.value(at: column) {
            case .null: cells.append(.null)
            case .integer(let value): cells.append(.integer(value))
            case .real(let value): cells.append(.real(value))
            case .bytes(let value):
                cells.append(.bytes(bytes.count..<(bytes.count + value.count)))
                bytes.append(value)
            }
        }
    }

    /// Puts one row in the place of all others.
    func replace(by row: PostgresRow) {
        cells.removeAll(keepingCapacity: true)
        bytes.removeAll()
        (count, current) = (0, 0)
        append(row)
    }

    private func cell(_ column: Int) -> Cell {
        column < columns && current < count ? cells[current * columns + column] : .null
    }

    func isNull(at column: Int) -> Bool { if case .null = cell(column) { true } else { false } }

    func integer(at column: Int) -> Int64 {
        switch cell(column) {
        case .integer(let value): value
        case .real(let value): Int64(exactly: value.rounded(.towardZero)) ?? 0
        case .null, .bytes: 0
        }
    }

    func real(at column: Int) -> Double {
        switch cell(column) {
        case .integer(let value): Double(value)
        case .real(let value): value
        case .null, .bytes: 0
        }
    }

    func bytes(at column: Int) -> UnsafeBufferPointer<UInt8> {
        if case .bytes(let range) = cell(column) { slice(range) } else { UnsafeBufferPointer(start: nil, count: 0) }
    }

    func value(at column: Int) -> Row.Value {
        switch cell(column) {
        case .null: .null
        case .integer(let value): .integer(value)
        case .real(let value): .real(value)
        case .bytes(let range): .bytes(slice(range))
        }
    }

    /// Valid until something is appended.
    private func slice(_ range: Range<Int>) -> UnsafeBufferPointer<UInt8> {
        UnsafeBufferPointer(rebasing: bytes.bytes[range])
    }
}
