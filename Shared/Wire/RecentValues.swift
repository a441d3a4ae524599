/// The last few values that were worked out, by what they were worked out from: a warm process sees the
/// same callers again and again.
///
/// Looked through one by one. That is as fast as a dictionary for so few, and a cold process, which looks
/// once, need not instantiate one's type (a twentieth of all it computes). Keys are compared by their
/// hashes first, whose secret is drawn when the process starts: keys can be tokens, and how long a look
/// takes must not tell how much of one was right.
public struct RecentValues<Key: Hashable, Value> {
    private var entries: [(hash: Int, key: Key, value: Value)] = []
    /// The oldest one, when all places are taken.
    private var oldest = 0
    private static var capacity: Int { 64 }

    public init() {}

    public subscript(key: Key) -> Value? {
        let hash = key.hashValue
        for entry in entries where entry.hash == hash && entry.key == key { return entry.value }
        return nil
    }

    /// Remembers a value that is not there yet, in the place of the oldest if need be.
    public mutating func insert(_ value: Value, for key: Key) {
        let entry = (key.hashValue, key, value)
        if entries.count < Self.capacity { return entries.append(entry) }
        entries[oldest] = entry
        oldest = (oldest + 1) % Self.capacity
    }
}
