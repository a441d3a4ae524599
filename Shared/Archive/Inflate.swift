/// Decompresses DEFLATE streams (RFC 1951).
public enum Inflate {
    /// Decompresses `input`, which must yield exactly `size` bytes.
    ///
    /// - Throws: `damaged` if it does not, or is not a DEFLATE stream.
    public static func unpack(_ input: UnsafeBufferPointer<UInt8>, size: Int) throws(ArchiveError) -> [UInt8] {
        var isWhole = false
        let output = [UInt8](unsafeUninitializedCapacity: size) { output, count in
            var inflater = Inflater(input, into: UnsafeMutableBufferPointer(rebasing: output[..<size]))
            isWhole = inflater.run() && inflater.written == size
            count = inflater.written
        }
        guard isWhole else { throw .damaged }
        return output
    }
}

/// One pass over one stream. Methods return false if the stream is broken.
///
/// NB: unsafe buffers do not check bounds in release builds, so each read and write here must be in bounds by the
/// checks around it.
private struct Inflater {
    private let input: UnsafeBufferPointer<UInt8>
    private var position = 0
    /// Bits read ahead from the input, the next one lowest. Bits above `bitCount` may be set; the next refill writes
    /// the same values there.
    private var bits: UInt64 = 0
    private var bitCount = 0

    private let output: UnsafeMutableBufferPointer<UInt8>
    private(set) var written = 0

    private var literals = HuffmanTable()
    private var distances = HuffmanTable()

    init(_ input: UnsafeBufferPointer<UInt8>, into output: UnsafeMutableBufferPointer<UInt8>) {
        self.input = input
        self.output = output
    }

    /// Processes blocks up to the last one (section 3.2.3).
    mutating func run() -> Bool {
        while true {
            guard let isLast = take(1), let kind = take(2) else { return false }
            let isGood =
                switch kind {
                case 0: copyStored()
                case 1: readFixedCode() && unpackBlock()
                case 2: readDynamicCode() && unpackBlock()
                default: false
                }
            guard isGood else { return false }
            if isLast == 1 { return true }
        }
    }

    // MARK: Bits

    /// Reads ahead as many bits as fit: at least 56, unless the input ends.
    @inline(__always)
    private mutating func refill() {
        if position + 8 <= input.count, let base = input.baseAddress {
            let word = UnsafeRawPointer(base + position).loadUnaligned(as: UInt64.self).littleEndian
            bits |= word &<< UInt64(bitCount)
            let taken = (63 - bitCount) >> 3
            position += taken
            bitCount += taken << 3
        } else {
            while bitCount <= 56, position < input.count {
                bits |= UInt64(input[position]) &<< UInt64(bitCount)
                position += 1
                bitCount += 8
            }
        }
    }

    /// Discards `count` bits, which must have been read ahead.
    @inline(__always)
    private mutating func drop(_ count: Int) {
        bits &>>= UInt64(count)
        bitCount -= count
    }

    /// The next `count` bits, at most 16, as a number; nil at the end of the input.
    @inline(__always)
    private mutating func take(_ count: Int) -> Int? {
        if bitCount < count { refill() }
        guard bitCount >= count else { return nil }
        let value = Int(truncatingIfNeeded: bits & (1 << UInt64(count) - 1))
        drop(count)
        return value
    }

    // MARK: Blocks

    /// Copies a stored block: section 3.2.4.
    private mutating func copyStored() -> Bool {
        drop(bitCount & 7)
        // Give back the bytes that were read ahead.
        position -= bitCount >> 3
        (bits, bitCount) = (0, 0)
        guard input.count - position >= 4 else { return false }
        let length = Int(input[position]) | Int(input[position + 1]) << 8
        let complement = Int(input[position + 2]) | Int(input[position + 3]) << 8
        position += 4
        guard length ^ complement == 0xFFFF, input.count - position >= length, output.count - written >= length
        else { return false }
        for offset in 0..<length { output[written + offset] = input[position + offset] }
        position += length
        written += length
        return true
    }

    /// The fixed codes: section 3.2.6.
    private mutating func readFixedCode() -> Bool {
        let lengths = (0..<288).map { $0 < 144 ? 8 : $0 < 256 ? 9 : $0 < 280 ? 7 : 8 as UInt8 }
        let fives = [UInt8](repeating: 5, count: 32)
        return literals.assign(lengths[...], mayBeIncomplete: false)
            && distances.assign(fives[...], mayBeIncomplete: false)
    }

