import Wire

/// Universally unique, lexicographically sortable identifiers: 48 bits of time in milliseconds, then 80 random bits,
/// written as 26 characters of Crockford's base 32. https://github.com/ulid/spec
public struct ULID: Hashable, Sendable {
    static let length = 26

    // The characters, stored inline. Identifiers are made, copied and dropped by the dozen, and mostly just passed on,
    // so neither an allocation nor a conversion would pay off.
    private let first, second, third: UInt64
    private let last: UInt16

    /// Takes `length` characters without checking them.
    init(unchecked text: UnsafePointer<UInt8>) {
        let bytes = UnsafeRawPointer(text)
        first = bytes.loadUnaligned(as: UInt64.self)
        second = bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self)
        third = bytes.loadUnaligned(fromByteOffset: 16, as: UInt64.self)
        last = bytes.loadUnaligned(fromByteOffset: 24, as: UInt16.self)
    }

    /// The last ten characters are random, which is enough for a hash.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(third)
        hasher.combine(last)
    }

    /// Writes the `length` characters.
    func write(at target: UnsafeMutablePointer<UInt8>) {
        let bytes = UnsafeMutableRawPointer(target)
        bytes.storeBytes(of: first, as: UInt64.self)
        bytes.storeBytes(of: second, toByteOffset: 8, as: UInt64.self)
        bytes.storeBytes(of: third, toByteOffset: 16, as: UInt64.self)
        bytes.storeBytes(of: last, toByteOffset: 24, as: UInt16.self)
    }

    public var text: String {
        String(unsafeUninitializedCapacity: Self.length) { target in
            if let first = target.baseAddress { write(at: first) }
            return Self.length
        }
    }

    /// The time of its creation.
    var time: Timestamp {
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: Self.length) { text in
            if let start = text.baseAddress { write(at: start) }
            let milliseconds = text.prefix(10).reduce(Int64(0)) { sum, letter in
                sum << 5 | Int64(Self.alphabet.firstIndex(of: letter) ?? 0)
            }
            return Timestamp(milliseconds: milliseconds)
        }
    }

    /// Its 128 bits. They sort as its text does. Text that is not an identifier has any.
    var bits: (high: UInt64, low: UInt64) {
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: Self.length) { text in
            if let start = text.baseAddress { write(at: start) }
            var (high, low): (UInt64, UInt64) = (0, 0)
            for letter in text {
                high = high << 5 | low >> 59
                low = low << 5 | UInt64(Self.value(of: letter))
            }
            return (high, low)
        }
    }

    /// - Parameter bits: the time in the upper 48.
    init(bits: (high: UInt64, low: UInt64)) {
        self.init(time: bits.high >> 16, high: bits.high & 0xFFFF, low: bits.low)
    }

    /// The five bits of a letter of the alphabet.
    private static func value(of letter: UInt8) -> UInt8 {
        if letter <= UInt8(ascii: "9") { return letter & 15 }
        // I, L, O and U are left out.
        let skipped: UInt8 =
            letter > UInt8(ascii: "U")
            ? 4
            : letter > UInt8(ascii: "O")
                ? 3
                : letter > UInt8(ascii: "L") ? 2 : letter > UInt8(ascii: "I") ? 1 : 0
        return (letter &- UInt8(ascii: "A") &+ 10 &- skipped) & 31
    }

    private static var alphabet: UnsafeBufferPointer<UInt8> {
        let letters: StaticString = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
        return UnsafeBufferPointer(start: letters.utf8Start, count: letters.utf8CodeUnitCount)
    }

    /// Nil unless `text` is 26 upper-case characters of the alphabet that encode 128 bits.
    init?(_ text: UnsafeBufferPointer<UInt8>) {
        guard text.count == Self.length, let start = text.baseAddress, text[0] <= UInt8(ascii: "7"),
            text.allSatisfy(Self.isLetter)
        else { return nil }
        self.init(unchecked: start)
    }

    /// Crockford omits I, L, O and U, which are easily misread.
    private static func isLetter(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "I"), UInt8(ascii: "L"), UInt8(ascii: "O"), UInt8(ascii: "U"): false
        case _ where ASCII.isDigit(byte) || ASCII.isUppercase(byte): true
        default: false
        }
    }

    // MARK: Making

    /// The last one that was generated. Safe without a lock: a process serves one request at a time, on one thread.
    nonisolated(unsafe) private static var latest: (time: UInt64, high: UInt64, low: UInt64) = (0, 0, 0)

    /// Generates a new one. Within the same millisecond of a process, each is one higher than the last, so that they
    /// sort in the order of creation.
    public static func next(at time: Timestamp) -> ULID {
        let milliseconds = UInt64(truncatingIfNeeded: time.milliseconds) & 0xFFFF_FFFF_FFFF
        if latest.time == milliseconds {
            let (low, carries) = latest.low.addingReportingOverflow(1)
            latest = (milliseconds, carries ? (latest.high + 1) & 0xFFFF : latest.high, low)
        } else {
            var generator = SystemRandomNumberGenerator()
            latest = (milliseconds, generator.next() & 0xFFFF, generator.next())
        }
        return ULID(time: milliseconds, high: latest.high, low: latest.low)
    }

    /// The text of a new one.
    public static func make(at time: Timestamp) -> String { next(at: time).text }

    private init(time: UInt64, high: UInt64, low: UInt64) {
        let alphabet = Self.alphabet
        self = withUnsafeTemporaryAllocation(of: UInt8.self, capacity: Self.length) { text in
            var (high, low) = (high, low)
            for index in stride(from: Self.length - 1, through: 10, by: -1) {
                text[index] = alphabet[Int(low & 31)]
                (low, high) = (low >> 5 | (high & 31) << 59, high >> 5)
            }
            for index in 0..<10 { text[index] = alphabet[Int(time >> UInt64(5 * (9 - index))) & 31] }
            return text.baseAddress.map { ULID(unchecked: $0) } ?? .zero
        }
    }

    /// Replaces text that is not an identifier.
    static var zero: ULID { ULID(staticText: "00000000000000000000000000") }

    init(staticText text: StaticString) { self.init(unchecked: text.utf8Start) }
}
