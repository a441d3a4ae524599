import Glibc

/// Numbers distinct terms from 0, in the order of their first occurrence.
final class TermTable {
    private struct Entry {
        var start: Int
        var length: Int
        var hash: UInt32
    }

    private var slots: UnsafeMutablePointer<UInt32>
    private var mask = 1 << 12 - 1
    private var entries: UnsafeMutablePointer<Entry>
    private var room = 1 << 10
    private var bytes: UnsafeMutablePointer<UInt8>
    private var used = 0
    private var size = 1 << 14
    private(set) var count = 0

    private static let free = UInt32.max

    init() {
        slots = .allocate(capacity: mask + 1)
        slots.initialize(repeating: Self.free, count: mask + 1)
        entries = .allocate(capacity: room)
        bytes = .allocate(capacity: size)
    }

    deinit {
        slots.deallocate()
        entries.deallocate()
        bytes.deallocate()
    }

    /// The number of a term, which is new if it is the last one.
    func number(of term: UnsafeBufferPointer<UInt8>) -> UInt32 {
        let hash = Self.hash(term)
        let (slots, entries, bytes, mask) = (slots, entries, bytes, mask)
        var slot = Int(hash) & mask
        while slots[slot] != Self.free {
            let entry = entries[Int(slots[slot])]
            if entry.hash == hash, entry.length == term.count,
                term.baseAddress.map({ memcmp(bytes + entry.start, $0, entry.length) == 0 }) ?? true
            {
                return slots[slot]
            }
            slot = (slot + 1) & mask
        }
        return add(term, hash, at: slot)
    }

    private func add(_ term: UnsafeBufferPointer<UInt8>, _ hash: UInt32, at slot: Int) -> UInt32 {
        let number = UInt32(count)
        if used + term.count > size {
            size = (used + term.count) * 2
            bytes = Self.moved(bytes, used, to: size)
        }
        if count == room {
            room *= 2
            entries = Self.moved(entries, count, to: room)
        }
        if let start = term.baseAddress { (bytes + used).update(from: start, count: term.count) }
        entries[count] = Entry(start: used, length: term.count, hash: hash)
        used += term.count
        count += 1
        slots[slot] = number
        if count * 2 > mask { grow() }
        return number
    }

    private static func moved<T>(
        _ old: UnsafeMutablePointer<T>, _ count: Int, to size: Int
    ) -> UnsafeMutablePointer<T> {
        let new = UnsafeMutablePointer<T>.allocate(capacity: size)
        new.update(from: old, count: count)
        old.deallocate()
        return new
    }

    private func grow() {
        mask = (mask + 1) * 4 - 1
        slots.deallocate()
        slots = .allocate(capacity: mask + 1)
        slots.initialize(repeating: Self.free, count: mask + 1)
        for number in 0..<count {
            var slot = Int(entries[number].hash) & mask
            while slots[slot] != Self.free { slot = (slot + 1) & mask }
            slots[slot] = UInt32(number)
        }
    }

    /// The numbers of all terms, in the order of their bytes.
    func sorted() -> [UInt32] {
        // The first eight bytes decide most comparisons.
        var keys: [(prefix: UInt64, number: UInt32)] = []
        keys.reserveCapacity(count)
        for number in 0..<count {
            let term = term(number)
            var prefix: UInt64 = 0
            for index in 0..<8 { prefix = prefix << 8 | (index < term.count ? UInt64(term[index]) : 0) }
            keys.append((prefix, UInt32(number)))
        }
        keys.sort { left, right in
            if left.prefix != right.prefix { return left.prefix < right.prefix }
            return term(Int(left.number)).lexicographicallyPrecedes(term(Int(right.number)))
        }
        return keys.map(\.number)
    }

    func withTerm<T>(_ number: UInt32, _ body: (UnsafeBufferPointer<UInt8>) throws -> T) rethrows -> T {
        try body(term(Int(number)))
    }

    /// Valid until a term is added.
    private func term(_ number: Int) -> UnsafeBufferPointer<UInt8> {
        UnsafeBufferPointer(start: bytes + entries[number].start, count: entries[number].length)
    }

    /// FNV-1a, with its high bits mixed in. http://www.isthe.com/chongo/tech/comp/fnv/
    // NB: not seeded. Terms that collide by intent slow down only the document that has them, by a factor that the size
    // of a batch bounds.
    @inline(__always)
    private static func hash(_ term: UnsafeBufferPointer<UInt8>) -> UInt32 {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for byte in term { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01B3 }
        return UInt32(truncatingIfNeeded: hash ^ hash >> 32)
    }
}
