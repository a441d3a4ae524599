import Models
import Wire

/// A request for part of a representation (RFC 9110 section 14).
public enum ByteRange {
    /// The bytes that a `Range` header asks for of `size`, or nil for all of them: without a header,
    /// and for what may be ignored (another unit, several ranges, nonsense). Throws 416 when nothing
    /// of the range is there.
    public static func parse(_ header: String?, size: Int) throws -> Range<Int>? {
        guard
            let ends = header?.without(prefix: "bytes=")?.split(atByte: "-", omittingEmptySubsequences: false).map(
                \.trimmed)
        else { return nil }
        guard ends.count == 2, ends.allSatisfy({ $0.utf8.allSatisfy { (0x30...0x39).contains($0) } }), ends != ["", ""]
        else { return nil }
        // More digits than a number has is beyond any size.
        let first = ends[0].isEmpty ? nil : Int(ends[0]) ?? Int.max
        let last = ends[1].isEmpty ? nil : Int(ends[1]) ?? Int.max
        if let first, let last, last < first { return nil }
        let range = first.map { $0..<max($0, min(last ?? Int.max, size - 1) &+ 1) } ?? max(0, size - (last ?? 0))..<size
        guard !range.isEmpty, range.lowerBound < size else {
            throw APIError(
                .rangeNotSatisfiable, "The range is outside of the \(size) bytes",
                headers: [("content-range", "bytes */\(size)")])
        }
        return range
    }
}
