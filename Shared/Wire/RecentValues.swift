/// A cache of the last few computed values: a warm process sees the same callers again and again.
///
/// The search is linear. For so few values, that is as fast as a dictionary, and a cold process, which searches once,
/// does not instantiate a dictionary's type (a twentieth of its work). Keys are compared by their hashes first, with a
/// secret drawn at the start of the process: keys can be tokens, and the time of a search must not show how much of one
/// was right.
public struct RecentValues<Key: Hashable, Value> {
    private var entries: [(hash: Int, key: Key, value: Value)] = []
    /// The index of the oldest value, once all places are taken.
    private var oldest = 0
    private static var capacity: Int { 64 }

    public init() {}

    public subscript(key: Key) -> Value? {
        let hash = key.hashValue
        for entry in entries where entry.hash == hash && entry.key == key { return entry.value }
        return nil
    }

    /// Adds a value that is not there yet, and drops the oldest if necessary.
    public mutating func insert(_ value: Value, for key: Key) {
        let entry = (key.hashValue, key, value)
        if entries.count < Self.capacity { return entries.append(entry) }
        entries[oldest] = entry
        oldest = (oldest + 1) % Self.capacity
    }
}
