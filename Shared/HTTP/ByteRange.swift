import Wire

/// A request for part of a representation (RFC 9110 section 14).
public enum ByteRange {
    /// The range is outside the representation (status 416).
    public struct Unsatisfiable: Error {
        /// The size of the representation, in bytes.
        public let size: Int

        /// The value of the response's `Content-Range`.
        public var contentRange: String { "bytes */\(size)" }
    }

    /// The part of `size` bytes that a `Range` header asks for. Nil for all of them: without a header, and for headers
    /// that may be ignored (another unit, several ranges, nonsense).
    public static func parse(_ header: String?, size: Int) throws(Unsatisfiable) -> Range<Int>? {
        guard
            let ends = header?.without(prefix: "bytes=")?.split(atByte: "-", omittingEmptySubsequences: false).map(
                \.trimmed)
        else { return nil }
        guard ends.count == 2, ends.allSatisfy({ $0.utf8.allSatisfy(ASCII.isDigit) }), ends != ["", ""]
        else { return nil }
        // A number with too many digits is beyond any size.
        let first = ends[0].isEmpty ? nil : Int(ends[0]) ?? Int.max
        let last = ends[1].isEmpty ? nil : Int(ends[1]) ?? Int.max
        if let first, let last, last < first { return nil }
        let range = first.map { $0..<max($0, min(last ?? Int.max, size - 1) &+ 1) } ?? max(0, size - (last ?? 0))..<size
        guard !range.isEmpty, range.lowerBound < size else { throw Unsatisfiable(size: size) }
        return range
    }
}
