/// Bits that a packed page is written into, the highest of a number first.
struct BitWriter {
    private var words: [UInt32] = []
    private var rest: UInt64 = 0
    private var filled = 0

    /// The number of bits.
    var count: Int { words.count * 32 + filled }

    /// - Parameter width: at most 32.
    @inline(__always)
    mutating func write(_ value: UInt32, _ width: Int) {
        rest = rest << UInt64(width) | UInt64(value)
        filled += width
        guard filled >= 32 else { return }
        filled -= 32
        words.append(UInt32(truncatingIfNeeded: rest >> UInt64(filled)).bigEndian)
    }

    /// A number as its size in zeros, then itself (Elias gamma).
    mutating func gamma(_ value: Int) {
        let value = UInt64(max(0, value)) + 1
        let width = 64 - value.leadingZeroBitCount
        var zeros = width - 1
        while zeros > 0 {
            write(0, min(zeros, 32))
            zeros -= 32
        }
        if width > 32 { write(UInt32(truncatingIfNeeded: value >> 32), width - 32) }
        write(UInt32(truncatingIfNeeded: value), min(width, 32))
    }

    /// The number of bits of a number in that form.
    static func size(ofGamma value: Int) -> Int { 2 * (Int.bitWidth - (value + 1).leadingZeroBitCount) - 1 }

    /// A number as so many low bits, and the others as so many ones and a zero (Rice).
    @inline(__always)
    mutating func rice(_ value: UInt32, _ parameter: Int) {
        let quotient = value >> UInt32(parameter)
        guard quotient < BitReader.longQuotient else {
            write(1 << BitReader.longQuotient - 1, Int(BitReader.longQuotient))
            return write(value, 32)
        }
        write((1 << quotient - 1) << 1, Int(quotient) + 1)
        write(value & (1 << UInt32(parameter) - 1), parameter)
    }

    /// Adds bits of another writer.
    mutating func append(_ bits: Range<Int>, of other: UnsafeBufferPointer<UInt8>) {
        var reader = BitReader(other)
        reader.position = bits.lowerBound
        var left = bits.count
        while left > 0 {
            let width = min(left, 32)
            write(reader.read(width), width)
            left -= width
        }
    }

    /// Calls `body` with the bits, and zeros up to a whole byte. What is written later is not among them.
    func withBytes<T>(_ body: (UnsafeBufferPointer<UInt8>) throws -> T) rethrows -> T {
        let size = (count + 7) / 8
        var words = words
        if filled > 0 { words.append(UInt32(truncatingIfNeeded: rest << UInt64(32 - filled)).bigEndian) }
        return try words.withUnsafeBytes { words in
            try body(UnsafeBufferPointer(rebasing: words.bindMemory(to: UInt8.self)[..<size]))
        }
    }

    mutating func removeAll() {
        words.removeAll(keepingCapacity: true)
        (rest, filled) = (0, 0)
    }
}

/// Reads what `BitWriter` wrote. Beyond the end it yields zeros, and `isDamaged` is true.
struct BitReader {
    private let bytes: UnsafeBufferPointer<UInt8>
    /// In bits.
    var position = 0
    private var wasDamaged = false

    /// From this number of ones on, a Rice code has the whole number instead.
    static let longQuotient: UInt32 = 20

    init(_ bytes: UnsafeBufferPointer<UInt8>) { self.bytes = bytes }

    var isDamaged: Bool { wasDamaged || position > bytes.count * 8 }

    /// The next bits, at most 32 of them and at least one.
    @inline(__always)
    func peek(_ width: Int) -> UInt32 {
        let byte = position >> 3
        let word =
            byte + 8 <= bytes.count
            ? UInt64(bigEndian: UnsafeRawBufferPointer(bytes).loadUnaligned(fromByteOffset: byte, as: UInt64.self))
            : lastWord(byte)
        return UInt32(truncatingIfNeeded: (word << UInt64(position & 7)) >> UInt64(64 - width))
    }

    @inline(never)
    private func lastWord(_ byte: Int) -> UInt64 {
        var word: UInt64 = 0
        for index in byte..<(byte + 8) { word = word << 8 | (index < bytes.count ? UInt64(bytes[index]) : 0) }
        return word
    }

    @inline(__always)
    mutating func read(_ width: Int) -> UInt32 {
        guard width > 0 else { return 0 }
        defer { position += width }
        return peek(width)
    }

    @inline(__always)
    mutating func gamma() -> Int {
        let next = peek(32)
        let zeros = next.leadingZeroBitCount
        if zeros < 16 {
            position += 2 * zeros + 1
            return Int(next >> UInt32(31 - 2 * zeros)) - 1
        }
        guard let long = longGamma() else {
            damage()
            return 0
        }
        position = long.end
        return long.value
    }

    /// By value, so that a reader can stay in registers.
    @inline(never)
    private func longGamma() -> (value: Int, end: Int)? {
        var (reader, zeros) = (self, 0)
        while zeros < 64 {
            let next = reader.peek(32).leadingZeroBitCount
            zeros += next
            if next < 32 { break }
            reader.position += 32
        }
        guard zeros < 60, !reader.isDamaged else { return nil }
        reader.position += zeros % 32
        let width = zeros + 1
        var value: UInt64 = 0
        if width > 32 { value = UInt64(reader.read(width - 32)) << 32 }
        value |= UInt64(reader.read(min(width, 32)))
        return (Int(value) - 1, reader.position)
    }

    @inline(__always)
    mutating func rice(_ parameter: Int) -> UInt32 {
        let quotient = UInt32((~peek(32)).leadingZeroBitCount)
        if quotient >= Self.longQuotient {
            position += Int(Self.longQuotient)
            return read(32)
        }
        position += Int(quotient) + 1
        return quotient << UInt32(parameter) | read(parameter)
    }

    mutating func damage() { wasDamaged = true }

    /// - Throws: `SegmentDamage` if anything read so far was not there.
    func check() throws(SegmentDamage) { if isDamaged { throw SegmentDamage() } }
}
