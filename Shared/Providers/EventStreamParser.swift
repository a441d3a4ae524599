import Wire

/// Parses Server-Sent Events (the HTML standard, section 9.2.6) in pieces of any size. Reads the data of events and
/// ignores everything else.
struct EventStreamParser {
    /// An event is longer than the limit.
    struct TooLong: Error {}

    /// The maximum size of one event's data, and of one line, in bytes.
    static let limit = 1 << 20

    private let line = ByteBuffer()
    private let data = ByteBuffer()
    private var hasData = false
    private var endedWithReturn = false
    private var isFirstLine = true

    /// Calls `take` with the data of each event that `piece` completes. Stops and returns false when `take` returns
    /// false.
    mutating func parse(
        _ piece: UnsafeBufferPointer<UInt8>, _ take: (UnsafeBufferPointer<UInt8>) throws -> Bool
    ) throws -> Bool {
        var start = 0
        for (index, byte) in piece.enumerated() where byte == 0x0A || byte == 0x0D {
            let isSecondHalf = byte == 0x0A && endedWithReturn && start == index && line.isEmpty
            endedWithReturn = byte == 0x0D
            if isSecondHalf {
                start = index + 1
                continue
            }
            try extend(piece[start..<index])
            start = index + 1
            if try !endLine(take) { return false }
        }
        if start < piece.count { endedWithReturn = false }
        try extend(piece[start...])
        return true
    }

    private func extend(_ bytes: Slice<UnsafeBufferPointer<UInt8>>) throws {
        guard line.count + bytes.count <= Self.limit else { throw TooLong() }
        line.append(UnsafeBufferPointer(rebasing: bytes))
    }

    private mutating func endLine(_ take: (UnsafeBufferPointer<UInt8>) throws -> Bool) throws -> Bool {
        defer { line.removeAll() }
        if isFirstLine {
            isFirstLine = false
            // A byte order mark.
            if line.bytes.starts(with: [0xEF, 0xBB, 0xBF]) { line.removeFirst(3) }
        }
        if line.isEmpty {
            defer {
                data.removeAll()
                hasData = false
            }
            return hasData ? try take(data.bytes) : true
        }
        let colon = line.bytes.firstIndex(of: UInt8(ascii: ":")) ?? line.count
        guard line.bytes[..<colon].elementsEqual("data".utf8) else { return true }
        var value = line.bytes[min(colon + 1, line.count)...]
        if value.first == 0x20 { value = value.dropFirst() }
        guard data.count + value.count < Self.limit else { throw TooLong() }
        if hasData { data.append(0x0A) }
        data.append(UnsafeBufferPointer(rebasing: value))
        hasData = true
        return true
    }
}
