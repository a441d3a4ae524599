/// Bytes that a packed page is written into.
struct PackedWriter {
    private(set) var bytes: [UInt8] = []

    var count: Int { bytes.count }

    mutating func byte(_ value: UInt8) { bytes.append(value) }

    /// Seven bits a byte, lowest first. https://protobuf.dev/programming-guides/encoding/#varints
    @inline(__always)
    mutating func varint(_ value: UInt64) {
        var rest = value
        while rest > 0x7F {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(truncatingIfNeeded: rest))
    }

    @inline(__always)
    mutating func varint(_ value: UInt32) { varint(UInt64(value)) }
    mutating func varint(_ value: Int) { varint(UInt64(truncatingIfNeeded: value)) }

    /// The low bytes of a value, lowest first.
    mutating func fixed(_ value: UInt64, width: Int) {
        for index in 0..<width { bytes.append(UInt8(truncatingIfNeeded: value >> UInt64(8 * index))) }
    }

    mutating func append(_ other: UnsafeBufferPointer<UInt8>) { bytes.append(contentsOf: other) }
    mutating func append(_ other: some Collection<UInt8>) { bytes.append(contentsOf: other) }
    mutating func append(_ other: PackedWriter) { bytes.append(contentsOf: other.bytes) }

    mutating func removeAll() {
        // Most are empty already, and this costs less.
        if !bytes.isEmpty { bytes.removeAll(keepingCapacity: true) }
    }
}

/// Reads a packed page. It never reads outside the page: after damage it yields zeros and `isDamaged` is true, so loops
/// over it end by their own counts.
struct PackedReader {
    private var next: UnsafePointer<UInt8>
    private let end: UnsafePointer<UInt8>
    private(set) var isDamaged = false

    private static let nothing: StaticString = ""

    init(_ bytes: UnsafeBufferPointer<UInt8>) {
        next = bytes.baseAddress ?? Self.nothing.utf8Start
        end = next + bytes.count
    }

    /// The number of bytes left.
    var count: Int { end - next }
    var isAtEnd: Bool { next >= end }

    @inline(__always)
    mutating func byte() -> UInt8 {
        guard next < end else {
            isDamaged = true
            return 0
        }
        defer { next += 1 }
        return next.pointee
    }

    @inline(__always)
    mutating func varint() -> UInt64 {
        if next < end, next.pointee < 0x80 {
            defer { next += 1 }
            return UInt64(next.pointee)
        }
        guard let (value, rest) = Self.longVarint(next, end) else {
            isDamaged = true
            next = end
            return 0
        }
        next = rest
        return value
    }

    /// Reads a number of several bytes. By value, so that a reader can stay in registers.
    @inline(never)
    static func longVarint(
        _ start: UnsafePointer<UInt8>, _ end: UnsafePointer<UInt8>
    ) -> (value: UInt64, rest: UnsafePointer<UInt8>)? {
        var (next, value, shift): (UnsafePointer<UInt8>, UInt64, UInt64) = (start, 0, 0)
        while next < end, shift < 64 {
            let byte = next.pointee
            next += 1
            value |= UInt64(byte & 0x7F) << shift
            if byte < 0x80 { return (value, next) }
            shift += 7
        }
        return nil
    }

    /// A value that must be below `limit`.
    @inline(__always)
    mutating func number(below limit: UInt64 = 1 << 31) -> Int {
        let value = varint()
        if value < limit { return Int(truncatingIfNeeded: value) }
        isDamaged = true
        return 0
    }

    mutating func fixed(width: Int) -> UInt64 {
        guard count >= width else {
            isDamaged = true
            return 0
        }
        var value: UInt64 = 0
        for index in 0..<width { value |= UInt64(next[index]) << UInt64(8 * index) }
        next += width
        return value
    }

    /// The next bytes; empty if there are not so many.
    @inline(__always)
    mutating func take(_ length: Int) -> UnsafeBufferPointer<UInt8> {
        guard length >= 0, length <= end - next else {
            isDamaged = true
            next = end
            return UnsafeBufferPointer(start: nil, count: 0)
        }
        defer { next += length }
        return UnsafeBufferPointer(start: next, count: length)
    }

    /// Skips varints, and returns their bytes.
    mutating func takeVarints(_ number: Int) -> UnsafeBufferPointer<UInt8> {
        let start = next
        var left = number
        // Eight bytes at a time, as long as these cannot be too many. The last byte of a varint has no high bit.
        while left >= 8, end - next >= 8 {
            let bytes = UnsafeRawPointer(next).loadUnaligned(as: UInt64.self)
            left -= 8 - (bytes & 0x8080_8080_8080_8080).nonzeroBitCount
            next += 8
        }
        while next < end, left > 0 {
            if next.pointee < 0x80 { left -= 1 }
            next += 1
        }
        if left > 0 { isDamaged = true }
        return UnsafeBufferPointer(start: start, count: next - start)
    }

    mutating func damage() { isDamaged = true }

    /// - Throws: `SegmentDamage` if anything read so far was not there.
    func check() throws(SegmentDamage) { if isDamaged { throw SegmentDamage() } }
}

/// A page of the index does not have the form that it was written in.
struct SegmentDamage: Error {}
