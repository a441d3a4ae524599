import CPlatform

/// Reads positions, each in one byte unless it is far from the one before.
struct PositionStream {
    static let fieldShift = 12
    /// Usual positions are below it.
    static let limit = 1 << fieldShift

    private var next: UnsafePointer<UInt8>
    private let end: UnsafePointer<UInt8>
    /// The number of positions in front of the next one that matters.
    private var pending = 0
    /// Whether all positions so far were there, and below the limit.
    private(set) var isUsual = true

    private static let nothing: StaticString = ""

    init(_ bytes: UnsafeBufferPointer<UInt8>) {
        next = bytes.baseAddress ?? Self.nothing.utf8Start
        end = next + bytes.count
    }

    mutating func move(to offset: Int, of bytes: UnsafeBufferPointer<UInt8>) {
        next = end - bytes.count + offset
        pending = 0
    }

    @inline(__always)
    mutating func skipLater(_ positions: Int) { pending += positions }

    @inline(__always)
    mutating func skipNow() { if pending > 0 { skip() } }

    private mutating func skip() {
        var reader = PackedReader(UnsafeBufferPointer(start: next, count: end - next))
        next += reader.takeVarints(pending).count
        if reader.isDamaged { isUsual = false }
        pending = 0
    }

    /// The most positions of a passage that `narrow` reads.
    static let narrowCount = 16

    /// Reads the positions of a passage if they are few, all in the content, and with `shift` all below 256: each as a
    /// byte, and then the last one again. Otherwise it reads nothing.
    @inline(__always)
    mutating func narrow(_ hits: PerField<UInt32>, from shift: UInt32) -> NarrowPositions? {
        let count = UInt64(hits.content)
        guard hits.heading | hits.name == 0, count &- 1 < UInt64(Self.narrowCount), end - next >= Self.narrowCount
        else { return nil }
        let bytes = UnsafeRawPointer(next)
        let low = UInt64(littleEndian: bytes.loadUnaligned(as: UInt64.self)) & Self.firstBytes(count)
        let high =
            UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self))
            & (count > 8 ? Self.firstBytes(count &- 8) : 0)
        guard (low | high) & 0x8080_8080_8080_8080 == 0,
            Self.sum(low) &+ Self.sum(high) &+ UInt64(shift) < 256
        else { return nil }
        // A product with ones is the sums of all bytes up to each, which do not carry.
        let ones: UInt64 = 0x0101_0101_0101_0101
        let first = low &* ones &+ UInt64(shift) &* ones
        let second = high &* ones &+ (first >> 56) &* ones
        next += Int(count)
        return NarrowPositions(first: first, second: second)
    }

    /// Whether positions of a passage are among some starts, all of which are in the content and below 256. Nil, and
    /// reads nothing, if its positions in the content are not as `narrow` reads them.
    ///
    /// - Parameter positions: gets those in the content if the answer is yes.
    @inline(__always)
    mutating func meets(
        _ starts: UnsafePointer<UInt8>, _ number: Int, _ hits: PerField<UInt32>, from shift: UInt32,
        positions: UnsafeMutablePointer<UInt8>
    ) -> Bool? {
        let count = Int(hits.content)
        guard count > 0 else {
            skipLater(hits.sum)
            return false
        }
        guard count <= Self.narrowCount, end - next >= Self.narrowCount else { return nil }
        let met = vector_positions_meet(starts, number, next, count, UInt8(truncatingIfNeeded: shift), positions)
        guard met >= 0 else { return nil }
        next += count
        skipLater(hits.sum &- count)
        return met > 0
    }

    /// A mask of so many bytes, at least one.
    @inline(__always)
    private static func firstBytes(_ count: UInt64) -> UInt64 { count >= 8 ? ~0 : 1 &<< (8 &* count) &- 1 }

    /// The sum of bytes, none of which has its high bit.
    @inline(__always)
    private static func sum(_ bytes: UInt64) -> UInt64 {
        let pairs = bytes & 0x00FF_00FF_00FF_00FF &+ bytes >> 8 & 0x00FF_00FF_00FF_00FF
        return (pairs &* 0x0001_0001_0001_0001) >> 48
    }

    /// Reads the positions of a passage: `shift` and the position below the limit, the field above it.
    @inline(__always)
    mutating func each(_ hits: PerField<UInt32>, from shift: UInt32, _ body: (UInt32) -> Void) {
        each(hits.content, 0, from: shift, body)
        if hits.heading | hits.name == 0 { return }
        each(hits.heading, 1, from: shift, body)
        each(hits.name, 2, from: shift, body)
    }

    @inline(__always)
    private mutating func each(_ count: UInt32, _ field: UInt32, from shift: UInt32, _ body: (UInt32) -> Void) {
        guard Int(count) <= end - next else {
            (next, isUsual) = (end, false)
            return
        }
        var (next, at, left) = (next, field << UInt32(Self.fieldShift) &+ shift, count)
        while left > 0 {
            let byte = next.pointee
            next += 1
            if byte >= 0x80 {
                guard let (value, rest) = PackedReader.longVarint(next - 1, end), value < Self.limit,
                    end - rest >= Int(left) - 1
                else {
                    (self.next, isUsual) = (end, false)
                    return
                }
                at &+= UInt32(value)
                next = rest
            } else {
                at &+= UInt32(byte)
            }
            body(at & UInt32(4 * Self.limit - 1))
            left -= 1
        }
        if at >= (field + 1) << UInt32(Self.fieldShift) { isUsual = false }
        self.next = next
    }
}

/// Sixteen positions of a byte each, the first one in the lowest bits.
struct NarrowPositions {
    let first, second: UInt64

    /// Writes them to 16 bytes.
    @inline(__always)
    func store(to bytes: UnsafeMutablePointer<UInt8>) {
        let bytes = UnsafeMutableRawPointer(bytes)
        bytes.storeBytes(of: first.littleEndian, as: UInt64.self)
        bytes.storeBytes(of: second.littleEndian, toByteOffset: 8, as: UInt64.self)
    }
}