    private static let lengthOrder = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15]

    /// The dynamic codes: section 3.2.7. The block contains the code lengths of both, encoded in a third code of 19
    /// symbols.
    private mutating func readDynamicCode() -> Bool {
        guard let literalCount = take(5), let distanceCount = take(5), let lengthCount = take(4),
            literalCount + 257 <= 286, distanceCount + 1 <= 30
        else { return false }
        var codeLengths = [UInt8](repeating: 0, count: 19)
        for place in Self.lengthOrder.prefix(lengthCount + 4) {
            guard let length = take(3) else { return false }
            codeLengths[place] = UInt8(length)
        }
        guard literals.assign(codeLengths[...], mayBeIncomplete: false),
            let lengths = readLengths(count: literalCount + 257 + distanceCount + 1)
        else { return false }
        // A block whose code lacks the end symbol would never end.
        return lengths[256] != 0
            && literals.assign(lengths[..<(literalCount + 257)], mayBeIncomplete: true)
            && distances.assign(lengths[(literalCount + 257)...], mayBeIncomplete: true)
    }

    private mutating func readLengths(count: Int) -> [UInt8]? {
        var lengths: [UInt8] = []
        while lengths.count < count {
            refill()
            guard let (symbol, bitLength) = literals.decode(bits), bitLength <= bitCount else { return nil }
            drop(bitLength)
            if symbol < 16 {
                lengths.append(UInt8(symbol))
                continue
            }
            guard let more = take(symbol == 16 ? 2 : symbol == 17 ? 3 : 7) else { return nil }
            guard symbol != 16 || !lengths.isEmpty else { return nil }
            let repeated = symbol == 16 ? lengths[lengths.count - 1] : 0
            let times = more + (symbol == 18 ? 11 : 3)
            guard lengths.count + times <= count else { return nil }
            lengths.append(contentsOf: repeatElement(repeated, count: times))
        }
        return lengths
    }

    /// Section 3.2.5: the smallest length or distance of each symbol, and the number of extra bits after its code.
    /// Length symbols start at 257.
    private static let lengthBase: [UInt16] = [
        3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195, 227,
        258,
    ]
    private static let lengthBits: [UInt8] = [
        0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0,
    ]
    private static let distanceBase: [UInt16] = [
        1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129, 193, 257, 385, 513, 769, 1025, 1537, 2049, 3073, 4097,
        6145, 8193, 12_289, 16_385, 24_577,
    ]
    private static let distanceBits: [UInt8] = [
        0, 0, 0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 8, 9, 9, 10, 10, 11, 11, 12, 12, 13, 13,
    ]

    /// Decodes the literals and copies of one block up to its end.
    private mutating func unpackBlock() -> Bool {
        while true {
            // Enough for the longest pair: 15 + 5 bits of length and 15 + 13 of distance.
            refill()
            guard let (symbol, bitLength) = literals.decode(bits), bitLength <= bitCount else { return false }
            drop(bitLength)
            if symbol < 256 {
                guard written < output.count else { return false }
                output[written] = UInt8(symbol)
                written += 1
                continue
            }
            if symbol == 256 { return true }
            guard symbol - 257 < Self.lengthBase.count,
                let more = take(Int(Self.lengthBits[symbol - 257])),
                let distance = readDistance()
            else { return false }
            let length = Int(Self.lengthBase[symbol - 257]) + more
            guard distance <= written, length <= output.count - written else { return false }
            copy(length, from: distance)
        }
    }

    private mutating func readDistance() -> Int? {
        guard let (symbol, bitLength) = distances.decode(bits), bitLength <= bitCount else { return nil }
        drop(bitLength)
        guard symbol < Self.distanceBase.count, let more = take(Int(Self.distanceBits[symbol])) else { return nil }
        return Int(Self.distanceBase[symbol]) + more
    }

    /// Repeats the `length` bytes that start `distance` bytes back; the caller has checked both. If the ranges overlap,
    /// the copy repeats bytes that it has just written.
    @inline(__always)
    private mutating func copy(_ length: Int, from distance: Int) {
        guard let end = output.baseAddress.map({ $0 + written }) else { return }
        if distance >= length {
            end.update(from: end - distance, count: length)
        } else {
            for offset in 0..<length { end[offset] = end[offset - distance] }
        }
        written += length
    }
}
