/// A cache of folded words and their stems. It is emptied when it is full.
///
/// It is a hash table in two blocks of memory, because a dictionary of arrays costs an allocation for every look-up.
final class WordCache {
    /// A word's folded form and stems. Valid until the next word is added.
    struct Entry {
        var folded: UnsafeBufferPointer<UInt8>
        /// The stems, each after a byte with its size.
        var stems: UnsafeBufferPointer<UInt8>
    }

    /// The size of a word in bytes that it takes.
    static let longestWord = 255

    @exclusivity(unchecked) private var slots: UnsafeMutableBufferPointer<Slot>
    @exclusivity(unchecked) private var bytes: UnsafeMutableBufferPointer<UInt8>
    @exclusivity(unchecked) private var used = 0
    @exclusivity(unchecked) private var count = 0

    private struct Slot {
        var hash: UInt32 = 0
        /// Where the entry begins, plus one: the sizes of word, folded form and stems, then these.
        var entry: UInt32 = 0
    }

    private static let header = 3
    private static let mostSlots = 1 << 16
    private static let mostBytes = 1 << 21

    init() {
        slots = .allocate(capacity: 1 << 9)
        slots.initialize(repeating: Slot())
        bytes = .allocate(capacity: 1 << 12)
        bytes.initialize(repeating: 0)
    }

    deinit {
        slots.deallocate()
        bytes.deallocate()
    }

    /// Differs from process to process, so that nobody can prepare words that collide: a cache outlives its text.
    private static let seed = UInt64(truncatingIfNeeded: Hasher().finalize())

    @inline(__always)
    static func hash(_ word: UnsafeBufferPointer<UInt8>) -> UInt32 {
        var hash = seed
        for byte in word { hash = (hash ^ UInt64(byte)) &* 0x9E37_79B9_7F4A_7C15 }
        return UInt32(truncatingIfNeeded: hash >> 32)
    }

    func find(_ word: UnsafeBufferPointer<UInt8>, hash: UInt32) -> Entry? {
        var index = Int(hash) & (slots.count - 1)
        while slots[index].entry > 0 {
            if slots[index].hash == hash {
                let start = Int(slots[index].entry) - 1
                if Int(bytes[start]) == word.count,
                    (0..<word.count).allSatisfy({ bytes[start + Self.header + $0] == word[$0] })
                {
                    return entry(at: start)
                }
            }
            index = (index + 1) & (slots.count - 1)
        }
        return nil
    }

    /// Adds a word that is not there. Stems beyond 255 bytes are left out.
    func add(_ word: UnsafeBufferPointer<UInt8>, hash: UInt32, folded: [UInt8], stems: [UInt8]) -> Entry {
        let stems = stems.count > 255 ? [] : stems
        makeRoom(for: Self.header + word.count + folded.count + stems.count)
        let start = used
        append(UInt8(truncatingIfNeeded: word.count))
        append(UInt8(truncatingIfNeeded: folded.count))
        append(UInt8(truncatingIfNeeded: stems.count))
        for byte in word { append(byte) }
        for byte in folded { append(byte) }
        for byte in stems { append(byte) }
        insert(Slot(hash: hash, entry: UInt32(start + 1)))
        count += 1
        return entry(at: start)
    }

    private func append(_ byte: UInt8) {
        bytes[used] = byte
        used += 1
    }

    private func entry(at start: Int) -> Entry {
        let folded = start + Self.header + Int(bytes[start])
        let stems = folded + Int(bytes[start + 1])
        return Entry(
            folded: UnsafeBufferPointer(rebasing: UnsafeBufferPointer(bytes)[folded..<stems]),
            stems: UnsafeBufferPointer(rebasing: UnsafeBufferPointer(bytes)[stems..<stems + Int(bytes[start + 2])]))
    }

    private func insert(_ slot: Slot) {
        var index = Int(slot.hash) & (slots.count - 1)
        while slots[index].entry > 0 { index = (index + 1) & (slots.count - 1) }
        slots[index] = slot
    }

    private func makeRoom(for size: Int) {
        if used + size > Self.mostBytes || (count + 1) * 2 > Self.mostSlots {
            slots.update(repeating: Slot())
            used = 0
            count = 0
        }
        if used + size > bytes.count {
            let larger = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: max(bytes.count * 2, used + size))
            larger.initialize(repeating: 0)
            for index in 0..<used { larger[index] = bytes[index] }
            bytes.deallocate()
            bytes = larger
        }
        if (count + 1) * 2 > slots.count {
            let old = slots
            slots = .allocate(capacity: old.count * 2)
            slots.initialize(repeating: Slot())
            for slot in old where slot.entry > 0 { insert(slot) }
            old.deallocate()
        }
    }
}
