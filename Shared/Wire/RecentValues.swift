/// A cache of the last few computed values: a warm process sees the same callers repeatedly.
///
/// The search is linear. For so few values, that is as fast as a dictionary, and a cold process, which searches once,
/// avoids instantiating a dictionary type (a twentieth of its work). Keys are compared by hash first, with a secret
/// drawn at process start: keys can be tokens, and the duration of a search must not reveal how much of one was right.
public struct RecentValues<Key: Hashable, Value> {
    private var entries: [(hash: Int, key: Key, value: Value)] = []
    /// The index of the oldest value, once the cache is full.
    private var oldest = 0
    private static var capacity: Int { 64 }

    public init() {}

    public subscript(key: Key) -> Value? {
        let hash = key.hashValue
        for entry in entries where entry.hash == hash && entry.key == key { return entry.value }
        return nil
    }

    /// Adds a value that is not in the cache, and evicts the oldest if necessary.
    public mutating func insert(_ value: Value, for key: Key) {
        let entry = (key.hashValue, key, value)
        if entries.count < Self.capacity { return entries.append(entry) }
        entries[oldest] = entry
        oldest = (oldest + 1) % Self.capacity
    }
}
