import Postgres
import Wire

/// The rows of a result, copied from the connection's buffer, so that other statements may run while they are read.
final class CopiedRows {
    fileprivate enum Cell {
        case null
        case integer(Int64)
        case real(Double)
        case bytes(Range<Int>)
    }

    fileprivate private(set) var cells: [Cell] = []
    fileprivate let bytes = ByteBuffer()
    fileprivate private(set) var columns = 0
    private(set) var count = 0

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

    subscript(_ index: Int) -> CopiedRow { CopiedRow(rows: self, first: index * columns) }
}

/// One of them. It reads like a `PostgresRow`.
struct CopiedRow {
    fileprivate let rows: CopiedRows
    fileprivate let first: Int

    var count: Int { rows.columns }

    private func cell(_ column: Int) -> CopiedRows.Cell { column < count ? rows.cells[first + column] : .null }

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

    /// Valid as long as `rows`: nothing is added to them any more.
    private func slice(_ range: Range<Int>) -> UnsafeBufferPointer<UInt8> {
        UnsafeBufferPointer(rebasing: rows.bytes.bytes[range])
    }
}

extension Row.Value {
    init(_ value: PostgresRow.Value) {
        switch value {
        case .null: self = .null
        case .integer(let value): self = .integer(value)
        case .real(let value): self = .real(value)
        case .bytes(let value): self = .bytes(value)
        }
    }
}
