/// How often each symbol occurs, and the best prefix code for them (Huffman, 1952). Codes are canonical, so the lengths
/// tell the codes: RFC 1951, 3.2.2.
final class PrefixEncoder {
    /// The most bits of a code.
    static let longest = 15

    private struct Symbol {
        var count: UInt32 = 0
        var code: UInt16 = 0
        var length: UInt8 = 0
    }

    private let symbols: UnsafeMutableBufferPointer<Symbol>
    private var used: [UInt16] = []

    /// - Parameter size: symbols are below it.
    init(size: Int) {
        symbols = .allocate(capacity: size)
        symbols.initialize(repeating: Symbol())
    }

    deinit { symbols.deallocate() }

    @inline(__always)
    func count(_ symbol: Int) {
        if symbols[symbol].count == 0 { used.append(UInt16(truncatingIfNeeded: symbol)) }
        symbols[symbol].count += 1
    }

    func removeAll() {
        for symbol in used { symbols[Int(symbol)].count = 0 }
        used.removeAll(keepingCapacity: true)
    }

    /// Makes the code.
    ///
    /// - Returns: the number of bits of all that was counted, and of the code itself.
    func build() -> Int {
        used.sort()
        var weights = used.map { symbols[Int($0)].count }
        var depths = Self.depths(weights)
        while depths.contains(where: { $0 > Self.longest }) {
            weights = weights.map { $0 / 2 + 1 }
            depths = Self.depths(weights)
        }
        var next = Self.firstCodes(depths)
        var (bits, before) = (BitWriter.size(ofGamma: used.count), -1)
        for (index, number) in used.enumerated() {
            let (symbol, depth) = (Int(number), depths[index])
            symbols[symbol].length = UInt8(truncatingIfNeeded: depth)
            symbols[symbol].code = UInt16(truncatingIfNeeded: next[depth])
            next[depth] += 1
            bits += Int(symbols[symbol].count) * depth + BitWriter.size(ofGamma: symbol - before - 1) + 4
            before = symbol
        }
        return bits
    }

    @inline(__always)
    func write(_ symbol: Int, to writer: inout BitWriter) {
        writer.write(UInt32(symbols[symbol].code), Int(symbols[symbol].length))
    }

    /// Writes the lengths.
    func writeCode(to writer: inout BitWriter) {
        writer.gamma(used.count)
        var before = -1
        for symbol in used {
            writer.gamma(Int(symbol) - before - 1)
            writer.write(UInt32(symbols[Int(symbol)].length), 4)
            before = Int(symbol)
        }
    }

    fileprivate static func firstCodes(_ depths: [Int]) -> [Int] {
        var first = [Int](repeating: 0, count: longest + 1)
        for depth in depths where depth > 0 { first[depth] += 1 }
        var code = 0
        for depth in 1...longest {
            let number = first[depth]
            first[depth] = code
            code = (code + number) << 1
        }
        return first
    }

    /// For each weight the length of its code. A single symbol needs none.
    private static func depths(_ weights: [UInt32]) -> [Int] {
        let count = weights.count
        guard count > 1 else { return Array(repeating: 0, count: count) }
        let order = weights.indices.sorted { weights[$0] < weights[$1] }
        // Leaves in ascending order, then the nodes as they are made, which ascend, too.
        var sums = order.map { Int(weights[$0]) }
        var parents = Array(repeating: 0, count: 2 * count - 1)
        var (leaf, node) = (0, count)
        func lightest() -> Int {
            if leaf < count, node >= sums.count || sums[leaf] <= sums[node] {
                leaf += 1
                return leaf - 1
            }
            node += 1
            return node - 1
        }
        for made in count..<(2 * count - 1) {
            let (left, right) = (lightest(), lightest())
            (parents[left], parents[right]) = (made, made)
            sums.append(sums[left] + sums[right])
        }
        var depths = Array(repeating: 0, count: 2 * count - 1)
        for index in stride(from: 2 * count - 3, through: 0, by: -1) { depths[index] = depths[parents[index]] + 1 }
        var result = Array(repeating: 0, count: count)
        for (index, place) in order.enumerated() { result[place] = depths[index] }
        return result
    }
}

/// Reads symbols of a prefix code.
final class PrefixDecoder {
    /// For each length: the first code of greater length, as the upper ones of `longest` bits, and what to add to a code
    /// for its place among the symbols. Then the symbols in the order of their codes.
    private let table: UnsafeMutablePointer<Int32>
    private let count: Int
    /// Of the codes that there are. A single symbol has one without bits.
    private let shortest, longest: Int
    private static let lengths = PrefixEncoder.longest + 1

    /// Reads the code.
    ///
    /// - Parameter size: symbols are below it.
    init(_ reader: inout BitReader, size: Int) {
        let stated = min(reader.gamma(), size)
        var (symbols, depths): ([Int32], [Int]) = ([], [])
        var symbol = -1
        for _ in 0..<stated where !reader.isDamaged {
            symbol += reader.gamma() + 1
            guard symbol < size else {
                reader.damage()
                break
            }
            symbols.append(Int32(truncatingIfNeeded: symbol))
            depths.append(Int(reader.read(4)))
        }
        let (first, last) = (depths.min() ?? 0, depths.max() ?? 0)
        if (first > 0) != (symbols.count > 1) { reader.damage() }
        (count, shortest, longest) = (symbols.count, max(1, first), last)
        table = .allocate(capacity: 2 * Self.lengths + count)
        var next = PrefixEncoder.firstCodes(depths)
        var place = 0
        for length in 0..<Self.lengths {
            table[Self.lengths + length] = Int32(truncatingIfNeeded: 2 * Self.lengths + place - next[length])
            for index in symbols.indices where depths[index] == length {
                table[2 * Self.lengths + place] = symbols[index]
                next[length] += 1
                place += 1
            }
            table[length] = Int32(clamping: next[length] << (PrefixEncoder.longest - length))
        }
    }

    deinit { table.deallocate() }

    @inline(__always)
    func read(_ reader: inout BitReader) -> Int {
        guard longest > 0, count > 0 else { return readOnly(&reader) }
        let next = Int32(truncatingIfNeeded: reader.peek(PrefixEncoder.longest))
        var length = shortest
        while length < longest, next >= table[length] { length += 1 }
        let code = next >> Int32(truncatingIfNeeded: PrefixEncoder.longest - length)
        let place = Int(table[Self.lengths + length] &+ code)
        guard place >= 2 * Self.lengths, place < 2 * Self.lengths + count else {
            reader.damage()
            return 0
        }
        reader.position += length
        return Int(table[place])
    }

    /// A code of one symbol, or of none.
    @inline(never)
    private func readOnly(_ reader: inout BitReader) -> Int {
        if count == 1 { return Int(table[2 * Self.lengths]) }
        reader.damage()
        return 0
    }
}
