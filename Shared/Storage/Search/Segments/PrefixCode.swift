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

    private static func firstCodes(_ depths: [Int]) -> [Int] {
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

/// Reads symbols of a prefix code: those of short codes from a table of what the next bits may be, others by length.
struct PrefixDecoder {
    /// For each value of the next `tableBits` bits the symbol, and in the lower four bits the length of its code; or
    /// `long`. Then the symbols in the order of their codes.
    private let table: UnsafeMutablePointer<UInt16>
    /// For each length: the first code of greater length, as the upper ones of `longest` bits; and what to add to a
    /// code for its place among the symbols.
    private let ends, offsets: UnsafeMutablePointer<Int32>
    private let count: Int
    private static let tableBits = 8
    private static let long = UInt16.max
    private static let lengths = PrefixEncoder.longest + 1

    /// Reads the code. The caller calls `deallocate`.
    ///
    /// - Parameter size: symbols are below it; at most 2048.
    init(_ reader: inout BitReader, size: Int) {
        let stated = min(reader.gamma(), size)
        let first = 1 << Self.tableBits
        let numberBytes = 3 * Self.lengths * MemoryLayout<Int32>.stride
        let memory = UnsafeMutableRawPointer.allocate(
            byteCount: numberBytes + (first + 2 * stated) * MemoryLayout<UInt16>.stride, alignment: 4)
        ends = memory.bindMemory(to: Int32.self, capacity: 3 * Self.lengths)
        offsets = ends + Self.lengths
        table = (memory + numberBytes).bindMemory(to: UInt16.self, capacity: first + 2 * stated)
        ends.initialize(repeating: 0, count: 3 * Self.lengths)
        table.initialize(repeating: Self.long, count: first)
        // As they come: ascending, with their lengths as in `table`.
        let read = table + first + stated
        var (symbol, count) = (-1, 0)
        for _ in 0..<stated {
            if reader.isDamaged { break }
            symbol += reader.gamma() + 1
            guard symbol < size else {
                reader.damage()
                break
            }
            let length = reader.read(4)
            read[count] = UInt16(truncatingIfNeeded: UInt32(symbol) << 4 | length)
            ends[Int(length)] += 1
            count += 1
        }
        self.count = count
        // A single symbol has a code without bits.
        if (ends[0] > 0) != (count == 1) { reader.damage() }
        let places = offsets + Self.lengths
        var (code, place): (Int32, Int32) = (0, 0)
        for length in 0..<Self.lengths {
            let number = ends[length]
            (offsets[length], places[length]) = (place &- code, place)
            place &+= number
            if length > 0 { code &+= number }
            ends[length] = code << Int32(PrefixEncoder.longest - length)
            code <<= 1
        }
        for index in 0..<count {
            let length = Int(read[index] & 15)
            let place = places[length]
            places[length] += 1
            table[first + Int(place)] = read[index] >> 4
            guard length <= Self.tableBits else { continue }
            let (start, number) = (Int(place &- offsets[length]) << (Self.tableBits - length), first >> length)
            if start + number <= first { (table + start).update(repeating: read[index], count: number) }
        }
    }

    /// Frees its memory, all of which is in one piece.
    func deallocate() { UnsafeMutableRawPointer(ends).deallocate() }

    @inline(__always)
    func read(_ reader: inout BitReader) -> Int {
        let entry = table[Int(reader.peek(Self.tableBits))]
        if entry != Self.long {
            reader.position += Int(entry & 15)
            return Int(entry >> 4)
        }
        let (symbol, length) = readLong(Int32(truncatingIfNeeded: reader.peek(PrefixEncoder.longest)))
        if length == 0 { reader.damage() }
        reader.position += length
        return symbol
    }

    /// By value, so that readers stay in registers.
    ///
    /// - Returns: a length of 0 if there is no such code.
    @inline(never)
    private func readLong(_ next: Int32) -> (symbol: Int, length: Int) {
        for length in (Self.tableBits + 1)..<Self.lengths where next < ends[length] {
            let place = Int(offsets[length] &+ next >> Int32(PrefixEncoder.longest - length))
            guard place >= 0, place < count else { break }
            return (Int(table[1 << Self.tableBits + place]), length)
        }
        return (0, 0)
    }
}
